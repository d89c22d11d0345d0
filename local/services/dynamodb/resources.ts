import type { Provisioned, ResourceType } from '../../template/resource.ts';
import type { Database } from './database.ts';
import { setTimeToLive } from './operations/settings.ts';
import { deleteTable, redefineTable } from './operations/tables.ts';
import { readDefinition } from './table-definition.ts';
import { readGlobalTableProperties, readTableProperties, type TableProperties } from './table-properties.ts';
import type { Table } from './table.ts';

const maxNameLength = 255;

/** Tables as CloudFormation makes them: with one region, or as the only replica of a global table. */
export function tableResources(database: Database): readonly ResourceType[] {
  return [
    tableResource(database, 'AWS::DynamoDB::Table', readTableProperties),
    tableResource(database, 'AWS::DynamoDB::GlobalTable', (properties) =>
      readGlobalTableProperties(properties, database.context.region),
    ),
  ];
}

function tableResource(
  database: Database,
  type: string,
  read: (properties: Parameters<ResourceType['create']>[0]) => TableProperties,
): ResourceType {
  const bring = (properties: TableProperties, name: string): Provisioned =>
    database.context.store.transaction(() => provisioned(bringUpToDate(database, name, properties)));
  return {
    type,
    replacedBy: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
    create: (properties, context) => {
      const wanted = read(properties);
      return bring(wanted, wanted.table.TableName ?? context.generateName(maxNameLength));
    },
    update: (current, properties) => bring(read(properties), current.physicalId),
    delete: (current) => {
      const table = database.tables.find(current.physicalId);
      if (table) deleteTable(database, table);
    },
  };
}

/** Makes the table, or changes the one that is there, with its items, into what is wanted. */
function bringUpToDate(database: Database, name: string, wanted: TableProperties): Table {
  const definition = readDefinition({ ...wanted.table, TableName: name });
  const current = database.tables.find(name);
  // A table of this name with another key is someone else's, or the one that is being replaced: creating it is refused.
  const table = current && hasKeyOf(current, definition.keySchema) ? current : database.tables.create(name, definition);
  const { ttlAttribute } = table.definition;
  const redefined = redefineTable(database, table, {
    ...definition,
    hasPointInTimeRecovery: wanted.hasPointInTimeRecovery,
    ttlAttribute,
  });
  return ttlAttribute === wanted.ttlAttribute ? redefined : setTimeToLive(database, redefined, wanted.ttlAttribute);
}

function hasKeyOf(table: Table, keySchema: Table['definition']['keySchema']): boolean {
  return JSON.stringify(table.definition.keySchema) === JSON.stringify(keySchema);
}

function provisioned(table: Table): Provisioned {
  return { physicalId: table.name, attributes: { Arn: table.arn, TableId: table.uuid } };
}
