import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, releasesTable, type Item, type Page } from './dynamodb-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await dynamoDbCloud();
});
afterEach(() => cloud.close());

const put = (TableName: string, item: Item) => cloud.call('dynamodb', 'PutItem', { TableName, Item: item });
const query = (input: object) => cloud.call<Page>('dynamodb', 'Query', input);

describe('indexes', () => {
  const onIndex = (more: object = {}) =>
    query({
      TableName: 'releases',
      IndexName: 'gsi1',
      KeyConditionExpression: 'gsi1pk = :g',
      ExpressionAttributeValues: { ':g': { S: 'g' } },
      ...more,
    });
  const item = (sk: string, gsi1sk?: string): Item => ({
    pk: { S: 'p' },
    sk: { S: sk },
    gsi1pk: { S: 'g' },
    ...(gsi1sk !== undefined && { gsi1sk: { S: gsi1sk } }),
  });
  const sortKeys = (page: Page) => (page.Items ?? []).map((found) => found['sk']?.S);

  it('[dynamodb.indexes.sparse] hold items that have their keys, and follow every change', async () => {
    await cloud.call('dynamodb', 'CreateTable', releasesTable);
    await put('releases', item('1', 'b'));
    await put('releases', item('2', 'a'));
    await put('releases', item('3'));
    expect(sortKeys(await onIndex())).toEqual(['2', '1']);
    await put('releases', item('2', 'c'));
    expect(sortKeys(await onIndex())).toEqual(['1', '2']);
    await cloud.call('dynamodb', 'UpdateItem', {
      TableName: 'releases',
      Key: { pk: { S: 'p' }, sk: { S: '1' } },
      UpdateExpression: 'REMOVE gsi1pk',
    });
    expect(sortKeys(await onIndex())).toEqual(['2']);
    await cloud.call('dynamodb', 'DeleteItem', { TableName: 'releases', Key: { pk: { S: 'p' }, sk: { S: '2' } } });
    expect(sortKeys(await onIndex())).toEqual([]);
  });

  it.each([true, false])(
    '[dynamodb.indexes.equal-keys] go through items with equal index keys page by page (forward: %s)',
    async (ScanIndexForward) => {
      await cloud.call('dynamodb', 'CreateTable', releasesTable);
      const all = ['1', '2', '3', '4', '5'];
      for (const sk of all) await put('releases', item(sk, 'same'));
      const seen: unknown[] = [];
      let ExclusiveStartKey: Item | undefined;
      do {
        const page: Page = await onIndex({
          Limit: 2,
          ScanIndexForward,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        });
        seen.push(...sortKeys(page));
        ExclusiveStartKey = page.LastEvaluatedKey;
        if (ExclusiveStartKey) expect(Object.keys(ExclusiveStartKey).sort()).toEqual(['gsi1pk', 'gsi1sk', 'pk', 'sk']);
      } while (ExclusiveStartKey);
      expect(seen).toEqual(ScanIndexForward ? all : all.toReversed());
    },
  );

  it('[dynamodb.indexes.projection] show what they project; a local one fetches the rest when asked', async () => {
    const key = (name: string) => [
      { AttributeName: 'p', KeyType: 'HASH' },
      { AttributeName: name, KeyType: 'RANGE' },
    ];
    await cloud.call('dynamodb', 'CreateTable', {
      TableName: 'both',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['p', 'r', 'x'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: key('r'),
      LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: key('x'), Projection: { ProjectionType: 'KEYS_ONLY' } }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'global',
          KeySchema: [{ AttributeName: 'x', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['v'] },
        },
      ],
    });
    const keys: Item = { p: { S: 'p' }, r: { S: 'r' }, x: { S: 'x' } };
    const v = { N: '1' };
    const whole: Item = { ...keys, v, w: { N: '2' } };
    await put('both', whole);
    const local = { TableName: 'both', IndexName: 'local', KeyConditionExpression: 'p = :p AND x = :x' };
    const localValues = { ExpressionAttributeValues: { ':p': { S: 'p' }, ':x': { S: 'x' } } };
    expect((await query({ ...local, ...localValues, ConsistentRead: true })).Items).toEqual([keys]);
    expect((await query({ ...local, ...localValues, Select: 'ALL_ATTRIBUTES' })).Items).toEqual([whole]);
    expect((await query({ ...local, ...localValues, ProjectionExpression: 'v' })).Items).toEqual([{ v }]);
    const global = {
      TableName: 'both',
      IndexName: 'global',
      KeyConditionExpression: 'x = :x',
      ExpressionAttributeValues: { ':x': { S: 'x' } },
    };
    expect((await query(global)).Items).toEqual([{ ...keys, v }]);
    expect((await refusal(query({ ...global, Select: 'ALL_ATTRIBUTES' }))).message).toContain(
      'Select type ALL_ATTRIBUTES is not supported for global secondary index global',
    );
    expect((await refusal(query({ ...global, ProjectionExpression: 'w' }))).message).toBe(
      'One or more parameter values were invalid: Global secondary index global does not project [w]',
    );
  });
});
