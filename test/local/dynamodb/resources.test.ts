import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import type { ServiceModule } from '../../../local/services/service-module.ts';
import type { Provisioned, ResourceType } from '../../../local/template/resource.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, type Item } from './dynamodb-cloud.ts';

let cloud: TestCloud;
let service: ServiceModule;
beforeEach(async () => {
  cloud = await dynamoDbCloud((opened) => {
    service = opened;
  });
});
afterEach(() => cloud.close());

/** What CDK's TableV2 makes for a table with one index in one region. */
const globalTable: JsonObject = {
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [
    {
      IndexName: 'gsi1',
      KeySchema: [
        { AttributeName: 'gsi1pk', KeyType: 'HASH' },
        { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  Replicas: [
    {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      Region: 'us-east-1',
      SSESpecification: { KMSMasterKeyId: 'arn:aws:kms:us-east-1:123456789012:key/1' },
    },
  ],
  SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

const table: JsonObject = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  ProvisionedThroughput: { ReadCapacityUnits: '5', WriteCapacityUnits: 5 },
};

const type = (name: string): ResourceType => {
  const found = service.resources?.find((resource) => resource.type === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const update = (name: string, current: Provisioned, properties: JsonObject) =>
  type(name).update(current, properties, {
    logicalId: 'Table',
    stackName: 'test',
    stackId: '',
    generateName: () => 'unused',
    assetPath: () => '',
  });
const put = (TableName: string, item: Item) => cloud.call('dynamodb', 'PutItem', { TableName, Item: item });

describe('AWS::DynamoDB::GlobalTable', () => {
  it('makes a table with everything that its template says', async () => {
    const made = await cloud.provision('AWS::DynamoDB::GlobalTable', 'Table', globalTable);
    expect(made.physicalId).toBe('test-Table-1234abcd');
    expect(made.attributes).toEqual({
      Arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/test-Table-1234abcd',
      TableId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    const TableName = made.physicalId;
    expect((await cloud.call('dynamodb', 'DescribeTable', { TableName }))['Table']).toMatchObject({
      DeletionProtectionEnabled: true,
      GlobalSecondaryIndexes: [{ IndexName: 'gsi1' }],
    });
    expect(await cloud.call('dynamodb', 'DescribeTimeToLive', { TableName })).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'expiresAt' },
    });
    expect(await cloud.call('dynamodb', 'DescribeContinuousBackups', { TableName })).toMatchObject({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' } },
    });
  });

  it('is the same table, with its items, when it is created again after a crash', async () => {
    const made = await cloud.provision('AWS::DynamoDB::GlobalTable', 'Table', globalTable);
    await put(made.physicalId, { pk: { S: 'a' }, sk: { S: 'b' } });
    expect(await cloud.provision('AWS::DynamoDB::GlobalTable', 'Table', globalTable)).toEqual(made);
    expect(await cloud.call('dynamodb', 'Scan', { TableName: made.physicalId })).toMatchObject({ Count: 1 });
  });

  it.each([
    ['a replica elsewhere', { Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] }, 'a replica in eu-west-1'],
    ['a stream', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, 'StreamSpecification (streams)'],
  ])('refuses %s', async (_, change, message) => {
    const made = cloud.provision('AWS::DynamoDB::GlobalTable', 'Table', { ...globalTable, ...change });
    expect(await refusal(made)).toMatchObject({
      code: 'NotImplemented',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('AWS::DynamoDB::Table', () => {
  it('[dynamodb.tables.template] keeps its items over an update, and fills the index that it adds', async () => {
    const made = await cloud.provision('AWS::DynamoDB::Table', 'Things', table);
    await put(made.physicalId, { id: { S: 'a' }, kind: { S: 'k' } });
    const changed = await update('AWS::DynamoDB::Table', made, {
      ...table,
      AttributeDefinitions: ['id', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-kind',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    expect(changed).toEqual(made);
    cloud = await cloud.restart();
    const query = {
      TableName: made.physicalId,
      IndexName: 'by-kind',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': { S: 'k' } },
    };
    expect(await cloud.call('dynamodb', 'Query', query)).toMatchObject({ Items: [{ id: { S: 'a' } }] });
  });

  it('[dynamodb.tables.template] is replaced when its key changes, and refuses a name that another table has', async () => {
    expect(type('AWS::DynamoDB::Table').replacedBy).toContain('KeySchema');
    await cloud.provision('AWS::DynamoDB::Table', 'Things', { ...table, TableName: 'named' });
    const other = cloud.provision('AWS::DynamoDB::Table', 'Others', {
      ...table,
      TableName: 'named',
      AttributeDefinitions: [{ AttributeName: 'other', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
    });
    expect((await refusal(other)).code).toBe('ResourceInUseException');
  });

  it('is deleted once, and deleting again is no error', async () => {
    const made = await cloud.provision('AWS::DynamoDB::Table', 'Things', table);
    const remove = () =>
      type('AWS::DynamoDB::Table').delete(made, table, {
        logicalId: 'Things',
        stackName: 'test',
        stackId: '',
        generateName: () => '',
        assetPath: () => '',
      });
    await remove();
    await remove();
    expect(await cloud.call('dynamodb', 'ListTables', {})).toEqual({ TableNames: [] });
  });
});
