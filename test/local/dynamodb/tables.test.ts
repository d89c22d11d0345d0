import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, releasesTable, thingsTable, type Item } from './dynamodb-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await dynamoDbCloud();
});
afterEach(() => cloud.close());

const create = (input: object) => cloud.call('dynamodb', 'CreateTable', input);
const put = (TableName: string, item: Item) => cloud.call('dynamodb', 'PutItem', { TableName, Item: item });

describe('tables', () => {
  it('are described as they were made', async () => {
    await create(releasesTable);
    await put('releases', { pk: { S: 'a' }, sk: { S: 'b' }, gsi1pk: { S: 'c' }, gsi1sk: { S: 'd' } });
    const { Table } = await cloud.call('dynamodb', 'DescribeTable', { TableName: 'releases' });
    expect(Table).toMatchObject({
      TableName: 'releases',
      TableArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/releases',
      TableStatus: 'ACTIVE',
      KeySchema: releasesTable.KeySchema,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ItemCount: 1,
      TableSizeBytes: 20,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          IndexStatus: 'ACTIVE',
          IndexArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/releases/index/gsi1',
          ItemCount: 1,
        },
      ],
      DeletionProtectionEnabled: false,
    });
  });

  it('are listed by name in pages', async () => {
    for (const TableName of ['ccc', 'aaa', 'bbb']) await create({ ...thingsTable, TableName });
    const first = await cloud.call('dynamodb', 'ListTables', { Limit: 2 });
    expect(first).toEqual({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
    expect(await cloud.call('dynamodb', 'ListTables', { ExclusiveStartTableName: 'bbb' })).toEqual({
      TableNames: ['ccc'],
    });
  });

  it('[dynamodb.tables.protection] are gone with their items once deleted, unless they are protected', async () => {
    await create({ ...thingsTable, DeletionProtectionEnabled: true });
    await put('things', { id: { S: 'a' } });
    const remove = () => cloud.call('dynamodb', 'DeleteTable', { TableName: 'things' });
    expect((await refusal(remove())).message).toContain('currently protected against deletion');
    await cloud.call('dynamodb', 'UpdateTable', { TableName: 'things', DeletionProtectionEnabled: false });
    await remove();
    expect(await refusal(remove())).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: things not found',
    });
    await create(thingsTable);
    expect(await cloud.call('dynamodb', 'Scan', { TableName: 'things' })).toMatchObject({ Count: 0 });
  });

  it('[dynamodb.tables.index-update] get new indexes filled and lose old ones', async () => {
    await create(thingsTable);
    await put('things', { id: { S: 'a' }, kind: { S: 'k' } });
    await cloud.call('dynamodb', 'UpdateTable', {
      TableName: 'things',
      AttributeDefinitions: [{ AttributeName: 'kind', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'by-kind',
            KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    });
    const query = {
      TableName: 'things',
      IndexName: 'by-kind',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': { S: 'k' } },
    };
    expect(await cloud.call('dynamodb', 'Query', query)).toMatchObject({ Count: 1 });
    const updates = [{ Delete: { IndexName: 'by-kind' } }];
    const { TableDescription } = await cloud.call('dynamodb', 'UpdateTable', {
      TableName: 'things',
      GlobalSecondaryIndexUpdates: updates,
    });
    expect(TableDescription).toMatchObject({ AttributeDefinitions: thingsTable.AttributeDefinitions });
    expect((await refusal(cloud.call('dynamodb', 'Query', query))).message).toContain(
      'does not have the specified index',
    );
  });

  it('refuse a change of nothing', async () => {
    await create(thingsTable);
    const error = await refusal(cloud.call('dynamodb', 'UpdateTable', { TableName: 'things' }));
    expect(error.message).toContain('At least one of ProvisionedThroughput');
  });

  it.each<[string, object, string]>([
    ['a name that is taken', {}, 'Table already exists: things'],
    ['a name that is too short', { TableName: 'ab' }, 'Member must have length greater than or equal to 3'],
    ['a name with a space', { TableName: 'a b' }, 'regular expression pattern: [a-zA-Z0-9_.-]+'],
    [
      'no throughput',
      { TableName: 'more', BillingMode: undefined },
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    ],
    [
      'an attribute that no key uses',
      {
        TableName: 'more',
        AttributeDefinitions: releasesTable.AttributeDefinitions?.concat({ AttributeName: 'id', AttributeType: 'S' }),
      },
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    ],
    [
      'a key that is not defined',
      { TableName: 'more', KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] },
      'Some key attributes are not defined in AttributeDefinitions. Keys: [other], AttributeDefinitions: [id]',
    ],
    [
      'a stream',
      { TableName: 'more', StreamSpecification: { StreamEnabled: true } },
      'StreamSpecification (streams) is not supported locally',
    ],
  ])('refuse %s', async (_, change, message) => {
    await create(thingsTable);
    expect((await refusal(create({ ...thingsTable, ...change }))).message).toContain(message);
  });
});

describe('time to live', () => {
  const ttl = (Enabled: boolean, AttributeName = 'expiresAt') =>
    cloud.call('dynamodb', 'UpdateTimeToLive', {
      TableName: 'things',
      TimeToLiveSpecification: { Enabled, AttributeName },
    });
  const ids = async () => {
    const page = await cloud.call<{ Items: Item[] }>('dynamodb', 'Scan', { TableName: 'things' });
    return page.Items.map((item) => item['id']?.S).sort();
  };
  const inSeconds = (seconds: number): Item[string] => ({ N: String(cloud.clock.nowMs() / 1000 + seconds) });

  it('[dynamodb.ttl.delete] deletes items within minutes after they have expired, indexes included, and no others', async () => {
    await create(thingsTable);
    await ttl(true);
    await put('things', { id: { S: 'soon' }, expiresAt: inSeconds(90) });
    await put('things', { id: { S: 'later' }, expiresAt: inSeconds(3600) });
    await put('things', { id: { S: 'no number' }, expiresAt: { S: '1' } });
    await put('things', { id: { S: 'ancient' }, expiresAt: { N: '1' } });
    await put('things', { id: { S: 'milliseconds' }, expiresAt: { N: String(cloud.clock.nowMs()) } });
    await cloud.advance(90_000);
    expect(await ids()).toContain('soon');
    await cloud.advance(60_000);
    expect(await ids()).toEqual(['ancient', 'later', 'milliseconds', 'no number']);
    await cloud.advance(3600_000);
    expect(await ids()).toEqual(['ancient', 'milliseconds', 'no number']);
  });

  it('[dynamodb.ttl.latest] goes by the time that the item has at the end', async () => {
    await create(thingsTable);
    await ttl(true);
    await put('things', { id: { S: 'a' }, expiresAt: inSeconds(60) });
    await put('things', { id: { S: 'a' }, expiresAt: inSeconds(7200) });
    await cloud.advance(3600_000);
    expect(await ids()).toEqual(['a']);
    await cloud.advance(3700_000);
    expect(await ids()).toEqual([]);
  });

  it('takes up items that were there before, and goes on after a restart', async () => {
    await create(thingsTable);
    await put('things', { id: { S: 'a' }, expiresAt: inSeconds(60) });
    await ttl(true);
    cloud = await cloud.restart();
    await put('things', { id: { S: 'b' }, expiresAt: inSeconds(3600) });
    await cloud.advance(180_000);
    expect(await ids()).toEqual(['b']);
  });

  it('[dynamodb.ttl.repeated] is described, and refuses what is so already', async () => {
    await create(thingsTable);
    const describeTtl = () => cloud.call('dynamodb', 'DescribeTimeToLive', { TableName: 'things' });
    expect(await describeTtl()).toEqual({ TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } });
    expect((await refusal(ttl(false))).message).toBe('TimeToLive is already disabled');
    await ttl(true);
    expect(await describeTtl()).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
    expect((await refusal(ttl(true))).message).toBe('TimeToLive is already enabled');
    expect((await refusal(ttl(true, 'other'))).message).toContain('active on a different AttributeName');
    await put('things', { id: { S: 'a' }, expiresAt: inSeconds(60) });
    await ttl(false);
    await cloud.advance(3600_000);
    expect(await ids()).toEqual(['a']);
  });
});

describe('continuous backups', () => {
  it('say whether point-in-time recovery is on', async () => {
    await create(thingsTable);
    const status = async () => {
      const answer = await cloud.call('dynamodb', 'DescribeContinuousBackups', { TableName: 'things' });
      return answer['ContinuousBackupsDescription'];
    };
    expect(await status()).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    await cloud.call('dynamodb', 'UpdateContinuousBackups', {
      TableName: 'things',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(await status()).toMatchObject({ PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' } });
    const missing = cloud.call('dynamodb', 'DescribeContinuousBackups', { TableName: 'nowhere' });
    expect((await refusal(missing)).code).toBe('TableNotFoundException');
  });
});
