import type { ProvisionedThroughput, TableDescription } from '@aws-sdk/client-dynamodb';
import type { Database } from './database.ts';
import type { Table, TableIndex } from './table.ts';

/** A table as DescribeTable shows it; counts are exact, not six hours old. */
export function describeTable(database: Database, table: Table): TableDescription {
  const { definition } = table;
  const { items, bytes } = database.items.count(table);
  const [globals, locals] = [indexDescriptions(database, table, 'global'), indexDescriptions(database, table, 'local')];
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: table.uuid,
    TableStatus: 'ACTIVE',
    CreationDateTime: new Date(table.createdAtMs),
    AttributeDefinitions: [...definition.attributes],
    KeySchema: [...definition.keySchema],
    ItemCount: items,
    TableSizeBytes: bytes,
    ProvisionedThroughput: throughput(definition.throughput),
    ...(definition.billingMode === 'PAY_PER_REQUEST' && {
      BillingModeSummary: {
        BillingMode: 'PAY_PER_REQUEST' as const,
        LastUpdateToPayPerRequestDateTime: new Date(table.createdAtMs),
      },
    }),
    ...(globals.length > 0 && { GlobalSecondaryIndexes: globals }),
    ...(locals.length > 0 && { LocalSecondaryIndexes: locals }),
    ...(definition.tableClass === 'STANDARD_INFREQUENT_ACCESS' && {
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' as const },
    }),
    DeletionProtectionEnabled: definition.isProtected,
  };
}

function indexDescriptions(database: Database, table: Table, kind: TableIndex['kind']) {
  return table.indexes
    .filter((index) => index.kind === kind)
    .map((index) => {
      const { globalIndexes, localIndexes } = table.definition;
      const defined = [...globalIndexes, ...localIndexes].find((candidate) => candidate.IndexName === index.name);
      return {
        IndexName: index.name,
        IndexArn: `${table.arn}/index/${index.name}`,
        KeySchema: defined?.KeySchema ?? [],
        Projection: defined?.Projection ?? {},
        ItemCount: database.items.countEntries(index),
        IndexSizeBytes: 0,
        ...(kind === 'global' && {
          IndexStatus: 'ACTIVE' as const,
          ProvisionedThroughput: throughput(table.definition.throughput),
        }),
      };
    });
}

function throughput(given: ProvisionedThroughput | undefined) {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: given?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: given?.WriteCapacityUnits ?? 0,
  };
}
