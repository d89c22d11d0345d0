import {
  ConditionalCheckFailedException,
  DynamoDB,
  IdempotentParameterMismatchException,
  paginateQuery,
  ResourceNotFoundException,
  TransactionCanceledException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceApi } from '../../../local/gateway/service.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';
import { dynamoDbCloud, releasesTable } from './dynamodb-cloud.ts';

let cloud: TestCloud;
let server: GatewayOverHttp;
let client: DynamoDB;
beforeAll(async () => {
  let api: ServiceApi | undefined;
  cloud = await dynamoDbCloud((service) => {
    api = service.api;
  });
  server = await gatewayOverHttp(api ? [api] : []);
  client = new DynamoDB(server.client);
  await client.createTable(releasesTable);
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await cloud.close();
});

const TableName = 'releases';
const key = (sk: string) => ({ pk: { S: 'p' }, sk: { S: sk } });

test('the SDK waits for a table, and finds items as it has written them', async () => {
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
  const Item = {
    ...key('types'),
    b: { B: Uint8Array.of(0, 255) },
    l: { L: [{ BS: [Uint8Array.of(1)] }, { NULL: true as const }] },
  };
  await client.putItem({ TableName, Item });
  expect((await client.getItem({ TableName, Key: key('types') })).Item).toEqual(Item);
  expect((await client.describeTable({ TableName })).Table?.CreationDateTime).toBeInstanceOf(Date);
});

test('the SDK throws the exceptions of the service, with their members', async () => {
  await client.putItem({ TableName, Item: { ...key('taken'), v: { N: '1' } } });
  const ifAbsent = {
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  const put = client.putItem({ TableName, Item: key('taken'), ...ifAbsent });
  const refused = await put.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ConditionalCheckFailedException);
  expect(refused).toMatchObject({ Item: { v: { N: '1' } }, message: 'The conditional request failed' });
  const TransactItems = [
    { Put: { TableName, Item: key('new') } },
    { Put: { TableName, Item: key('taken'), ...ifAbsent } },
  ];
  const canceled = await client.transactWriteItems({ TransactItems }).catch((error: unknown) => error);
  expect(canceled).toBeInstanceOf(TransactionCanceledException);
  expect(canceled).toMatchObject({
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { v: { N: '1' } } }],
  });
  await expect(client.getItem({ TableName: 'nowhere', Key: key('a') })).rejects.toThrow(ResourceNotFoundException);
  await expect(client.putItem({ TableName, Item: {} })).rejects.toMatchObject({ name: 'ValidationException' });
});

test('the SDK repeats a transaction by its token, and pages through a query', async () => {
  const write = (sk: string) =>
    client.transactWriteItems({ ClientRequestToken: 'once', TransactItems: [{ Put: { TableName, Item: key(sk) } }] });
  await write('q1');
  await write('q1');
  await expect(write('q2')).rejects.toThrow(IdempotentParameterMismatchException);
  for (const sk of ['q2', 'q3', 'q4']) await client.putItem({ TableName, Item: key(sk) });
  const query = {
    TableName,
    KeyConditionExpression: 'pk = :p AND begins_with(sk, :q)',
    ExpressionAttributeValues: { ':p': { S: 'p' }, ':q': { S: 'q' } },
  };
  const seen: unknown[] = [];
  for await (const page of paginateQuery({ client, pageSize: 3 }, query)) seen.push(page.Count);
  expect(seen).toEqual([3, 1]);
});
