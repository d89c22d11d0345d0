import type {
  CancellationReason,
  ConsumedCapacity,
  DynamoDB,
  TransactGetItemsInput,
  TransactWriteItem,
  TransactWriteItemsInput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { Attributes } from '../attribute-values.ts';
import { addUnits, consumedCapacity, readUnits, writeUnits, type UsedUnits } from '../capacity.ts';
import { checkAnswerParameters, checkWord, requireTable, type Database } from '../database.ts';
import { constraintError, validationError } from '../errors.ts';
import { readExpressions } from '../expressions/request-expressions.ts';
import { readKey } from '../item-keys.ts';
import { itemBytes } from '../items.ts';
import { positionText, type Position } from '../keys.ts';
import type { Table } from '../table.ts';
import {
  carryOut,
  planWrite,
  readConditionCheck,
  readDelete,
  readPut,
  readUpdate,
  type PlannedWrite,
  type WriteRequest,
} from '../writes.ts';
import { checkToken, isRepeated } from './transaction-tokens.ts';
import { shown } from './items.ts';

const maxActionCount = 100;
const maxTransactionBytes = 4 * 1024 * 1024;
/** Operations on many items, all or none. */
export function transactionOperations(
  database: Database,
): Pick<Operations<DynamoDB>, 'TransactGetItems' | 'TransactWriteItems'> {
  return {
    TransactGetItems: (input) => transactGet(database, input),
    TransactWriteItems: (input) => transactWrite(database, input),
  };
}

function transactWrite(database: Database, input: TransactWriteItemsInput): { ConsumedCapacity?: ConsumedCapacity[] } {
  checkAnswerParameters('TransactWriteItems', input);
  checkCount(input.TransactItems);
  checkToken(input.ClientRequestToken);
  const requests = (input.TransactItems ?? []).map(readAction);
  const tables = requests.map((request) => requireTable(database, request.tableName));
  return database.context.store.transaction(() => {
    if (isRepeated(database, input)) return {};
    const planned = planAll(database, requests, tables);
    for (const write of planned) carryOut(database, write);
    const capacity = capacityOf(
      input.ReturnConsumedCapacity,
      'WriteCapacityUnits',
      planned.map(({ write, before, after }) => [write.table, writeUnits(write.table, before?.item, after)]),
    );
    return capacity ? { ConsumedCapacity: capacity } : {};
  });
}

function readAction(action: TransactWriteItem): WriteRequest {
  const given = [action.ConditionCheck, action.Put, action.Delete, action.Update].filter((part) => part !== undefined);
  if (given.length !== 1) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  checkWord('returnValuesOnConditionCheckFailure', given[0]?.ReturnValuesOnConditionCheckFailure, ['ALL_OLD', 'NONE']);
  if (action.Put) return readPut(action.Put);
  if (action.Update) return readUpdate(action.Update);
  if (action.Delete) return readDelete(action.Delete);
  if (action.ConditionCheck) return readConditionCheck(action.ConditionCheck);
  throw new Error('one of the four is there');
}

/**
 * Decides every action against the items before the transaction.
 * @throws TransactionCanceledException with one reason per action, in their order
 */
function planAll(database: Database, requests: readonly WriteRequest[], tables: readonly Table[]): PlannedWrite[] {
  const planned: PlannedWrite[] = [];
  const seen = new Set<string>();
  const reasons = requests.map((request, i): CancellationReason => {
    const table = tables[i];
    if (!table) throw new Error('every request has a table');
    return attempt(() => {
      const write = request.bind(table);
      refuseSecond(seen, table, write.position);
      planned.push(planWrite(database, write));
    });
  });
  if (reasons.some((reason) => reason.Code !== 'None')) throw canceled(reasons);
  checkSize(planned.map(({ before, after }) => Math.max(before?.bytes ?? 0, after ? itemBytes(after) : 0)));
  return planned;
}

/** An error that stops the whole request, whatever the other actions say. */
class WholeRequestRefused extends Error {
  override readonly name = 'WholeRequestRefused';
}

function refuseSecond(seen: Set<string>, table: Table, position: Position): void {
  const text = `${table.id}/${positionText(position)}`;
  if (seen.has(text))
    throw new WholeRequestRefused('Transaction request cannot include multiple operations on one item');
  seen.add(text);
}

function attempt(work: () => void): CancellationReason {
  try {
    work();
    return { Code: 'None' };
  } catch (error) {
    if (error instanceof WholeRequestRefused) throw validationError(error.message);
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ConditionalCheckFailedException') {
      return { Code: 'ConditionalCheckFailed', Message: error.message, ...error.members };
    }
    return { Code: 'ValidationError', Message: error.message };
  }
}

function canceled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

function transactGet(
  database: Database,
  input: TransactGetItemsInput,
): { Responses: { Item?: Attributes }[]; ConsumedCapacity?: ConsumedCapacity[] } {
  checkAnswerParameters('TransactGetItems', input);
  checkCount(input.TransactItems);
  const gets = (input.TransactItems ?? []).map(({ Get: get }) => {
    const expressions = readExpressions(get ?? {}, ['ProjectionExpression']);
    return { expressions, key: get?.Key ?? {}, table: requireTable(database, get?.TableName) };
  });
  const seen = new Set<string>();
  const keys: Position[] = [];
  const reasons = gets.map(({ table, key }) =>
    attempt(() => {
      const { position } = readKey(table, key);
      refuseSecond(seen, table, position);
      keys.push(position);
    }),
  );
  if (reasons.some((reason) => reason.Code !== 'None')) throw canceled(reasons);
  const stored = gets.map(({ table }, i) => {
    const position = keys[i];
    return position && database.items.get(table, position);
  });
  checkSize(stored.map((item) => item?.bytes ?? 0));
  const units = gets.map(({ table }, i): [Table, UsedUnits] => [
    table,
    { table: readUnits(stored[i]?.bytes ?? 0, true), indexes: new Map() },
  ]);
  const capacity = capacityOf(input.ReturnConsumedCapacity, 'ReadCapacityUnits', units);
  return {
    Responses: gets.map(({ expressions }, i) => {
      const item = stored[i]?.item;
      return item ? { Item: shown(item, expressions) } : {};
    }),
    ...(capacity && { ConsumedCapacity: capacity }),
  };
}

/** What the transaction used, one entry per table. */
function capacityOf(
  mode: string | undefined,
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
  uses: readonly (readonly [Table, UsedUnits])[],
): ConsumedCapacity[] | undefined {
  const byTable = new Map<Table, UsedUnits>();
  for (const [table, used] of uses) {
    const known = byTable.get(table);
    byTable.set(table, known ? addUnits(known, used) : used);
  }
  const answers = [...byTable].flatMap(([table, used]) => consumedCapacity(mode, table, used, kind) ?? []);
  return answers.length > 0 ? answers : undefined;
}

function checkCount(actions: readonly unknown[] | undefined): void {
  const count = actions?.length ?? 0;
  if (count === 0) throw constraintError('transactItems', '[]', 'Member must have length greater than or equal to 1');
  if (count <= maxActionCount) return;
  throw constraintError(
    'transactItems',
    `[${count} actions]`,
    `Member must have length less than or equal to ${maxActionCount}`,
  );
}

function checkSize(bytes: readonly number[]): void {
  const total = bytes.reduce((sum, size) => sum + size, 0);
  if (total <= maxTransactionBytes) return;
  throw validationError(`The aggregate size of the items in the transaction cannot exceed 4 MB; it is ${total} bytes`);
}
