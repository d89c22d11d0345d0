import type { AttributeValue, DynamoDB, GetItemInput, UpdateItemInput } from '@aws-sdk/client-dynamodb';
import type { Operations } from '../../../gateway/service.ts';
import type { Attributes } from '../attribute-values.ts';
import { consumedCapacity, readUnits, writeUnits } from '../capacity.ts';
import { checkAnswerParameters, checkWord, refuseLegacyParameters, requireTable, type Database } from '../database.ts';
import { validationError } from '../errors.ts';
import { project, projectedPaths, projectionOf } from '../expressions/projection.ts';
import { readExpressions, type RequestExpressions } from '../expressions/request-expressions.ts';
import { checkKeyPaths, readKey } from '../item-keys.ts';
import {
  carryOut,
  planWrite,
  readDelete,
  readPut,
  readUpdate,
  type PlannedWrite,
  type WriteRequest,
} from '../writes.ts';

/** Operations on one item. */
export function itemOperations(
  database: Database,
): Pick<Operations<DynamoDB>, 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem'> {
  return {
    GetItem: (input) => getItem(database, input),
    PutItem: (input) => {
      checkWriteParameters('PutItem', input);
      checkReturnsOldOnly(input.ReturnValues);
      return answer(input, write(database, readPut(input)));
    },
    UpdateItem: (input) => {
      checkWriteParameters('UpdateItem', input);
      return answer(input, write(database, readUpdate(input)));
    },
    DeleteItem: (input) => {
      checkWriteParameters('DeleteItem', input);
      checkReturnsOldOnly(input.ReturnValues);
      return answer(input, write(database, readDelete(input)));
    },
  };
}

function getItem(database: Database, input: GetItemInput): { Item?: Attributes; ConsumedCapacity?: object } {
  refuseLegacyParameters('GetItem', input);
  checkAnswerParameters('GetItem', input);
  const expressions = readExpressions(input, ['ProjectionExpression']);
  const table = requireTable(database, input.TableName);
  const key = readKey(table, input.Key ?? {});
  checkKeyPaths(table, expressions.projection ? projectedPaths(expressions.projection) : []);
  const stored = database.items.get(table, key.position);
  const units = readUnits(stored?.bytes ?? 0, input.ConsistentRead === true);
  const capacity = consumedCapacity(input.ReturnConsumedCapacity, table, { table: units, indexes: new Map() });
  return {
    ...(stored && { Item: shown(stored.item, expressions) }),
    ...(capacity && { ConsumedCapacity: capacity }),
  };
}

/** The part of an item that a request asks for. */
export function shown(item: Attributes, expressions: RequestExpressions): Attributes {
  return expressions.projection ? project(item, expressions.projection) : item;
}

type WriteInput = Pick<
  UpdateItemInput,
  'ReturnConsumedCapacity' | 'ReturnItemCollectionMetrics' | 'ReturnValues' | 'ReturnValuesOnConditionCheckFailure'
>;

function checkWriteParameters(operation: string, input: WriteInput): void {
  refuseLegacyParameters(operation, input);
  checkAnswerParameters(operation, input);
  checkWord('returnValues', input.ReturnValues, ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW']);
  checkWord('returnValuesOnConditionCheckFailure', input.ReturnValuesOnConditionCheckFailure, ['ALL_OLD', 'NONE']);
}

function checkReturnsOldOnly(returnValues: string | undefined): void {
  if (returnValues === undefined || returnValues === 'NONE' || returnValues === 'ALL_OLD') return;
  throw validationError('ReturnValues can only be ALL_OLD or NONE');
}

function write(database: Database, request: WriteRequest): PlannedWrite {
  const bound = request.bind(requireTable(database, request.tableName));
  return database.context.store.transaction(() => {
    const planned = planWrite(database, bound);
    carryOut(database, planned);
    return planned;
  });
}

function answer(
  input: WriteInput,
  planned: PlannedWrite,
): { Attributes?: Record<string, AttributeValue>; ConsumedCapacity?: object } {
  const { before, after, write: bound } = planned;
  const attributes = returnedAttributes(input.ReturnValues, planned);
  const used = writeUnits(bound.table, before?.item, after);
  const capacity = consumedCapacity(input.ReturnConsumedCapacity, bound.table, used);
  return { ...(attributes && { Attributes: attributes }), ...(capacity && { ConsumedCapacity: capacity }) };
}

function returnedAttributes(returnValues: string | undefined, planned: PlannedWrite): Attributes | undefined {
  if (returnValues === 'ALL_OLD') return planned.before?.item;
  if (returnValues === 'ALL_NEW') return planned.after;
  const source = returnValues === 'UPDATED_OLD' ? planned.before?.item : planned.after;
  if (!source || (returnValues !== 'UPDATED_OLD' && returnValues !== 'UPDATED_NEW')) return undefined;
  const paths = (planned.write.request.expressions.update ?? []).map((action) => action.path);
  const part = project(source, projectionOf(paths));
  return Object.keys(part).length > 0 ? part : undefined;
}
