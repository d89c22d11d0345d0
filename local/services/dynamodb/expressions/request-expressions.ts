import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../errors.ts';
import { emptyAttributes, readValue, type Attributes } from '../attribute-values.ts';
import { validationError } from '../errors.ts';
import { checkValues } from './check-values.ts';
import type { Condition } from './condition.ts';
import {
  ExpressionProblem,
  parseCondition,
  parseProjection,
  parseUpdate,
  type Bindings,
  type Parsed,
} from './parse.ts';
import type { Projection } from './projection.ts';
import type { UpdateAction } from './update.ts';

/** The parameters of a request that may hold expressions; which of them exist depends on the operation. */
export interface ExpressionParameters {
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** The expressions of one request, read and checked against its names and values. */
export interface RequestExpressions {
  /** The request's values by their `:names`. */
  readonly values: Attributes;
  readonly update?: readonly UpdateAction[];
  readonly condition?: Condition;
  readonly keyCondition?: Condition;
  readonly filter?: Condition;
  readonly projection?: Projection;
}

/** The expression parameters of an operation, in the order in which DynamoDB names them. */
export type ExpressionParameter = Exclude<keyof ExpressionParameters, `ExpressionAttribute${string}`>;

const maxExpressionBytes = 4096;

/**
 * Reads all expressions of a request; `allowed` are those that its operation has.
 * @throws ValidationException for a wrong expression, and for names and values that are missing or unused
 */
export function readExpressions(
  input: ExpressionParameters,
  allowed: readonly ExpressionParameter[],
): RequestExpressions {
  refuseBindingsWithoutExpressions(input, allowed);
  const bindings = { names: readNames(input.ExpressionAttributeNames), values: readValues(input) };
  const reader = new ExpressionReader(input, bindings);
  const update = reader.read('UpdateExpression', parseUpdate);
  const condition = reader.readCondition('ConditionExpression');
  const keyCondition = reader.readCondition('KeyConditionExpression');
  const filter = reader.readCondition('FilterExpression');
  const projection = reader.read('ProjectionExpression', parseProjection);
  reader.refuseUnused();
  return {
    values: bindings.values,
    ...(update && { update }),
    ...(condition && { condition }),
    ...(keyCondition && { keyCondition }),
    ...(filter && { filter }),
    ...(projection && { projection }),
  };
}

class ExpressionReader {
  readonly #input: ExpressionParameters;
  readonly #bindings: Bindings;
  readonly #used = new Set<string>();

  constructor(input: ExpressionParameters, bindings: Bindings) {
    this.#input = input;
    this.#bindings = bindings;
  }

  read<Tree>(
    parameter: ExpressionParameter,
    parse: (text: string, bindings: Bindings) => Parsed<Tree>,
  ): Tree | undefined {
    const text = this.#input[parameter];
    if (text === undefined) return undefined;
    checkLength(parameter, text);
    const parsed = explained(parameter, () => parse(text, this.#bindings));
    for (const name of [...parsed.usedNames, ...parsed.usedValues]) this.#used.add(name);
    return parsed.tree;
  }

  readCondition(parameter: ExpressionParameter): Condition | undefined {
    const condition = this.read(parameter, parseCondition);
    if (condition) explained(parameter, () => checkValues(condition, this.#bindings.values));
    return condition;
  }

  refuseUnused(): void {
    this.#refuseUnusedOf('ExpressionAttributeNames', this.#bindings.names);
    this.#refuseUnusedOf('ExpressionAttributeValues', this.#bindings.values);
  }

  #refuseUnusedOf(parameter: string, bound: object): void {
    const unused = Object.keys(bound).filter((name) => !this.#used.has(name));
    if (unused.length === 0) return;
    throw validationError(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

function explained<T>(parameter: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    throw validationError(`Invalid ${parameter}: ${error.message}`);
  }
}

function checkLength(parameter: string, text: string): void {
  if (text === '') throw validationError(`Invalid ${parameter}: The expression can not be empty;`);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxExpressionBytes) return;
  throw validationError(
    `Invalid ${parameter}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
  );
}

function refuseBindingsWithoutExpressions(input: ExpressionParameters, allowed: readonly ExpressionParameter[]): void {
  if (input.ExpressionAttributeNames && allowed.every((parameter) => input[parameter] === undefined)) {
    throw validationError('ExpressionAttributeNames can only be specified when using expressions');
  }
  const withValues = allowed.filter((parameter) => parameter !== 'ProjectionExpression');
  if (input.ExpressionAttributeValues && withValues.every((parameter) => input[parameter] === undefined)) {
    throw validationError(
      'ExpressionAttributeValues can only be specified when using expressions: ' +
        `${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`,
    );
  }
}

function readNames(names: Record<string, string> | undefined): Record<string, string> {
  if (!names) return {};
  if (Object.keys(names).length === 0) throw validationError('ExpressionAttributeNames must not be empty');
  for (const key of Object.keys(names)) {
    if (/^#[0-9a-zA-Z_]+$/.test(key)) continue;
    throw validationError(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
  }
  for (const [key, name] of Object.entries(names)) {
    if (name !== '') continue;
    throw validationError(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`);
  }
  return names;
}

function readValues({ ExpressionAttributeValues: values }: ExpressionParameters): Attributes {
  const read = emptyAttributes();
  if (!values) return read;
  if (Object.keys(values).length === 0) throw validationError('ExpressionAttributeValues must not be empty');
  for (const key of Object.keys(values)) {
    if (/^:[0-9a-zA-Z_]+$/.test(key)) continue;
    throw validationError(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
  }
  for (const [key, value] of Object.entries(values)) read[key] = readNamedValue(key, value);
  return read;
}

function readNamedValue(key: string, value: AttributeValue): AttributeValue {
  try {
    return readValue(value);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
  }
}
