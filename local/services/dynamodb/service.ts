import * as schemas from '@aws-sdk/client-dynamodb';
import { defineService } from '../../gateway/service.ts';
import type { OpenService } from '../service-module.ts';
import { openDatabase } from './database.ts';
import { batchOperations } from './operations/batches.ts';
import { itemOperations } from './operations/items.ts';
import { readOperations } from './operations/reads.ts';
import { settingOperations } from './operations/settings.ts';
import { tableOperations } from './operations/tables.ts';
import { transactionOperations } from './operations/transactions.ts';
import { leadingKeysOf } from './leading-keys.ts';
import { dynamoDbPermissions } from './permissions.ts';
import { tableResources } from './resources.ts';

/** DynamoDB: tables and items in the store, with expressions, indexes, transactions and time to live. */
export const openDynamoDb: OpenService = (context) => {
  const database = openDatabase(context);
  return {
    api: defineService<schemas.DynamoDB>({
      name: 'dynamodb',
      schemas,
      protocol: { kind: 'json', version: '1.0' },
      operations: {
        ...tableOperations(database),
        ...settingOperations(database),
        ...itemOperations(database),
        ...readOperations(database),
        ...batchOperations(database),
        ...transactionOperations(database),
      },
    }),
    permissions: dynamoDbPermissions(context, leadingKeysOf(database.tables)),
    resources: tableResources(database),
  };
};
