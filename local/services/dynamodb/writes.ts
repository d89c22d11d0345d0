import type { ConditionCheck, DeleteItemInput, PutItemInput, UpdateItemInput } from '@aws-sdk/client-dynamodb';
import { attributeOf, readAttributes, typeOf, type Attributes } from './attribute-values.ts';
import type { Database } from './database.ts';
import { conditionalCheckFailed, validationError } from './errors.ts';
import { meets, pathsOf } from './expressions/condition.ts';
import { readExpressions, type RequestExpressions } from './expressions/request-expressions.ts';
import { applyUpdate, type UpdateAction } from './expressions/update.ts';
import { checkItemKeys, checkKeyPaths, checkUpdatedIndexKeys, indexTypeMismatch, readKey } from './item-keys.ts';
import type { StoredItem } from './item-store.ts';
import { itemBytes, maxItemBytes } from './items.ts';
import type { Position } from './keys.ts';
import { keyAttributes, type Table } from './table.ts';

/** A write as a request asks for it: everything that can be checked without its table has been. */
export interface WriteRequest {
  readonly tableName: string | undefined;
  readonly expressions: RequestExpressions;
  /** Whether a failed condition shows the item that failed it. */
  readonly showsFailedItem: boolean;
  /**
   * Checks what depends on the table's keys.
   * @throws ValidationException
   */
  bind(table: Table): BoundWrite;
}

/** A write of one item of a table. */
export interface BoundWrite {
  readonly table: Table;
  readonly request: WriteRequest;
  readonly position: Position;
  /**
   * The item after the write, undefined if there is none then; equal to `before` if the write only checks.
   * @throws ValidationException if the write does not fit the item
   */
  after(before: Attributes | undefined): Attributes | undefined;
}

/** A write whose condition holds, with the item before and after; nothing is written yet. */
export interface PlannedWrite {
  readonly write: BoundWrite;
  readonly before: StoredItem | undefined;
  readonly after: Attributes | undefined;
}

type Put = Pick<PutItemInput, 'TableName' | 'Item' | ConditionParameter>;
type Delete = Pick<DeleteItemInput, 'TableName' | 'Key' | ConditionParameter>;
type Update = Pick<UpdateItemInput, 'TableName' | 'Key' | 'UpdateExpression' | ConditionParameter>;
type ConditionParameter =
  | 'ConditionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
  | 'ReturnValuesOnConditionCheckFailure';

/** Reads a put. @throws ValidationException */
export function readPut(input: Put): WriteRequest {
  const item = readAttributes(input.Item ?? {});
  const expressions = readExpressions(input, ['ConditionExpression']);
  if (itemBytes(item) > maxItemBytes) throw validationError('Item size has exceeded the maximum allowed size');
  return requestOf(input, expressions, (table) => ({ position: checkItemKeys(table, item), after: () => item }));
}

/** Reads a delete. @throws ValidationException */
export function readDelete(input: Delete): WriteRequest {
  const expressions = readExpressions(input, ['ConditionExpression']);
  return requestOf(input, expressions, (table) => ({
    position: readKey(table, input.Key ?? {}).position,
    after: () => undefined,
  }));
}

/** Reads the check of a condition, which writes nothing. @throws ValidationException */
export function readConditionCheck(input: ConditionCheck): WriteRequest {
  const expressions = readExpressions(input, ['ConditionExpression']);
  return requestOf(input, expressions, (table) => ({
    position: readKey(table, input.Key ?? {}).position,
    after: (before) => before,
  }));
}

/** Reads an update. Without an expression it makes sure that the item exists. @throws ValidationException */
export function readUpdate(input: Update): WriteRequest {
  const expressions = readExpressions(input, ['UpdateExpression', 'ConditionExpression']);
  return requestOf(input, expressions, (table) => {
    const key = readKey(table, input.Key ?? {});
    const actions = expressions.update ?? [];
    checkActions(table, actions, expressions.values);
    return {
      position: key.position,
      after: (before) => updated(table, applyUpdate(actions, before ?? key.attributes, expressions.values)),
    };
  });
}

function updated(table: Table, item: Attributes): Attributes {
  if (itemBytes(item) > maxItemBytes) {
    throw validationError('Item size to update has exceeded the maximum allowed size');
  }
  checkUpdatedIndexKeys(table, item);
  return item;
}

function requestOf(
  input: Pick<Put, 'TableName' | 'ReturnValuesOnConditionCheckFailure'>,
  expressions: RequestExpressions,
  bind: (table: Table) => Pick<BoundWrite, 'position' | 'after'>,
): WriteRequest {
  const request: WriteRequest = {
    tableName: input.TableName,
    expressions,
    showsFailedItem: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
    bind: (table) => {
      const bound = bind(table);
      const { condition } = expressions;
      if (condition) checkKeyPaths(table, pathsOf(condition));
      return { table, request, ...bound };
    },
  };
  return request;
}

function checkActions(table: Table, actions: readonly UpdateAction[], values: Attributes): void {
  const names = new Set(actions.map((action) => action.path[0]));
  const key = keyAttributes(table.key).find((attribute) => names.has(attribute.name));
  if (key) {
    throw validationError(
      `One or more parameter values were invalid: Cannot update attribute ${key.name}. This attribute is part of the key`,
    );
  }
  for (const action of actions) checkIndexKeyAssignment(table, action, values);
  checkKeyPaths(
    table,
    actions.map((action) => action.path),
  );
}

function checkIndexKeyAssignment(table: Table, action: UpdateAction, values: Attributes): void {
  if (action.kind !== 'set' || action.path.length > 1 || action.value.kind !== 'value') return;
  const value = attributeOf(values, action.value.name);
  for (const index of table.indexes) {
    const attribute = keyAttributes(index.key).find(({ name }) => name === action.path[0]);
    if (!attribute || !value || value[attribute.type] !== undefined) continue;
    throw indexTypeMismatch(index, attribute, typeOf(value));
  }
}

/**
 * Decides one write against the item as it is now.
 * @throws ConditionalCheckFailedException, ValidationException
 */
export function planWrite(database: Database, write: BoundWrite): PlannedWrite {
  const before = database.items.get(write.table, write.position);
  const { expressions, showsFailedItem } = write.request;
  if (expressions.condition && !meets(expressions.condition, before?.item ?? {}, expressions.values)) {
    throw conditionalCheckFailed(showsFailedItem ? before?.item : undefined);
  }
  return { write, before, after: write.after(before?.item) };
}

/** Writes what has been planned, in the open transaction. */
export function carryOut(database: Database, { write, before, after }: PlannedWrite): void {
  if (after === before?.item) return;
  if (after) {
    database.items.put(write.table, write.position, after, before);
    database.expiry.noteWritten(write.table, after);
  } else if (before) {
    database.items.delete(write.table, before);
  }
}
