import { createHash } from 'node:crypto';
import { readdirSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openS3 } from '../../../local/services/s3/service.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { testCloud } from '../../support/cloud-context.ts';
import { get, put, s3Cloud } from './s3-cloud.ts';

const clouds: TestCloud[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
});
async function open(options: { versioning?: boolean } = {}): Promise<TestCloud> {
  const cloud = await s3Cloud(options);
  clouds.push(cloud);
  return cloud;
}

describe('objects', () => {
  it('[s3.objects.roundtrip] come back with the bytes, headers and metadata they were put with', async () => {
    const cloud = await open();
    const stored = await put(cloud, 'a/b.html', '<p>', {
      ContentType: 'text/html',
      CacheControl: 'no-cache',
      Metadata: { Owner: 'team' },
    });
    const read = await get(cloud, 'a/b.html');
    expect(read).toMatchObject({
      text: '<p>',
      ContentType: 'text/html',
      CacheControl: 'no-cache',
      ContentLength: 3,
      Metadata: { owner: 'team' },
      ETag: `"${createHash('md5').update('<p>').digest('hex')}"`,
      ServerSideEncryption: 'AES256',
    });
    expect(stored.ETag).toBe(read.ETag);
    expect(read.VersionId).toBeUndefined();
    expect(read.ContentRange).toBeUndefined();
  });

  it.each(['../../etc/passwd', '/', 'a\u0000b', 'ключ 🗝 ?#%2F', '..', 'a//b/../c', 'x'.repeat(1024)])(
    '[s3.objects.key] are kept under any key without it becoming a path: %j',
    async (key) => {
      const cloud = await open();
      await put(cloud, key, key);
      expect((await get(cloud, key)).text).toBe(key);
      const files = readdirSync(join(cloud.context.folder, 's3'), { recursive: true, encoding: 'utf8' });
      expect(files.filter((file) => /[0-9a-f]{32}$/.test(file))).toHaveLength(1);
    },
  );

  it('[s3.objects.key] are refused under a key of more than 1,024 bytes', async () => {
    const cloud = await open();
    await expect(put(cloud, 'ü'.repeat(513), '')).rejects.toMatchObject({ code: 'KeyTooLongError', httpStatus: 400 });
  });

  it.each([
    ['bytes=0-1', 'ab', 'bytes 0-1/6'],
    ['bytes=2-', 'cdef', 'bytes 2-5/6'],
    ['bytes=-2', 'ef', 'bytes 4-5/6'],
    ['bytes=-99', 'abcdef', 'bytes 0-5/6'],
    ['bytes=4-99', 'ef', 'bytes 4-5/6'],
    ['bytes=4-2', 'abcdef', undefined],
    ['bytes=0-1,3-4', 'abcdef', undefined],
    ['lines=1-2', 'abcdef', undefined],
  ])('[s3.objects.range] answer the range %s', async (Range, text, ContentRange) => {
    const cloud = await open();
    await put(cloud, 'k', 'abcdef');
    const read = await get(cloud, 'k', { Range });
    expect(read.text).toBe(text);
    expect(read.ContentRange).toBe(ContentRange);
    expect(read.ContentLength).toBe(text.length);
  });

  it.each(['bytes=6-', 'bytes=-0', 'bytes=9-12'])(
    '[s3.objects.range] refuse the range %s, which begins past the end',
    async (Range) => {
      const cloud = await open();
      await put(cloud, 'k', 'abcdef');
      await expect(get(cloud, 'k', { Range })).rejects.toMatchObject({ code: 'InvalidRange', httpStatus: 416 });
    },
  );

  it('[s3.objects.missing] answer 404 for what is not there', async () => {
    const cloud = await open();
    await expect(get(cloud, 'none')).rejects.toMatchObject({ code: 'NoSuchKey', httpStatus: 404 });
    await expect(cloud.call('s3', 'HeadObject', { Bucket: 'shelf', Key: 'none' })).rejects.toMatchObject({
      httpStatus: 404,
    });
    await expect(get(cloud, 'k', { Bucket: 'nowhere' })).rejects.toMatchObject({
      code: 'NoSuchBucket',
      httpStatus: 404,
    });
    await expect(get(cloud, 'k', { ExpectedBucketOwner: '999999999999' })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('[s3.objects.conditional-read] can be read only under conditions that hold', async () => {
    const cloud = await open();
    const { ETag } = await put(cloud, 'k', 'v');
    const { LastModified } = await get(cloud, 'k');
    await expect(get(cloud, 'k', { IfMatch: '"other"' })).rejects.toMatchObject({ httpStatus: 412 });
    await expect(get(cloud, 'k', { IfNoneMatch: ETag })).rejects.toMatchObject({ httpStatus: 304 });
    await expect(get(cloud, 'k', { IfModifiedSince: LastModified })).rejects.toMatchObject({ code: 'NotModified' });
    const before = new Date(LastModified!.getTime() - 60_000);
    await expect(get(cloud, 'k', { IfUnmodifiedSince: before })).rejects.toMatchObject({ code: 'PreconditionFailed' });
    expect((await get(cloud, 'k', { IfMatch: ETag, IfUnmodifiedSince: before })).text).toBe('v');
    expect((await get(cloud, 'k', { IfNoneMatch: '"x"', IfModifiedSince: LastModified })).text).toBe('v');
  });

  it('[s3.objects.conditional-write] are put only under conditions that hold', async () => {
    const cloud = await open();
    await expect(put(cloud, 'k', 'v', { IfMatch: '"x"' })).rejects.toMatchObject({ code: 'NoSuchKey' });
    const { ETag } = await put(cloud, 'k', '1', { IfNoneMatch: '*' });
    await expect(put(cloud, 'k', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({
      code: 'PreconditionFailed',
      httpStatus: 412,
    });
    await expect(put(cloud, 'k', '2', { IfMatch: '"x"' })).rejects.toMatchObject({ code: 'PreconditionFailed' });
    await put(cloud, 'k', '3', { IfMatch: ETag! });
    expect((await get(cloud, 'k')).text).toBe('3');
    await expect(put(cloud, 'k', '4', { IfNoneMatch: '"x"' })).rejects.toMatchObject({ code: 'NotImplemented' });
  });

  it('[s3.objects.conditional-write] are created by exactly one of many that ask for a new one at once', async () => {
    const cloud = await open();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => put(cloud, 'lock', String(n), { IfNoneMatch: '*' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bodies(cloud)).toHaveLength(1);
  });

  it('[s3.objects.checksum] are refused when a checksum or the MD5 is not that of the bytes', async () => {
    const cloud = await open();
    const wrong = { ChecksumCRC32: 'AAAAAA==' };
    await expect(put(cloud, 'k', 'v', wrong)).rejects.toMatchObject({ code: 'BadDigest', httpStatus: 400 });
    await expect(put(cloud, 'k', 'v', { ChecksumSHA256: 'AAAA' })).rejects.toMatchObject({ code: 'InvalidRequest' });
    const md5 = createHash('md5').update('other').digest('base64');
    await expect(put(cloud, 'k', 'v', { ContentMD5: md5 })).rejects.toMatchObject({ code: 'BadDigest' });
    await expect(put(cloud, 'k', 'v', { ContentMD5: 'eA==' })).rejects.toMatchObject({ code: 'InvalidDigest' });
    await expect(put(cloud, 'k', 'v', { ChecksumCRC32C: 'AAAAAA==' })).rejects.toThrow('CRC32C');
    await expect(get(cloud, 'k')).rejects.toMatchObject({ code: 'NoSuchKey' });
    expect(bodies(cloud)).toHaveLength(0);
  });

  it('[s3.objects.checksum] tell their checksum to those who ask, and never that of a part', async () => {
    const cloud = await open();
    const ChecksumSHA256 = createHash('sha256').update('123456789').digest('base64');
    await put(cloud, 'sha', '123456789', { ChecksumSHA256 });
    await put(cloud, 'crc', '123456789', { ChecksumAlgorithm: 'CRC32' });
    expect(await get(cloud, 'sha', { ChecksumMode: 'ENABLED' })).toMatchObject({ ChecksumSHA256 });
    // The check value of CRC-32 for "123456789" is cbf43926.
    const ChecksumCRC32 = Buffer.from('cbf43926', 'hex').toString('base64');
    expect(await get(cloud, 'crc', { ChecksumMode: 'ENABLED' })).toMatchObject({ ChecksumCRC32 });
    expect((await get(cloud, 'sha')).ChecksumSHA256).toBeUndefined();
    expect((await get(cloud, 'sha', { ChecksumMode: 'ENABLED', Range: 'bytes=0-1' })).ChecksumSHA256).toBeUndefined();
  });

  it('[s3.objects.durable] survive a restart, and half-written ones leave nothing', async () => {
    const cloud = await open({ versioning: true });
    const { VersionId } = await put(cloud, 'k', '1');
    await put(cloud, 'k', '2');
    const folder = join(cloud.context.folder, 's3');
    writeFileSync(join(folder, 'incoming', 'f'.repeat(32)), 'half');
    mkdirSync(join(folder, 'bodies', 'ff'), { recursive: true });
    writeFileSync(join(folder, 'bodies', 'ff', 'f'.repeat(32)), 'written, not committed');
    const again = await cloud.restart();
    clouds.push(again);
    clouds.splice(clouds.indexOf(cloud), 1);
    expect((await get(again, 'k')).text).toBe('2');
    expect((await get(again, 'k', { VersionId })).text).toBe('1');
    expect(bodies(again)).toHaveLength(2);
    expect(readdirSync(join(folder, 'incoming'))).toHaveLength(0);
  });

  it('leave no file behind when they are replaced or deleted', async () => {
    const cloud = await open();
    await put(cloud, 'k', '1');
    await put(cloud, 'k', '2');
    expect(bodies(cloud)).toHaveLength(1);
    await cloud.call('s3', 'DeleteObject', { Bucket: 'shelf', Key: 'k' });
    expect(bodies(cloud)).toHaveLength(0);
  });

  it('[s3.objects.read-while-deleted] can be read to the end though they are deleted meanwhile', async () => {
    const cloud = await open();
    await put(cloud, 'k', 'still here');
    const reading = get(cloud, 'k');
    await cloud.call('s3', 'DeleteObject', { Bucket: 'shelf', Key: 'k' });
    expect((await reading).text).toBe('still here');
  });

  it('[s3.objects.tags] carry tags', async () => {
    const cloud = await open();
    await put(cloud, 'k', '', { Tagging: 'a=1&b=x%20y' });
    expect((await get(cloud, 'k')).TagCount).toBe(2);
    const tagging = { Bucket: 'shelf', Key: 'k', Tagging: { TagSet: [{ Key: 'c', Value: '3' }] } };
    await cloud.call('s3', 'PutObjectTagging', tagging);
    expect(await cloud.call('s3', 'GetObjectTagging', { Bucket: 'shelf', Key: 'k' })).toEqual({
      TagSet: [{ Key: 'c', Value: '3' }],
    });
    await expect(put(cloud, 'k', '', { Tagging: 'a=1&a=2' })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it.each([
    [{ SSECustomerAlgorithm: 'AES256' }, 'SSE-C'],
    [{ ObjectLockLegalHoldStatus: 'ON' }, 'Object Lock'],
    [{ StorageClass: 'GLACIER' }, 'GLACIER'],
  ] as const)('are refused by name with what is not supported: %j', async (more, name) => {
    const cloud = await open();
    await expect(put(cloud, 'k', '', more)).rejects.toThrow(name);
  });
});

describe('copies', () => {
  it('[s3.copy.metadata] take bytes and metadata along, or replace the metadata', async () => {
    const cloud = await open();
    await put(cloud, 'from here/ü', 'v', { ContentType: 'text/css', Metadata: { a: '1' } });
    const CopySource = '/shelf/from%20here/%C3%BC';
    await cloud.call('s3', 'CopyObject', { Bucket: 'shelf', Key: 'b', CopySource });
    expect(await get(cloud, 'b')).toMatchObject({ text: 'v', ContentType: 'text/css', Metadata: { a: '1' } });
    const replace = { MetadataDirective: 'REPLACE', ContentType: 'text/plain' };
    await cloud.call('s3', 'CopyObject', { Bucket: 'shelf', Key: 'c', CopySource, ...replace });
    expect(await get(cloud, 'c')).toMatchObject({ text: 'v', ContentType: 'text/plain', Metadata: {} });
  });

  it('[s3.copy.conditions] read the version they name, and are refused when their conditions fail or they change nothing', async () => {
    const cloud = await open({ versioning: true });
    const { VersionId, ETag } = await put(cloud, 'k', '1');
    await put(cloud, 'k', '2');
    const copy = (more: object): Promise<unknown> =>
      cloud.call('s3', 'CopyObject', {
        Bucket: 'shelf',
        Key: 'old',
        CopySource: `shelf/k?versionId=${VersionId}`,
        ...more,
      });
    expect(await copy({})).toMatchObject({ CopySourceVersionId: VersionId });
    expect((await get(cloud, 'old')).text).toBe('1');
    await expect(copy({ CopySourceIfNoneMatch: ETag })).rejects.toMatchObject({ httpStatus: 412 });
    await expect(copy({ Key: 'k', CopySource: 'shelf/k' })).rejects.toMatchObject({ code: 'InvalidRequest' });
    await expect(copy({ CopySource: 'shelf' })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });
});

describe('buckets', () => {
  it('[s3.buckets.not-empty] are made once, found, listed and deleted when empty', async () => {
    const cloud = await open();
    await cloud.call('s3', 'HeadBucket', { Bucket: 'shelf' });
    await put(cloud, 'k', '');
    const listed = await cloud.call<{ Buckets: unknown[] }>('s3', 'ListBuckets', {});
    expect(listed.Buckets).toMatchObject([{ Name: 'shelf' }]);
    const remove = (): Promise<unknown> => cloud.call('s3', 'DeleteBucket', { Bucket: 'shelf' });
    await expect(remove()).rejects.toMatchObject({ code: 'BucketNotEmpty', httpStatus: 409 });
    await cloud.call('s3', 'DeleteObject', { Bucket: 'shelf', Key: 'k' });
    await remove();
    await expect(cloud.call('s3', 'HeadBucket', { Bucket: 'shelf' })).rejects.toMatchObject({ httpStatus: 404 });
  });

  it('[s3.buckets.again] are refused a second time outside us-east-1', async () => {
    const cloud = await testCloud({ services: [(context) => openS3({ ...context, region: 'eu-west-1' })] });
    clouds.push(cloud);
    const create = (): Promise<unknown> =>
      cloud.call('s3', 'CreateBucket', {
        Bucket: 'shelf',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      });
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'BucketAlreadyOwnedByYou', httpStatus: 409 });
    expect(await cloud.call('s3', 'GetBucketLocation', { Bucket: 'shelf' })).toEqual({
      LocationConstraint: 'eu-west-1',
    });
    await expect(cloud.call('s3', 'CreateBucket', { Bucket: 'other' })).rejects.toMatchObject({
      code: 'IllegalLocationConstraintException',
    });
  });

  it.each(['ab', 'Shelf', 'a..b', '10.0.0.1', '-a-', 'xn--abc', 'a_b', 'a'.repeat(64)])(
    'are refused under the name %s',
    async (Bucket) => {
      const cloud = await open();
      await expect(cloud.call('s3', 'CreateBucket', { Bucket })).rejects.toMatchObject({ code: 'InvalidBucketName' });
    },
  );
});

function bodies(cloud: TestCloud): string[] {
  const files = readdirSync(join(cloud.context.folder, 's3', 'bodies'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /[0-9a-f]{32}$/.test(file));
}
