import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3 } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openS3 } from '../../../local/services/s3/service.ts';
import { testCloud, testStartMs, type TestCloud } from '../../support/cloud-context.ts';
import { createClock } from '../../../local/clock/clock.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
let s3: S3;
let bucketCount = 0;
let Bucket = '';

beforeAll(async () => {
  let module: ReturnType<typeof openS3> | undefined;
  cloud = await testCloud({ services: [(context) => (module = openS3(context))] });
  if (!module?.api) throw new Error('S3 has an api');
  const clock = createClock({ kind: 'virtual', startMs: testStartMs });
  http = await gatewayOverHttp([module.api], { clock, routes: module.routes ?? [] });
  s3 = new S3({ ...http.client, systemClockOffset: testStartMs - Date.now() });
});
afterAll(async () => {
  s3.destroy();
  await http.close();
  await cloud.close();
});
beforeEach(async () => {
  Bucket = `shelf-${++bucketCount}`;
  await s3.createBucket({ Bucket });
});

describe("the SDK's client", () => {
  it('stores and reads objects with the checksums that it sends by itself', async () => {
    const Key = 'a b/ü+?#%.txt';
    await s3.putObject({ Bucket, Key, Body: 'hello', Metadata: { a: '1' }, ContentType: 'text/plain' });
    await s3.putObject({ Bucket, Key: 'stream', Body: Readable.from([Buffer.from('streamed')]), ContentLength: 8 });
    const read = await s3.getObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
    expect(await read.Body?.transformToString()).toBe('hello');
    expect(read).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/plain', ContentLength: 5 });
    expect(read.ChecksumCRC32).toBe('NhCmhg==');
    expect(await (await s3.getObject({ Bucket, Key: 'stream' })).Body?.transformToString()).toBe('streamed');
    expect((await s3.getObject({ Bucket, Key: 'stream' })).ContentEncoding).toBeUndefined();
    expect(await s3.headObject({ Bucket, Key })).toMatchObject({ ContentLength: 5, ETag: read.ETag });
  });

  it('sees the status and the class of the errors', async () => {
    await s3.putObject({ Bucket, Key: 'k', Body: 'v' });
    const { ETag } = await s3.headObject({ Bucket, Key: 'k' });
    await expect(s3.getObject({ Bucket, Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.headObject({ Bucket, Key: 'none' })).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.headBucket({ Bucket: 'nowhere' })).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.getObject({ Bucket: 'nowhere', Key: 'k' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(s3.putObject({ Bucket, Key: 'k', Body: '', IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    await expect(s3.getObject({ Bucket, Key: 'k', IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(s3.getObject({ Bucket, Key: 'k', Range: 'bytes=5-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
    await expect(s3.deleteBucket({ Bucket })).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  it('reads a range as a 206', async () => {
    await s3.putObject({ Bucket, Key: 'k', Body: 'abcdef' });
    const part = await s3.getObject({ Bucket, Key: 'k', Range: 'bytes=1-2' });
    expect(await part.Body?.transformToString()).toBe('bc');
    expect(part).toMatchObject({ ContentRange: 'bytes 1-2/6', $metadata: { httpStatusCode: 206 } });
  });

  it('handles versions, listings, copies, tags and uploads in parts', async () => {
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    expect(await s3.getBucketVersioning({ Bucket })).toMatchObject({ Status: 'Enabled' });
    const { VersionId } = await s3.putObject({ Bucket, Key: 'd/<&>', Body: '1', Tagging: 'a=1' });
    await s3.putObject({ Bucket, Key: 'd/<&>', Body: '2' });
    await s3.copyObject({
      Bucket,
      Key: 'copy',
      CopySource: `${Bucket}/${encodeURIComponent('d/<&>')}?versionId=${VersionId}`,
    });
    expect(await (await s3.getObject({ Bucket, Key: 'copy' })).Body?.transformToString()).toBe('1');
    expect((await s3.getObjectTagging({ Bucket, Key: 'copy' })).TagSet).toEqual([{ Key: 'a', Value: '1' }]);
    expect(await s3.listObjectsV2({ Bucket, Delimiter: '/' })).toMatchObject({
      Contents: [{ Key: 'copy' }],
      CommonPrefixes: [{ Prefix: 'd/' }],
    });
    expect((await s3.listObjects({ Bucket, Prefix: 'd/' })).Contents).toMatchObject([{ Key: 'd/<&>', Size: 1 }]);
    await s3.deleteObject({ Bucket, Key: 'd/<&>' });
    const versions = await s3.listObjectVersions({ Bucket, Prefix: 'd/' });
    expect(versions.Versions).toHaveLength(2);
    expect(versions.DeleteMarkers).toMatchObject([{ IsLatest: true }]);
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'big' });
    const part = { Bucket, Key: 'big', UploadId, PartNumber: 1 };
    const { ETag } = await s3.uploadPart({ ...part, Body: 'part' });
    expect((await s3.listParts({ Bucket, Key: 'big', UploadId })).Parts).toMatchObject([{ ETag, Size: 4 }]);
    await s3.completeMultipartUpload({ ...part, MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } });
    expect(await (await s3.getObject({ Bucket, Key: 'big' })).Body?.transformToString()).toBe('part');
    const Objects = [{ Key: 'big' }, { Key: 'copy' }];
    expect((await s3.deleteObjects({ Bucket, Delete: { Objects } })).Deleted).toHaveLength(2);
  });

  it('reads the settings of a bucket back', async () => {
    expect(await s3.getBucketLocation({ Bucket })).not.toHaveProperty('LocationConstraint', 'us-west-1');
    expect((await s3.listBuckets({ Prefix: Bucket })).Buckets).toMatchObject([{ Name: Bucket }]);
    const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: '404.html' } };
    await s3.putBucketWebsite({ Bucket, WebsiteConfiguration });
    expect(await s3.getBucketWebsite({ Bucket })).toMatchObject(WebsiteConfiguration);
    const PublicAccessBlockConfiguration = { BlockPublicPolicy: false };
    await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration });
    const Statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await s3.putBucketPolicy({ Bucket, Policy });
    expect((await s3.getBucketPolicy({ Bucket })).Policy).toBe(Policy);
    await s3.putObject({ Bucket, Key: 'index.html', Body: '<p>', ContentType: 'text/html' });
    const page = await fetch(`${http.endpoint}/_site/${Bucket}/`);
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([200, 'text/html', '<p>']);
    const missing = await fetch(`${http.endpoint}/_site/${Bucket}/none`);
    expect(missing.status).toBe(404);
    const head = await fetch(`${http.endpoint}/_site/${Bucket}/index.html`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('3');
    await s3.deleteBucketPolicy({ Bucket });
    expect((await fetch(`${http.endpoint}/_site/${Bucket}/`)).status).toBe(403);
  });

  it('presigns requests that anyone may send', async () => {
    const signingDate = new Date(testStartMs);
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'k' }), { signingDate });
    const stored = await fetch(put, { method: 'PUT', body: 'by link' });
    expect(stored.status).toBe(200);
    const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'k', ResponseContentType: 'text/plain' }), {
      signingDate,
    });
    const read = await fetch(get);
    expect([read.headers.get('content-type'), await read.text()]).toEqual(['text/plain', 'by link']);
  });
});
