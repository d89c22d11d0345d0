import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { tour } from './tour.ts';

const schema = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
} as const;
const createTable = (db: DynamoDB, TableName: string) =>
  db.createTable({
    ...{ TableName, BillingMode: schema.BillingMode },
    ...{ KeySchema: [...schema.KeySchema], AttributeDefinitions: [...schema.AttributeDefinitions] },
  });
const keyOf = (pk: string, sk: number) => ({ pk: { S: pk }, sk: { N: String(sk) } });

tour(
  { service: 'dynamodb', client: DynamoDB },
  {
    'makes, changes and deletes tables': async (db) => {
      const TableName = 'tables';
      expect((await createTable(db, TableName)).TableDescription).toMatchObject({ TableName });
      expect((await db.describeTable({ TableName })).Table).toMatchObject({ TableStatus: 'ACTIVE', ItemCount: 0 });
      expect((await db.listTables({})).TableNames).toContain(TableName);
      const updated = await db.updateTable({ TableName, DeletionProtectionEnabled: false });
      expect(updated.TableDescription).toMatchObject({ DeletionProtectionEnabled: false });
      await db.deleteTable({ TableName });
      await expect(db.describeTable({ TableName })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
    'has the settings of a table': async (db) => {
      const TableName = 'settings';
      await createTable(db, TableName);
      const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
      await db.updateTimeToLive({ TableName, TimeToLiveSpecification });
      expect((await db.describeTimeToLive({ TableName })).TimeToLiveDescription).toMatchObject({
        AttributeName: 'expires',
        TimeToLiveStatus: 'ENABLED',
      });
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await db.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification });
      const { ContinuousBackupsDescription } = await db.describeContinuousBackups({ TableName });
      expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
        PointInTimeRecoveryStatus: 'ENABLED',
      });
    },
    'writes and reads items': async (db) => {
      const TableName = 'items';
      await createTable(db, TableName);
      await db.putItem({ TableName, Item: { ...keyOf('a', 1), n: { N: '1' } } });
      const { Attributes } = await db.updateItem({
        ...{ TableName, Key: keyOf('a', 1), UpdateExpression: 'ADD n :one' },
        ...{ ExpressionAttributeValues: { ':one': { N: '1' } }, ReturnValues: 'UPDATED_NEW' },
      });
      expect(Attributes).toEqual({ n: { N: '2' } });
      expect((await db.getItem({ TableName, Key: keyOf('a', 1) })).Item).toEqual({ ...keyOf('a', 1), n: { N: '2' } });
      const queried = await db.query({
        ...{ TableName, KeyConditionExpression: 'pk = :pk AND sk > :zero' },
        ExpressionAttributeValues: { ':pk': { S: 'a' }, ':zero': { N: '0' } },
      });
      expect(queried.Count).toBe(1);
      await db.deleteItem({ TableName, Key: keyOf('a', 1) });
      expect(await db.scan({ TableName })).toMatchObject({ Count: 0, Items: [] });
    },
    'does so in batches and transactions': async (db) => {
      const TableName = 'many';
      await createTable(db, TableName);
      const PutRequest = { Item: keyOf('a', 1) };
      expect(await db.batchWriteItem({ RequestItems: { [TableName]: [{ PutRequest }] } })).toMatchObject({
        UnprocessedItems: {},
      });
      await db.transactWriteItems({ TransactItems: [{ Put: { TableName, Item: keyOf('a', 2) } }] });
      const Keys = [keyOf('a', 1), keyOf('a', 2)];
      const { Responses } = await db.batchGetItem({ RequestItems: { [TableName]: { Keys } } });
      expect(Responses?.[TableName]).toHaveLength(2);
      const read = await db.transactGetItems({ TransactItems: Keys.map((Key) => ({ Get: { TableName, Key } })) });
      expect(read.Responses?.map(({ Item }) => Item)).toEqual(Keys);
    },
  },
);
