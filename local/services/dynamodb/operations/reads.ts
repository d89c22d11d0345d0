import type { DynamoDB, QueryInput, ScanInput } from '@aws-sdk/client-dynamodb';
import type { Operations } from '../../../gateway/service.ts';
import { attributeOf, readAttributes, type Attributes } from '../attribute-values.ts';
import { refuseLegacyParameters, requireTable, type Database } from '../database.ts';
import { validationError } from '../errors.ts';
import { pathsOf } from '../expressions/condition.ts';
import { readKeyCondition, type KeyComparison, type KeyCondition } from '../expressions/key-condition.ts';
import { readExpressions, type RequestExpressions } from '../expressions/request-expressions.ts';
import { keyPosition } from '../item-keys.ts';
import type { ReadRange, SortBound } from '../read-range.ts';
import { behindPrefix, encodeKeyValue, hashSpace, positionOf } from '../keys.ts';
import { readPage, type Page } from '../read-page.ts';
import { checkReadInput, readSource, type ReadSource } from '../read-source.ts';
import { keyAttributes } from '../table.ts';
import { withWholeNumbers } from '../whole-numbers.ts';

/** Operations that read many items. */
export function readOperations(database: Database): Pick<Operations<DynamoDB>, 'Query' | 'Scan'> {
  return {
    Query: (input) => query(database, withWholeNumbers(input)),
    Scan: (input) => scan(database, withWholeNumbers(input)),
  };
}

function query(database: Database, input: QueryInput): Page {
  refuseLegacyParameters('Query', input);
  checkReadInput(input);
  const expressions = readExpressions(input, ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression']);
  if (!expressions.keyCondition) {
    throw validationError(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const source = readSource(requireTable(database, input.TableName), input, expressions);
  const condition = readKeyCondition(expressions.keyCondition, expressions.values, source.key);
  checkFilter(expressions, source);
  const after = startOf(input.ExclusiveStartKey, source);
  if (after) checkInside(condition, source, after.key);
  const range: ReadRange = {
    ...source,
    within: { kind: 'partition', position: positionOf(condition.partition, undefined), ...boundsOf(condition.sort) },
    after: after?.place,
    isForward: input.ScanIndexForward !== false,
  };
  return readPage(database, range, { ...input, source, expressions });
}

function checkFilter(expressions: RequestExpressions, source: ReadSource): void {
  const read = new Set((expressions.filter ? pathsOf(expressions.filter) : []).map(([name]) => name));
  const key = keyAttributes(source.key).find((attribute) => read.has(attribute.name));
  if (!key) return;
  throw validationError(
    `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`,
  );
}

function boundsOf(sort: KeyComparison | undefined): { low?: SortBound; high?: SortBound } {
  const [first, second] = (sort?.values ?? []).map(encodeKeyValue);
  if (!sort || !first) return {};
  switch (sort.operator) {
    case '=':
      return { low: { bytes: first, isIncluded: true }, high: { bytes: first, isIncluded: true } };
    case '<':
    case '<=':
      return { high: { bytes: first, isIncluded: sort.operator === '<=' } };
    case '>':
    case '>=':
      return { low: { bytes: first, isIncluded: sort.operator === '>=' } };
    case 'between':
      return { low: { bytes: first, isIncluded: true }, ...(second && { high: { bytes: second, isIncluded: true } }) };
    case 'begins_with': {
      const end = behindPrefix(first);
      return { low: { bytes: first, isIncluded: true }, ...(end && { high: { bytes: end, isIncluded: false } }) };
    }
  }
}

/** Refuses a start key that the query itself could not have returned. */
function checkInside(condition: KeyCondition, source: ReadSource, start: Attributes): void {
  const { hash, partition } = positionOf(condition.partition, undefined);
  const place = keyPosition(source.key, start);
  if (place.hash !== hash || Buffer.compare(place.partition, partition) !== 0) {
    throw validationError('The provided starting key is outside query boundaries based on provided conditions');
  }
  const { low, high } = boundsOf(condition.sort);
  if (isBeyond(low, place.sort, 1) || isBeyond(high, place.sort, -1)) {
    throw validationError('The provided starting key does not match the range key predicate');
  }
}

function isBeyond(bound: SortBound | undefined, sort: Uint8Array, side: 1 | -1): boolean {
  if (!bound) return false;
  const order = Buffer.compare(bound.bytes, sort) * side;
  return order > 0 || (order === 0 && !bound.isIncluded);
}

function scan(database: Database, input: ScanInput): Page {
  refuseLegacyParameters('Scan', input);
  checkReadInput(input);
  const expressions = readExpressions(input, ['ProjectionExpression', 'FilterExpression']);
  const segment = segmentOf(input);
  const source = readSource(requireTable(database, input.TableName), input, expressions);
  const after = startOf(input.ExclusiveStartKey, source);
  if (after && (after.place.position.hash < segment.from || after.place.position.hash >= segment.to)) {
    throw validationError(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct ' +
        `Segment. TotalSegments: ${input.TotalSegments} Segment: ${input.Segment}`,
    );
  }
  const range: ReadRange = {
    ...source,
    within: { kind: 'hashes', ...segment },
    after: after?.place,
    isForward: true,
  };
  return readPage(database, range, { ...input, source, expressions });
}

function segmentOf({ Segment: segment, TotalSegments: total }: ScanInput): { from: number; to: number } {
  if (total === undefined && segment === undefined) return { from: 0, to: hashSpace };
  const missing = total === undefined ? 'TotalSegments' : 'Segment';
  if (total === undefined || segment === undefined) {
    throw validationError(
      total === undefined
        ? 'The TotalSegments parameter is required but was not present in the request when Segment parameter is present'
        : `The ${missing} parameter is required but was not present in the request when parameter TotalSegments is present`,
    );
  }
  if (segment < 0 || total < 1 || total > 1_000_000 || segment >= total) {
    throw validationError(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
  return { from: Math.floor((hashSpace * segment) / total), to: Math.floor((hashSpace * (segment + 1)) / total) };
}

/** Reads an ExclusiveStartKey: the keys of the table and of the index that is read. */
function startOf(
  given: Attributes | undefined,
  source: ReadSource,
): { key: Attributes; place: NonNullable<ReadRange['after']> } | undefined {
  if (!given) return undefined;
  const key = readAttributes(given);
  const wanted = new Map([source.table.key, source.key].flatMap(keyAttributes).map(({ name, type }) => [name, type]));
  const fits =
    Object.keys(key).length === wanted.size &&
    [...wanted].every(([name, type]) => attributeOf(key, name)?.[type] !== undefined);
  if (!fits) {
    throw validationError(
      source.index
        ? 'The provided starting key is invalid'
        : 'The provided starting key is invalid: The provided key element does not match the schema',
    );
  }
  const item = keyPosition(source.table.key, key);
  return { key, place: { position: keyPosition(source.key, key), item } };
}
