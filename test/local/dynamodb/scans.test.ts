import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, releasesTable, type Item, type Page } from './dynamodb-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await dynamoDbCloud();
});
afterEach(() => cloud.close());

const put = (TableName: string, item: Item) => cloud.call('dynamodb', 'PutItem', { TableName, Item: item });

describe('a scan', () => {
  const scan = (input: object) => cloud.call<Page>('dynamodb', 'Scan', { TableName: 'releases', ...input });
  const keysOf = (items: Item[] = []) => items.map((item) => `${item['pk']?.S}/${item['sk']?.S}`);
  beforeEach(async () => {
    await cloud.call('dynamodb', 'CreateTable', releasesTable);
    for (let i = 0; i < 40; i++)
      await put('releases', { pk: { S: `p${i % 20}` }, sk: { S: `${i}` }, n: { N: `${i}` } });
  });

  it('[dynamodb.scan.pages] meets every item once in pages, also with a filter on the key', async () => {
    const seen: string[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page: Page = await scan({ Limit: 7, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
      seen.push(...keysOf(page.Items));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
    const filtered = await scan({ FilterExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p3' } } });
    expect(filtered).toMatchObject({ Count: 2, ScannedCount: 40 });
  });

  it('[dynamodb.scan.segments] is divided into segments that meet every item once', async () => {
    const pages = await Promise.all([0, 1, 2, 3].map((Segment) => scan({ Segment, TotalSegments: 4 })));
    expect(pages.filter((page) => page.Count > 0).length).toBeGreaterThan(1);
    expect(new Set(pages.flatMap((page) => keysOf(page.Items))).size).toBe(40);
    expect(pages.reduce((count, page) => count + page.Count, 0)).toBe(40);
  });

  it('refuses a segment that is not one, and a start key of another segment', async () => {
    expect((await refusal(scan({ Segment: 4, TotalSegments: 4 }))).message).toBe(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 4 is not less than TotalSegments: 4',
    );
    expect((await refusal(scan({ Segment: 1 }))).message).toContain('The TotalSegments parameter is required');
    expect((await refusal(scan({ TotalSegments: 1 }))).message).toContain('The Segment parameter is required');
    const { LastEvaluatedKey: ExclusiveStartKey } = await scan({ Segment: 0, TotalSegments: 2, Limit: 1 });
    const error = await refusal(scan({ Segment: 1, TotalSegments: 2, ExclusiveStartKey }));
    expect(error.message).toContain('Please use ExclusiveStartKey with correct Segment');
  });

  it('reads an index', async () => {
    await put('releases', { pk: { S: 'x' }, sk: { S: 'y' }, gsi1pk: { S: 'g' }, gsi1sk: { S: 'h' } });
    expect(keysOf((await scan({ IndexName: 'gsi1' })).Items)).toEqual(['x/y']);
  });
});
