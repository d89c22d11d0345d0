import { notSupportedLocally } from '../../errors.ts';
import type { CloudContext } from '../service-module.ts';
import { constraintError } from './errors.ts';
import { Expiry } from './expiry.ts';
import { ItemStore } from './item-store.ts';
import { migrations, TableStore } from './table-store.ts';
import type { Table } from './table.ts';

/** What every operation works on. */
export interface Database {
  readonly context: CloudContext;
  readonly tables: TableStore;
  readonly items: ItemStore;
  readonly expiry: Expiry;
}

/** Opens the tables and items of a local cloud. */
export function openDatabase(context: CloudContext): Database {
  context.store.migrate('dynamodb', migrations);
  const tables = new TableStore(context);
  const items = new ItemStore(context.store);
  return { context, tables, items, expiry: new Expiry(context, tables, items) };
}

/**
 * The table that a request for items names, by name or ARN.
 * @throws ResourceNotFoundException
 */
export function requireTable(database: Database, tableName: string | undefined): Table {
  return database.tables.require(readTableName(tableName));
}

/** The name in a `TableName`, which may also be the table's ARN. */
export function readTableName(tableName: string | undefined, minLength = 1): string {
  const given = tableName ?? '';
  const name = /^arn:aws:dynamodb:[^:]+:[^:]+:table\/([^/]+)$/.exec(given)?.[1] ?? given;
  if (!/^[a-zA-Z0-9_.-]+$/.test(name)) {
    throw constraintError('tableName', given, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  }
  if (name.length < minLength) {
    throw constraintError('tableName', given, `Member must have length greater than or equal to ${minLength}`);
  }
  if (name.length > 255) {
    throw constraintError('tableName', given, 'Member must have length less than or equal to 255');
  }
  return name;
}

/**
 * Refuses parameters of the API from before expressions, which are not implemented here.
 * @throws NotImplemented naming the parameter
 */
export function refuseLegacyParameters(operation: string, input: object): void {
  const found = legacyParameters.find((parameter) => parameter in input && Reflect.get(input, parameter) !== undefined);
  if (found) throw notSupportedLocally(`dynamodb:${operation} with ${found} (use expressions instead)`);
}

const legacyParameters = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

/**
 * Checks a parameter that takes one of some words.
 * @throws ValidationException
 */
export function checkWord(member: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw constraintError(member, value, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}

/** Checks the parameters that answers of items have in common. */
export function checkAnswerParameters(
  operation: string,
  input: { ReturnConsumedCapacity?: string | undefined; ReturnItemCollectionMetrics?: string | undefined },
): void {
  checkWord('returnConsumedCapacity', input.ReturnConsumedCapacity, ['INDEXES', 'TOTAL', 'NONE']);
  checkWord('returnItemCollectionMetrics', input.ReturnItemCollectionMetrics, ['SIZE', 'NONE']);
  if (input.ReturnItemCollectionMetrics === 'SIZE') {
    throw notSupportedLocally(`dynamodb:${operation} with ReturnItemCollectionMetrics SIZE`);
  }
}
