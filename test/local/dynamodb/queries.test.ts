import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, releasesTable, type Item, type Page } from './dynamodb-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await dynamoDbCloud();
});
afterEach(() => cloud.close());

/** A table `sorted` whose sort key has the given type, with an index that projects `seen` only. */
async function sortedTable(type: 'S' | 'N' | 'B', rangeValues: Item[string][]): Promise<void> {
  await cloud.call('dynamodb', 'CreateTable', {
    TableName: 'sorted',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'p', AttributeType: 'S' },
      { AttributeName: 'r', AttributeType: type },
    ],
    KeySchema: [
      { AttributeName: 'p', KeyType: 'HASH' },
      { AttributeName: 'r', KeyType: 'RANGE' },
    ],
  });
  for (const p of ['a', 'b']) {
    for (const r of rangeValues) await put('sorted', { p: { S: p }, r });
  }
}

const put = (TableName: string, item: Item) => cloud.call('dynamodb', 'PutItem', { TableName, Item: item });
const query = (input: object) => cloud.call<Page>('dynamodb', 'Query', input);
const bytes = (...values: number[]): Item[string] => ({ B: Uint8Array.of(...values) });
const numbers = (...texts: string[]): Item[string][] => texts.map((N) => ({ N }));
const strings = (...texts: string[]): Item[string][] => texts.map((S) => ({ S }));

async function found(condition: string, values: Item = {}, more: object = {}): Promise<(Item[string] | undefined)[]> {
  const page = await query({
    TableName: 'sorted',
    KeyConditionExpression: condition,
    ExpressionAttributeValues: { ':p': { S: 'a' }, ...values },
    ...more,
  });
  return (page.Items ?? []).map((item) => item['r']);
}

describe('the order of a partition', () => {
  const numeric = numbers(
    ...['-1E125', '-100', '-10.5', '-10', '-1.01', '-1', '-0.5', '-1E-130', '0', '1E-130', '0.05', '0.5', '1'],
    ...['1.01', '1.1', '2', '9.9', '10', '10.5', '99', '100', '12345678901234567890', '1E125'],
  );
  const ordered: ['S' | 'N' | 'B', Item[string][]][] = [
    ['N', numeric],
    ['S', strings('A', 'Z', 'a', 'aa', 'b', 'é', '\uFF5E', '\u{1F680}')],
    ['B', [bytes(0), bytes(0, 0), bytes(1), bytes(127), bytes(128), bytes(255), bytes(255, 0)]],
  ];
  it.each(ordered)(
    '[dynamodb.query.order] is by value for keys of type %s, forwards and backwards',
    async (type, values) => {
      await sortedTable(type, values.toReversed());
      const forwards = await found('p = :p');
      expect(forwards.map((value) => Number(value?.N ?? Number.NaN))).toEqual(
        values.map((value) => Number(value.N ?? Number.NaN)),
      );
      if (type !== 'N') expect(forwards).toEqual(values);
      expect(await found('p = :p', {}, { ScanIndexForward: false })).toEqual(forwards.toReversed());
    },
  );
});

describe('a key condition', () => {
  it.each([
    ['p = :p', {}, ['1', '2', '3', '10']],
    ['p = :p AND r = :v', { ':v': { N: '2' } }, ['2']],
    ['p = :p AND r < :v', { ':v': { N: '3' } }, ['1', '2']],
    ['p = :p AND r <= :v', { ':v': { N: '3' } }, ['1', '2', '3']],
    ['r > :v AND p = :p', { ':v': { N: '2' } }, ['3', '10']],
    ['p = :p AND r >= :v', { ':v': { N: '2' } }, ['2', '3', '10']],
    ['p = :p AND :v > r', { ':v': { N: '2' } }, ['1']],
    ['p = :p AND r BETWEEN :v AND :w', { ':v': { N: '2' }, ':w': { N: '3' } }, ['2', '3']],
    ['(p = :p) AND (r >= :v)', { ':v': { N: '10' } }, ['10']],
  ])('%s', async (condition, values, expected) => {
    await sortedTable('N', numbers('1', '2', '3', '10'));
    expect(await found(condition, values as Item)).toEqual(numbers(...expected));
  });

  it('finds by prefix in strings and binary', async () => {
    await sortedTable('S', strings('a', 'ab', 'abc', 'ac', 'b'));
    expect(await found('p = :p AND begins_with(r, :v)', { ':v': { S: 'ab' } })).toEqual(strings('ab', 'abc'));
    await cloud.call('dynamodb', 'DeleteTable', { TableName: 'sorted' });
    await sortedTable('B', [bytes(1), bytes(255), bytes(255, 1), bytes(255, 255)]);
    const begins = (...prefix: number[]) => found('p = :p AND begins_with(r, :v)', { ':v': bytes(...prefix) });
    expect(await begins(255)).toEqual([bytes(255), bytes(255, 1), bytes(255, 255)]);
    expect(await begins(255, 255)).toEqual([bytes(255, 255)]);
    expect(await begins(1)).toEqual([bytes(1)]);
  });

  it.each([
    ['r = :p', {}, 'Query condition missed key schema element: p'],
    ['p = :p AND v = :v', { ':v': { N: '1' } }, 'Query condition missed key schema element: r'],
    ['p > :p', {}, 'Query key condition not supported'],
    ['p = :p OR r = :v', { ':v': { N: '1' } }, 'Invalid operator used in KeyConditionExpression: OR'],
    ['p = :p AND r <> :v', { ':v': { N: '1' } }, 'Invalid operator used in KeyConditionExpression: <>'],
    ['p = :p AND contains(r, :v)', { ':v': { N: '1' } }, 'Invalid operator used in KeyConditionExpression: contains'],
    [
      'p = :p AND r.x = :v',
      { ':v': { N: '1' } },
      'KeyConditionExpressions cannot have conditions on nested attributes',
    ],
    ['p = :p AND size(r) = :v', { ':v': { N: '1' } }, 'KeyConditionExpressions cannot contain nested operations'],
    ['p = :p AND p = :v', { ':v': { S: '1' } }, 'KeyConditionExpressions must only contain one condition per key'],
    [
      'p = :p AND r = :v',
      { ':v': { S: '1' } },
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
  ])('[dynamodb.query.key-condition] refuses %s', async (condition, values, message) => {
    await sortedTable('N', []);
    expect(await refusal(found(condition, values as Item))).toMatchObject({ code: 'ValidationException', message });
  });

  it('[dynamodb.query.key-condition] is needed', async () => {
    await sortedTable('N', []);
    expect((await refusal(query({ TableName: 'sorted' }))).message).toContain('must be specified in the request');
  });
});

describe('filters, projections and pages', () => {
  beforeEach(async () => {
    await cloud.call('dynamodb', 'CreateTable', releasesTable);
    for (let i = 0; i < 10; i++) {
      await put('releases', {
        pk: { S: 'p' },
        sk: { S: `s${i}` },
        parity: { S: i % 2 === 0 ? 'even' : 'odd' },
        doc: { M: { i: { N: String(i) }, l: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] } } },
      });
    }
  });
  const base = { TableName: 'releases', KeyConditionExpression: 'pk = :pk' };
  const pk = { ':pk': { S: 'p' } };

  it('[dynamodb.query.filter-after] counts what was read apart from what was found', async () => {
    const page = await query({
      ...base,
      FilterExpression: 'parity = :even',
      ExpressionAttributeValues: { ...pk, ':even': { S: 'even' } },
      Select: 'COUNT',
    });
    expect(page).toEqual({ Count: 5, ScannedCount: 10 });
  });

  it('[dynamodb.query.limit] limits what is read, not what is found, and goes on behind the last key', async () => {
    const seen: unknown[] = [];
    let ExclusiveStartKey: Item | undefined;
    let pageCount = 0;
    do {
      const page: Page = await query({
        ...base,
        FilterExpression: 'parity = :odd',
        ExpressionAttributeValues: { ...pk, ':odd': { S: 'odd' } },
        Limit: 3,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      });
      seen.push(...(page.Items ?? []).map((item) => item['sk']?.S));
      ExclusiveStartKey = page.LastEvaluatedKey;
      pageCount++;
    } while (ExclusiveStartKey);
    expect(seen).toEqual(['s1', 's3', 's5', 's7', 's9']);
    expect(pageCount).toBe(4);
  });

  it('[dynamodb.query.last-page] gives a last key when the limit is met exactly, and an empty page behind it', async () => {
    const page = await query({ ...base, ExpressionAttributeValues: pk, Limit: 10 });
    expect(page.LastEvaluatedKey).toEqual({ pk: { S: 'p' }, sk: { S: 's9' } });
    const { LastEvaluatedKey: ExclusiveStartKey } = page;
    expect(await query({ ...base, ExpressionAttributeValues: pk, ExclusiveStartKey })).toEqual({
      Items: [],
      Count: 0,
      ScannedCount: 0,
    });
  });

  it('[dynamodb.query.projection] gives parts of documents, list elements closed up', async () => {
    const page = await query({
      ...base,
      ProjectionExpression: 'sk, doc.l[2], doc.l[0], gone.x',
      ExpressionAttributeValues: pk,
      Limit: 1,
    });
    expect(page.Items).toEqual([{ sk: { S: 's0' }, doc: { M: { l: { L: [{ N: '0' }, { N: '2' }] } } } }]);
  });

  it('[dynamodb.query.page-size] ends a page at 1 MB', async () => {
    for (let i = 0; i < 5; i++) {
      await put('releases', { pk: { S: 'big' }, sk: { S: `${i}` }, v: { S: 'x'.repeat(300_000) } });
    }
    const big = { ...base, ExpressionAttributeValues: { ':pk': { S: 'big' } }, ReturnConsumedCapacity: 'TOTAL' };
    const first = await query(big);
    expect(first).toMatchObject({ Count: 4, LastEvaluatedKey: { sk: { S: '3' } } });
    expect(first.ConsumedCapacity).toEqual({ TableName: 'releases', CapacityUnits: Math.ceil(1_200_044 / 4096) / 2 });
    const second = await query({ ...big, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(second.Count).toBe(1);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it.each<[object, string]>([
    [
      { FilterExpression: 'sk = :pk' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    [
      { Select: 'SPECIFIC_ATTRIBUTES' },
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    ],
    [
      { Select: 'ALL_PROJECTED_ATTRIBUTES' },
      'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [{ IndexName: 'gsi1', ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
    [{ IndexName: 'gsi9' }, 'The table does not have the specified index: gsi9'],
    [
      { ExclusiveStartKey: { pk: { S: 'p' } } },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      { ExclusiveStartKey: { pk: { S: 'q' }, sk: { S: 's' } } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
  ])('refuses %j', async (more, message) => {
    const error = await refusal(query({ ...base, ExpressionAttributeValues: pk, ...more }));
    expect(error).toMatchObject({ code: 'ValidationException', message });
  });
});
