import { isDeepStrictEqual } from 'node:util';
import type { DynamoDB, GlobalSecondaryIndexUpdate, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { AwsError, notSupportedLocally } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { readTableName, type Database } from '../database.ts';
import { describeTable } from '../describe-table.ts';
import { constraintError, tableNotFound, validationError } from '../errors.ts';
import type { Table, TableDefinition, TableIndex } from '../table.ts';
import { checkDefinition, readDefinition } from '../table-definition.ts';
import { withWholeNumbers } from '../whole-numbers.ts';

/** Operations on tables. A table is active, or gone, as soon as the call has been answered. */
export function tableOperations(
  database: Database,
): Pick<Operations<DynamoDB>, 'CreateTable' | 'DescribeTable' | 'ListTables' | 'DeleteTable' | 'UpdateTable'> {
  return {
    CreateTable: (input) => {
      const name = readTableName(input.TableName, 3);
      return { TableDescription: describeTable(database, database.tables.create(name, readDefinition(input))) };
    },
    DescribeTable: ({ TableName }) => ({ Table: describeTable(database, findTable(database, TableName)) }),
    ListTables: (input) => {
      const { ExclusiveStartTableName: after = '', Limit: limit = 100 } = withWholeNumbers(input);
      if (limit < 1 || limit > 100) {
        const bound = limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100';
        throw constraintError('limit', String(limit), `Member must have value ${bound}`);
      }
      const names = database.tables.names(after, limit + 1);
      const shown = names.slice(0, limit);
      const last = names.length > limit ? shown.at(-1) : undefined;
      return { TableNames: shown, ...(last !== undefined && { LastEvaluatedTableName: last }) };
    },
    DeleteTable: ({ TableName }) => {
      const table = findTable(database, TableName);
      const description = describeTable(database, table);
      deleteTable(database, table);
      return { TableDescription: { ...description, TableStatus: 'DELETING' } };
    },
    UpdateTable: (input) => ({ TableDescription: describeTable(database, updateTable(database, input)) }),
  };
}

function findTable(database: Database, tableName: string | undefined): Table {
  const name = readTableName(tableName);
  const table = database.tables.find(name);
  if (!table) throw tableNotFound(name);
  return table;
}

/** Deletes a table with its items. @throws ValidationException if it is protected */
export function deleteTable(database: Database, table: Table): void {
  if (table.definition.isProtected) {
    throw validationError(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  database.context.store.transaction(() => {
    database.items.deleteAll(table);
    database.expiry.forget(table);
    database.tables.delete(table);
  });
}

/** Changes a table's definition: new and changed indexes are filled, removed ones emptied, in one transaction. */
export function redefineTable(database: Database, table: Table, definition: TableDefinition): Table {
  checkDefinition(definition);
  return database.context.store.transaction(() => {
    const changed = database.tables.redefine(table, definition);
    for (const index of table.indexes) if (!hasIndex(changed, index)) database.items.dropIndex(index);
    for (const index of changed.indexes) if (!hasIndex(table, index)) database.items.fillIndex(changed, index);
    return changed;
  });
}

/** Whether a table has the very same index, with the key by which its entries lie. */
function hasIndex(table: Table, { id, key }: TableIndex): boolean {
  return table.indexes.some((index) => index.id === id && isDeepStrictEqual(index.key, key));
}

function updateTable(database: Database, input: UpdateTableInput): Table {
  refuseUnsupported(input);
  refuseNoChange(input);
  const table = findTable(database, input.TableName);
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  const billingMode = input.BillingMode ?? table.definition.billingMode;
  if (billingMode === 'PROVISIONED' && !(input.ProvisionedThroughput ?? table.definition.throughput)) {
    throw validationError(
      'One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED',
    );
  }
  const { throughput: current, ...rest } = table.definition;
  const throughput = billingMode === 'PROVISIONED' ? (input.ProvisionedThroughput ?? current) : undefined;
  const indexed = updates.reduce((definition, update) => applyIndexUpdate(table, definition, update), {
    ...rest,
    attributes: input.AttributeDefinitions
      ? mergeAttributes(rest.attributes, input.AttributeDefinitions)
      : rest.attributes,
  });
  return redefineTable(database, table, {
    ...withoutUnusedAttributes(indexed),
    billingMode,
    ...(throughput && { throughput }),
    ...(input.TableClass && { tableClass: input.TableClass }),
    isProtected: input.DeletionProtectionEnabled ?? rest.isProtected,
  });
}

function refuseUnsupported(input: UpdateTableInput): void {
  if (input.StreamSpecification?.StreamEnabled) throw notSupportedLocally('dynamodb: StreamSpecification (streams)');
  if (input.ReplicaUpdates?.length) throw notSupportedLocally('dynamodb: ReplicaUpdates (replicas in other regions)');
}

function refuseNoChange(input: UpdateTableInput): void {
  const what = Object.entries(input).filter(([name, value]) => value !== undefined && !selectors.has(name));
  if (what.length > 0) return;
  throw validationError(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or ' +
      'SSESpecification or ReplicaUpdates is required',
  );
}

/** Members of UpdateTable that change nothing by themselves. */
const selectors: ReadonlySet<string> = new Set(['TableName', 'AttributeDefinitions']);

function applyIndexUpdate(
  table: Table,
  definition: TableDefinition,
  { Create: create, Delete: remove, Update: update }: GlobalSecondaryIndexUpdate,
): TableDefinition {
  const { globalIndexes } = definition;
  if (create) return { ...definition, globalIndexes: [...globalIndexes, create] };
  const name = remove?.IndexName ?? update?.IndexName;
  if (!globalIndexes.some((index) => index.IndexName === name)) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Index: ${name} of table ${table.name}`,
    );
  }
  if (!remove) return definition;
  return { ...definition, globalIndexes: globalIndexes.filter((index) => index.IndexName !== name) };
}

function mergeAttributes(
  current: TableDefinition['attributes'],
  given: TableDefinition['attributes'],
): TableDefinition['attributes'] {
  const names = new Set(given.map((attribute) => attribute.AttributeName));
  return [...current.filter((attribute) => !names.has(attribute.AttributeName)), ...given];
}

/** Deleting an index leaves definitions behind that nothing uses any more; DynamoDB drops them too. */
function withoutUnusedAttributes(definition: TableDefinition): TableDefinition {
  const { attributes, keySchema, globalIndexes, localIndexes } = definition;
  const schemas = [keySchema, ...[...globalIndexes, ...localIndexes].map((index) => index.KeySchema ?? [])];
  const used = new Set(schemas.flat().map((element) => element.AttributeName));
  return { ...definition, attributes: attributes.filter((attribute) => used.has(attribute.AttributeName)) };
}
