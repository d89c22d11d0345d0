import type { QueryInput } from '@aws-sdk/client-dynamodb';
import { checkAnswerParameters, checkWord } from './database.ts';
import { constraintError, validationError } from './errors.ts';
import { pathsOf } from './expressions/condition.ts';
import { projectedNames, projectedPaths } from './expressions/projection.ts';
import type { RequestExpressions } from './expressions/request-expressions.ts';
import { checkKeyPaths } from './item-keys.ts';
import type { KeySchema, Table, TableIndex } from './table.ts';

/** A table, or one of its indexes, as something to read many items from. */
export interface ReadSource {
  readonly table: Table;
  readonly index: TableIndex | undefined;
  /** The key of what is read. */
  readonly key: KeySchema;
  /** Whether the request sees attributes that the index does not project; local indexes fetch them from the table. */
  readonly seesWholeItem: boolean;
}

type ReadInput = Pick<
  QueryInput,
  'IndexName' | 'ConsistentRead' | 'Select' | 'Limit' | 'ReturnConsumedCapacity' | 'ProjectionExpression'
>;

/** Checks what can be said of a query or scan before its table is looked for. @throws ValidationException */
export function checkReadInput(input: ReadInput): void {
  checkAnswerParameters('Query', input);
  checkSelect(input);
  if (input.Limit !== undefined && input.Limit < 1) {
    throw constraintError('limit', String(input.Limit), 'Member must have value greater than or equal to 1');
  }
}

/**
 * Finds what a query or scan reads and checks the parameters that both have.
 * @throws ValidationException
 */
export function readSource(table: Table, input: ReadInput, expressions: RequestExpressions): ReadSource {
  const index = indexOf(table, input.IndexName);
  if (index?.kind === 'global' && input.ConsistentRead) {
    throw validationError('Consistent reads are not supported on global secondary indexes');
  }
  const missing = unprojected(index, expressions);
  if (index?.kind === 'global') checkProjection(index, input, missing);
  checkKeyPaths(table, expressions.filter ? pathsOf(expressions.filter) : []);
  checkKeyPaths(table, expressions.projection ? projectedPaths(expressions.projection) : []);
  const seesWholeItem = !index?.projected || input.Select === 'ALL_ATTRIBUTES' || missing.length > 0;
  return { table, index, key: index?.key ?? table.key, seesWholeItem };
}

function indexOf(table: Table, name: string | undefined): TableIndex | undefined {
  if (name === undefined) return undefined;
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (!index) throw validationError(`The table does not have the specified index: ${name}`);
  return index;
}

function checkSelect(input: ReadInput): void {
  const { Select: select, ProjectionExpression: projection } = input;
  checkWord('select', select, ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES']);
  if (select === 'SPECIFIC_ATTRIBUTES' && projection === undefined) {
    throw validationError(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (select !== undefined && select !== 'SPECIFIC_ATTRIBUTES' && projection !== undefined) {
    const what = select === 'COUNT' ? 'only the Count' : select;
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${what}`);
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && input.IndexName === undefined) {
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
}

/** The attributes that the request asks for and the index does not have. */
function unprojected(index: TableIndex | undefined, { projection }: RequestExpressions): string[] {
  if (!index?.projected || !projection) return [];
  return projectedNames(projection).filter((name) => !index.projected?.has(name));
}

function checkProjection(index: TableIndex, input: ReadInput, missing: readonly string[]): void {
  if (index.projected && input.Select === 'ALL_ATTRIBUTES') {
    throw validationError(
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary ' +
        `index ${index.name} because its projection type is not ALL`,
    );
  }
  if (missing.length === 0) return;
  throw validationError(
    `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${missing.join(', ')}]`,
  );
}
