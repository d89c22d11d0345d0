import type {
  AttributeValue,
  BatchGetItemInput,
  BatchWriteItemInput,
  ConsumedCapacity,
  DynamoDB,
  KeysAndAttributes,
  WriteRequest as BatchWrite,
} from '@aws-sdk/client-dynamodb';
import type { Operations } from '../../../gateway/service.ts';
import type { Attributes } from '../attribute-values.ts';
import { addUnits, consumedCapacity, readUnits, writeUnits, type UsedUnits } from '../capacity.ts';
import { checkAnswerParameters, refuseLegacyParameters, requireTable, type Database } from '../database.ts';
import { constraintError, validationError } from '../errors.ts';
import { projectedPaths } from '../expressions/projection.ts';
import { readExpressions } from '../expressions/request-expressions.ts';
import { checkKeyPaths, readKey, type ItemKey } from '../item-keys.ts';
import { positionText, type Position } from '../keys.ts';
import type { Table } from '../table.ts';
import { carryOut, planWrite, readDelete, readPut, type BoundWrite } from '../writes.ts';
import { shown } from './items.ts';

const maxReadCount = 100;
const maxWriteCount = 25;
/** What a batch gives at most; the keys behind it come back as unprocessed. */
const maxBatchBytes = 16 * 1024 * 1024;

/** Operations on many items, each for itself. */
export function batchOperations(database: Database): Pick<Operations<DynamoDB>, 'BatchGetItem' | 'BatchWriteItem'> {
  return {
    BatchGetItem: (input) => batchGet(database, input),
    BatchWriteItem: (input) => batchWrite(database, input),
  };
}

interface BatchGetAnswer {
  Responses: Record<string, Attributes[]>;
  UnprocessedKeys: Record<string, KeysAndAttributes>;
  ConsumedCapacity?: ConsumedCapacity[];
}

function batchGet(database: Database, input: BatchGetItemInput): BatchGetAnswer {
  checkAnswerParameters('BatchGetItem', input);
  const requests = Object.entries(input.RequestItems ?? {});
  checkCount(requests.flatMap(([, request]) => request.Keys ?? []).length, maxReadCount, 'BatchGetItem');
  const reads = requests.map(([name, request]) => readTableRequest(database, name, request));
  const answer: BatchGetAnswer = { Responses: {}, UnprocessedKeys: {} };
  const capacity: ConsumedCapacity[] = [];
  let leftBytes = maxBatchBytes;
  for (const read of reads) {
    const { items, unprocessed, bytes, used } = read.run(leftBytes);
    leftBytes -= bytes;
    answer.Responses[read.name] = items;
    if (unprocessed.length > 0) answer.UnprocessedKeys[read.name] = { ...read.request, Keys: unprocessed };
    const consumed = consumedCapacity(input.ReturnConsumedCapacity, read.table, used);
    if (consumed) capacity.push(consumed);
  }
  return { ...answer, ...(capacity.length > 0 && { ConsumedCapacity: capacity }) };
}

interface TableRead {
  readonly name: string;
  readonly table: Table;
  readonly request: KeysAndAttributes;
  /** Reads while no more than `leftBytes` come together. */
  run(leftBytes: number): {
    items: Attributes[];
    unprocessed: Record<string, AttributeValue>[];
    bytes: number;
    used: UsedUnits;
  };
}

function readTableRequest(database: Database, name: string, request: KeysAndAttributes): TableRead {
  refuseLegacyParameters('BatchGetItem', request);
  const expressions = readExpressions(request, ['ProjectionExpression']);
  const table = requireTable(database, name);
  const keys = (request.Keys ?? []).map((key) => readKey(table, key));
  refuseDuplicates(keys.map((key) => key.position));
  checkKeyPaths(table, expressions.projection ? projectedPaths(expressions.projection) : []);
  const isConsistent = request.ConsistentRead === true;
  return {
    name,
    table,
    request,
    run: (leftBytes) => {
      const items: Attributes[] = [];
      const unprocessed: ItemKey[] = [];
      let bytes = 0;
      let units = 0;
      for (const key of keys) {
        const stored = unprocessed.length === 0 ? database.items.get(table, key.position) : undefined;
        if (unprocessed.length > 0 || bytes + (stored?.bytes ?? 0) > leftBytes) {
          unprocessed.push(key);
          continue;
        }
        bytes += stored?.bytes ?? 0;
        units += readUnits(stored?.bytes ?? 0, isConsistent);
        if (stored) items.push(shown(stored.item, expressions));
      }
      const used = { table: units, indexes: new Map() };
      return { items, unprocessed: unprocessed.map((key) => key.attributes), bytes, used };
    },
  };
}

function batchWrite(
  database: Database,
  input: BatchWriteItemInput,
): { UnprocessedItems: Record<string, BatchWrite[]>; ConsumedCapacity?: ConsumedCapacity[] } {
  checkAnswerParameters('BatchWriteItem', input);
  const requests = Object.entries(input.RequestItems ?? {});
  checkCount(requests.flatMap(([, writes]) => writes).length, maxWriteCount, 'BatchWriteItem');
  const writes = requests.map(([name, list]) => list.map((write) => readBatchWrite(name, write)));
  const bound = writes.map((list) => list.map((write) => write.bind(requireTable(database, write.tableName))));
  for (const list of bound) refuseDuplicates(list.map((write) => write.position));
  const capacity = database.context.store.transaction(() =>
    bound.flatMap((list) => consumedCapacityOf(input.ReturnConsumedCapacity, list, database)),
  );
  return { UnprocessedItems: {}, ...(capacity.length > 0 && { ConsumedCapacity: capacity }) };
}

function readBatchWrite(TableName: string, { PutRequest: put, DeleteRequest: remove }: BatchWrite) {
  if (put && !remove) return readPut({ TableName, Item: put.Item });
  if (remove && !put) return readDelete({ TableName, Key: remove.Key });
  throw validationError(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}

function consumedCapacityOf(
  mode: string | undefined,
  writes: readonly BoundWrite[],
  database: Database,
): ConsumedCapacity[] {
  const [first] = writes;
  if (!first) return [];
  const used = writes
    .map((write) => {
      const planned = planWrite(database, write);
      carryOut(database, planned);
      return writeUnits(write.table, planned.before?.item, planned.after);
    })
    .reduce(addUnits);
  const consumed = consumedCapacity(mode, first.table, used);
  return consumed ? [consumed] : [];
}

function checkCount(count: number, max: number, operation: string): void {
  if (count === 0) {
    throw constraintError('requestItems', '{}', 'Member must have length greater than or equal to 1');
  }
  if (count > max) throw validationError(`Too many items requested for the ${operation} call`);
}

function refuseDuplicates(positions: readonly Position[]): void {
  const seen = new Set(positions.map(positionText));
  if (seen.size < positions.length) throw validationError('Provided list of item keys contains duplicates');
}
