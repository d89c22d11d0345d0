import type { ListObjectsCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { put, s3Cloud } from './s3-cloud.ts';

let cloud: TestCloud;
afterEach(() => cloud.close());

function list(more: object): Promise<ListObjectsV2CommandOutput> {
  return cloud.call('s3', 'ListObjectsV2', { Bucket: 'shelf', ...more });
}

async function listAll(more: object): Promise<{ keys: string[]; prefixes: string[] }> {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await list({ ...more, ContinuationToken });
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return { keys, prefixes };
}

/** The order of the keys' UTF-8 bytes, which is not that of JavaScript's strings. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('listing a bucket', () => {
  it('[s3.list.delimiter] rolls up keys to the delimiter and counts each prefix once', async () => {
    cloud = await s3Cloud();
    for (const key of ['a.txt', 'docs/1', 'docs/2', 'docs/deep/3', 'z']) await put(cloud, key, 'v');
    expect(await list({ Delimiter: '/' })).toMatchObject({
      Contents: [{ Key: 'a.txt', Size: 1, StorageClass: 'STANDARD' }, { Key: 'z' }],
      CommonPrefixes: [{ Prefix: 'docs/' }],
      KeyCount: 3,
      IsTruncated: false,
    });
    expect(await list({ Delimiter: '/', Prefix: 'docs/' })).toMatchObject({
      Contents: [{ Key: 'docs/1' }, { Key: 'docs/2' }],
      CommonPrefixes: [{ Prefix: 'docs/deep/' }],
    });
    expect(await list({ StartAfter: 'docs/2' })).toMatchObject({ Contents: [{ Key: 'docs/deep/3' }, { Key: 'z' }] });
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it('[s3.list.encoding] encodes keys when asked to', async () => {
    cloud = await s3Cloud();
    await put(cloud, 'a b/ü', '');
    expect(await list({ EncodingType: 'url', Prefix: 'a b' })).toMatchObject({
      Contents: [{ Key: 'a%20b/%C3%BC' }],
      Prefix: 'a%20b',
      EncodingType: 'url',
    });
  });

  it('[s3.list.marker] pages by marker in the old way', async () => {
    cloud = await s3Cloud();
    for (const key of ['a/1', 'a/2', 'b', 'c/1']) await put(cloud, key, '');
    const page = (Marker?: string): Promise<ListObjectsCommandOutput> =>
      cloud.call('s3', 'ListObjects', { Bucket: 'shelf', MaxKeys: 1, Delimiter: '/', Marker });
    expect(await page()).toMatchObject({ CommonPrefixes: [{ Prefix: 'a/' }], IsTruncated: true, NextMarker: 'a/' });
    expect(await page('a/')).toMatchObject({ Contents: [{ Key: 'b' }], NextMarker: 'b' });
    expect(await page('b')).toMatchObject({ CommonPrefixes: [{ Prefix: 'c/' }], IsTruncated: false });
  });

  it('[s3.list.pages] gives, page by page, exactly what a plain filter of all keys gives', async () => {
    const key = fc
      .array(fc.constantFrom('a', 'b', '/', '\u{ffff}', '\u{10ffff}', '\ue000', '\ud7ff', '\u0000'), {
        minLength: 1,
        maxLength: 5,
      })
      .map((parts) => parts.join(''));
    cloud = await s3Cloud();
    const property = fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 12 }),
      fc.constantFrom('', 'a', 'a/', '\u{10ffff}', '\ud7ff'),
      fc.constantFrom('', '/', 'b'),
      fc.integer({ min: 1, max: 4 }),
      async (keys, Prefix, Delimiter, MaxKeys) => {
        for (const each of keys) await put(cloud, each, '');
        const listed = await listAll({ Prefix, Delimiter, MaxKeys });
        const Objects = keys.map((Key) => ({ Key }));
        if (keys.length > 0) await cloud.call('s3', 'DeleteObjects', { Bucket: 'shelf', Delete: { Objects } });
        expect(listed).toEqual(filterPlainly(keys, Prefix, Delimiter));
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

function filterPlainly(keys: string[], prefix: string, delimiter: string): { keys: string[]; prefixes: string[] } {
  const rolled = new Set<string>();
  const plain = keys.filter((key) => {
    if (!key.startsWith(prefix)) return false;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (at >= 0) rolled.add(key.slice(0, at + delimiter.length));
    return at < 0;
  });
  return { keys: plain.sort(byBytes), prefixes: [...rolled].sort(byBytes) };
}
