import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, releasesTable, thingsTable, type Item } from './dynamodb-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await dynamoDbCloud();
  await cloud.call('dynamodb', 'CreateTable', thingsTable);
  await cloud.call('dynamodb', 'CreateTable', releasesTable);
});
afterEach(() => cloud.close());

const TableName = 'things';
const key = (id: string) => ({ TableName, Key: { id: { S: id } } });
const put = (id: string, more: object = {}) => ({ Put: { TableName, Item: { id: { S: id } }, ...more } });
const write = (TransactItems: object[], more: object = {}) =>
  cloud.call('dynamodb', 'TransactWriteItems', { TransactItems, ...more });
const get = async (id: string) => (await cloud.call<{ Item?: Item }>('dynamodb', 'GetItem', key(id))).Item;
const ifAbsent = { ConditionExpression: 'attribute_not_exists(id)' };
const increment = (id: string) => ({
  Update: { ...key(id), UpdateExpression: 'ADD v :one', ExpressionAttributeValues: { ':one': { N: '1' } } },
});

describe('a transaction that writes', () => {
  it('does all of its actions', async () => {
    await write([put('a'), put('b'), put('c')]);
    await write([
      { ConditionCheck: { ...key('a'), ConditionExpression: 'attribute_exists(id)' } },
      { Delete: key('b') },
      increment('c'),
      put('d', ifAbsent),
    ]);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(get))).toEqual([
      { id: { S: 'a' } },
      undefined,
      { id: { S: 'c' }, v: { N: '1' } },
      { id: { S: 'd' } },
    ]);
  });

  it('[dynamodb.transactions.all-or-nothing] does none of them if one condition fails, and names a reason per action in order', async () => {
    await write([put('taken', { Item: { id: { S: 'taken' }, v: { N: '7' } } })]);
    const all = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    const error = await refusal(
      write([
        put('new'),
        put('taken', { ...ifAbsent, ...all }),
        { ConditionCheck: { ...key('gone'), ConditionExpression: 'attribute_exists(id)' } },
        { Update: { ...key('other'), UpdateExpression: 'SET v = v' } },
      ]),
    );
    expect(error).toMatchObject({
      code: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
        '[None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]',
    });
    expect(error.members).toEqual({
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { id: { S: 'taken' }, v: { N: '7' } },
        },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
        {
          Code: 'ValidationError',
          Message: 'The provided expression refers to an attribute that does not exist in the item',
        },
      ],
    });
    expect(await get('new')).toBeUndefined();
  });

  it('[dynamodb.transactions.limits] takes 100 actions and refuses 101, none, and two on one item', async () => {
    await write(Array.from({ length: 100 }, (_, i) => put(`${i}`)));
    expect((await refusal(write(Array.from({ length: 101 }, (_, i) => put(`${i}`))))).message).toContain(
      'Member must have length less than or equal to 100',
    );
    expect((await refusal(write([]))).message).toContain('Member must have length greater than or equal to 1');
    const twice = await refusal(write([put('x'), { Delete: key('x') }]));
    expect(twice).toMatchObject({
      code: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  it('[dynamodb.transactions.limits] refuses more than 4 MB together', async () => {
    const big = (i: number) => put(`${i}`, { Item: { id: { S: `${i}` }, v: { S: 'x'.repeat(400_000) } } });
    await write(Array.from({ length: 10 }, (_, i) => big(i)));
    const error = await refusal(write(Array.from({ length: 11 }, (_, i) => big(i))));
    expect(error.message).toContain('cannot exceed 4 MB');
  });

  it('refuses an action that is none or two, a wrong expression and a missing table as a whole', async () => {
    expect((await refusal(write([{}]))).code).toBe('ValidationException');
    expect((await refusal(write([{ ...put('a'), Delete: key('b') }]))).code).toBe('ValidationException');
    expect((await refusal(write([put('a', { ConditionExpression: 'id =' })]))).message).toContain('Syntax error');
    const nowhere = { Put: { TableName: 'nowhere', Item: { id: { S: 'a' } } } };
    expect((await refusal(write([put('a'), nowhere]))).code).toBe('ResourceNotFoundException');
    expect(await get('a')).toBeUndefined();
  });

  it('[dynamodb.transactions.capacity] counts twice the units, per table', async () => {
    const answer = await write([put('a'), put('b')], { ReturnConsumedCapacity: 'TOTAL' });
    expect(answer['ConsumedCapacity']).toEqual([{ TableName, CapacityUnits: 4, WriteCapacityUnits: 4 }]);
  });
});

describe('a request token', () => {
  const ClientRequestToken = 'token-1';

  it('[dynamodb.transactions.token] makes a repeated transaction do nothing for ten minutes', async () => {
    await write([increment('a')], { ClientRequestToken });
    await cloud.advance(9 * 60_000);
    await write([increment('a')], { ClientRequestToken });
    expect((await get('a'))?.['v']).toEqual({ N: '1' });
    await cloud.advance(60_000);
    await write([increment('a')], { ClientRequestToken });
    expect((await get('a'))?.['v']).toEqual({ N: '2' });
  });

  it('is remembered over a restart', async () => {
    await write([increment('a')], { ClientRequestToken });
    cloud = await cloud.restart();
    await write([increment('a')], { ClientRequestToken });
    expect((await get('a'))?.['v']).toEqual({ N: '1' });
  });

  it('[dynamodb.transactions.token] refuses another request', async () => {
    await write([increment('a')], { ClientRequestToken });
    const error = await refusal(write([increment('b')], { ClientRequestToken }));
    expect(error.code).toBe('IdempotentParameterMismatchException');
    expect(await get('b')).toBeUndefined();
  });

  it('is free again when its transaction was canceled', async () => {
    const items = [put('a', { ConditionExpression: 'attribute_exists(id)' })];
    await refusal(write(items, { ClientRequestToken }));
    await cloud.call('dynamodb', 'PutItem', { TableName, Item: { id: { S: 'a' } } });
    await write(items, { ClientRequestToken });
  });

  it('has at most 36 characters', async () => {
    const error = await refusal(write([put('a')], { ClientRequestToken: 'x'.repeat(37) }));
    expect(error.message).toContain("at 'clientRequestToken'");
  });
});

describe('a transaction that reads', () => {
  it('gives one response per item, empty for what is not there', async () => {
    await write([put('a', { Item: { id: { S: 'a' }, v: { N: '1' }, w: { N: '2' } } })]);
    const TransactItems = [{ Get: { ...key('a'), ProjectionExpression: 'w' } }, { Get: key('b') }];
    const answer = await cloud.call('dynamodb', 'TransactGetItems', { TransactItems, ReturnConsumedCapacity: 'TOTAL' });
    expect(answer).toEqual({
      Responses: [{ Item: { w: { N: '2' } } }, {}],
      ConsumedCapacity: [{ TableName, CapacityUnits: 4, ReadCapacityUnits: 4 }],
    });
  });

  it('refuses a key that does not fit, with the reason in its place', async () => {
    const TransactItems = [{ Get: key('a') }, { Get: { TableName, Key: { id: { N: '1' } } } }];
    const error = await refusal(cloud.call('dynamodb', 'TransactGetItems', { TransactItems }));
    expect(error.members).toEqual({
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
      ],
    });
  });
});

describe('batches', () => {
  const batchWrite = (RequestItems: object, more: object = {}) =>
    cloud.call('dynamodb', 'BatchWriteItem', { RequestItems, ...more });
  const batchGet = (RequestItems: object) =>
    cloud.call<{ Responses: Record<string, Item[]>; UnprocessedKeys: Record<string, { Keys: Item[] }> }>(
      'dynamodb',
      'BatchGetItem',
      { RequestItems },
    );
  const putRequest = (id: string, more: Item = {}) => ({ PutRequest: { Item: { id: { S: id }, ...more } } });

  it('write and read items of several tables', async () => {
    await batchWrite({ things: [putRequest('gone')] });
    const answer = await batchWrite(
      {
        things: [putRequest('a', { v: { N: '1' } }), { DeleteRequest: { Key: { id: { S: 'gone' } } } }],
        releases: [{ PutRequest: { Item: { pk: { S: 'p' }, sk: { S: 's' } } } }],
      },
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    expect(answer).toEqual({
      UnprocessedItems: {},
      ConsumedCapacity: [
        { TableName: 'things', CapacityUnits: 2 },
        { TableName: 'releases', CapacityUnits: 1 },
      ],
    });
    const read = await batchGet({
      things: { Keys: [{ id: { S: 'a' } }, { id: { S: 'gone' } }], ProjectionExpression: 'v' },
      releases: { Keys: [{ pk: { S: 'p' }, sk: { S: 's' } }] },
    });
    expect(read).toEqual({
      Responses: { things: [{ v: { N: '1' } }], releases: [{ pk: { S: 'p' }, sk: { S: 's' } }] },
      UnprocessedKeys: {},
    });
  });

  it('[dynamodb.batches.unprocessed] leave keys unprocessed behind 16 MB', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `${i}`);
    for (const id of ids) await batchWrite({ things: [putRequest(id, { v: { S: 'x'.repeat(400_000) } })] });
    const read = await batchGet({ things: { Keys: ids.map((id) => ({ id: { S: id } })) } });
    expect(read.Responses['things']).toHaveLength(41);
    expect(read.UnprocessedKeys['things']?.Keys).toEqual(ids.slice(41).map((id) => ({ id: { S: id } })));
  });

  it('[dynamodb.batches.limits] refuse too many items and the same item twice', async () => {
    const many = Array.from({ length: 26 }, (_, i) => putRequest(`${i}`));
    expect((await refusal(batchWrite({ things: many }))).message).toBe(
      'Too many items requested for the BatchWriteItem call',
    );
    const keys = Array.from({ length: 101 }, (_, i) => ({ id: { S: `${i}` } }));
    expect((await refusal(batchGet({ things: { Keys: keys } }))).message).toBe(
      'Too many items requested for the BatchGetItem call',
    );
    const duplicate = 'Provided list of item keys contains duplicates';
    expect((await refusal(batchWrite({ things: [putRequest('a'), putRequest('a')] }))).message).toBe(duplicate);
    expect((await refusal(batchGet({ things: { Keys: [{ id: { S: 'a' } }, { id: { S: 'a' } }] } }))).message).toBe(
      duplicate,
    );
  });
});
