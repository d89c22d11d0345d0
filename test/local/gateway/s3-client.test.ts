import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../../local/clock/clock.ts';
import { AwsError } from '../../../local/errors.ts';
import { defineService } from '../../../local/gateway/service.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

const at = new Date('2026-01-05T09:00:00.000Z');
let lastInput: Record<string, unknown> = {};

const service = defineService<s3.S3>({
  name: 's3',
  schemas: s3,
  protocol: { kind: 'rest-xml', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
  operations: {
    PutObject: (input) => {
      lastInput = { ...input };
      return { ETag: '"e"', VersionId: 'v1' };
    },
    GetObject: ({ Key, Range }) => {
      if (Key === 'none') throw new AwsError('NoSuchKey', 'The specified key does not exist.', { members: { Key } });
      if (Key === 'same') throw new AwsError('NotModified', 'Not Modified', { httpStatus: 304 });
      const bytes = Buffer.from('content');
      // The SDK's type is what its callers get: a stream with methods of its own.
      const Body = (Range ? bytes.subarray(0, 3) : bytes) as never;
      return {
        Body,
        LastModified: at,
        Metadata: { sha: 'abc' },
        ContentType: 'text/plain',
        ...(Range && { ContentRange: 'bytes 0-2/7' }),
      };
    },
    HeadObject: ({ Key }) => {
      if (Key === 'none') throw new AwsError('NotFound', 'Not Found', { httpStatus: 404 });
      return { ContentLength: 7, VersionId: 'v1', LastModified: at };
    },
    CopyObject: ({ CopySource }) => ({ CopyObjectResult: { ETag: CopySource, LastModified: at } }),
    DeleteObject: ({ VersionId }) => ({ DeleteMarker: true, VersionId }),
    DeleteObjects: ({ Delete }) => ({ Deleted: (Delete?.Objects ?? []).map(({ Key }) => ({ Key })) }),
    ListBuckets: () => ({ Buckets: [{ Name: 'b', CreationDate: at }] }),
    ListObjects: () => ({ Name: 'v1' }),
    ListObjectsV2: ({ Bucket, Prefix, MaxKeys }) => ({
      Name: Bucket,
      Prefix,
      MaxKeys,
      Contents: [{ Key: 'a <b>', Size: 1 }],
    }),
    ListObjectVersions: () => ({ Versions: [{ Key: 'k', VersionId: 'v1', IsLatest: true }] }),
    GetBucketLocation: () => ({ LocationConstraint: 'eu-west-1' }),
    GetBucketVersioning: () => ({ Status: 'Enabled' }),
    PutBucketVersioning: (input) => {
      lastInput = { ...input };
      return {};
    },
    CreateBucket: (input) => {
      lastInput = { ...input };
      return {};
    },
    CreateMultipartUpload: ({ Key }) => ({ UploadId: `upload of ${Key}` }),
    UploadPart: ({ PartNumber, UploadId }) => ({ ETag: `${UploadId}#${PartNumber}` }),
    CompleteMultipartUpload: ({ MultipartUpload }) => ({
      ETag: MultipartUpload?.Parts?.map(({ ETag }) => ETag).join(),
    }),
    AbortMultipartUpload: () => ({}),
    ListParts: () => ({ Parts: [{ PartNumber: 1 }] }),
    GetBucketPolicy: () => ({ Policy: '{"Version":"2012-10-17"}' }),
  },
});

const startMs = at.getTime();
const clock = createClock({ kind: 'virtual', startMs });
let cloud: GatewayOverHttp;
let client: s3.S3;
beforeAll(async () => {
  cloud = await gatewayOverHttp([service], { clock });
  client = new s3.S3(cloud.client);
});
afterAll(() => cloud.close());

const object = { Bucket: 'b', Key: 'dir/a b+ü.zip' };

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('an object is put with its key, metadata and checked bytes', async () => {
  const output = await client.putObject({ ...object, Body: 'hello', Metadata: { sha: 'x' }, IfNoneMatch: '*' });
  expect(output).toMatchObject({ ETag: '"e"', VersionId: 'v1' });
  expect(lastInput).toMatchObject({ ...object, Metadata: { sha: 'x' }, IfNoneMatch: '*', ContentLength: 5 });
  expect(Buffer.from(lastInput['Body'] as Uint8Array).toString()).toBe('hello');
});

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
  'a stream comes in chunks with a %s trailer, which is checked and passed on',
  async (algorithm) => {
    const Body = Readable.from([Buffer.from('chunk one '), Buffer.from('chunk two')]);
    await client.putObject({ ...object, Body, ContentLength: 19, ChecksumAlgorithm: algorithm });
    expect(Buffer.from(lastInput['Body'] as Uint8Array).toString()).toBe('chunk one chunk two');
    expect(lastInput[`Checksum${algorithm}`]).toBeTypeOf('string');
    expect(lastInput['ContentEncoding']).toBeUndefined();
  },
);

test('refuses a body whose checksum differs', async () => {
  const error = await failure(
    client.putObject({ ...object, Body: 'hello', ChecksumSHA256: Buffer.alloc(32).toString('base64') }),
  );
  expect(error).toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } });
});

test('an object is read with its headers, and a part of it is a 206', async () => {
  const output = await client.getObject(object);
  expect(await output.Body?.transformToString()).toBe('content');
  expect(output).toMatchObject({
    ContentLength: 7,
    LastModified: at,
    Metadata: { sha: 'abc' },
    ContentType: 'text/plain',
  });
  const part = await client.getObject({ ...object, Range: 'bytes=0-2' });
  expect(part).toMatchObject({ ContentRange: 'bytes 0-2/7', $metadata: { httpStatusCode: 206 } });
  expect(await part.Body?.transformToString()).toBe('con');
});

test('errors arrive as their class, also without a body', async () => {
  expect(await failure(client.getObject({ Bucket: 'b', Key: 'none' }))).toBeInstanceOf(s3.NoSuchKey);
  expect(await failure(client.headObject({ Bucket: 'b', Key: 'none' }))).toBeInstanceOf(s3.NotFound);
  expect(await failure(client.getObject({ Bucket: 'b', Key: 'same' }))).toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  expect(await client.headObject(object)).toMatchObject({ ContentLength: 7, VersionId: 'v1' });
});

test('[gateway.protocol.rest-xml] operations on one path are told apart by query and headers', async () => {
  expect((await client.copyObject({ ...object, CopySource: '/b/other' })).CopyObjectResult?.ETag).toBe('/b/other');
  expect((await client.createMultipartUpload(object)).UploadId).toBe('upload of dir/a b+ü.zip');
  expect((await client.uploadPart({ ...object, UploadId: 'u', PartNumber: 2, Body: 'x' })).ETag).toBe('u#2');
  const parts = {
    Parts: [
      { ETag: 'one', PartNumber: 1 },
      { ETag: 'two', PartNumber: 2 },
    ],
  };
  expect((await client.completeMultipartUpload({ ...object, UploadId: 'u', MultipartUpload: parts })).ETag).toBe(
    'one,two',
  );
  expect((await client.listParts({ ...object, UploadId: 'u' })).Parts).toHaveLength(1);
  await client.abortMultipartUpload({ ...object, UploadId: 'u' });
  expect(await client.deleteObject({ ...object, VersionId: 'v1' })).toMatchObject({
    DeleteMarker: true,
    VersionId: 'v1',
  });
  expect(
    (await client.deleteObjects({ Bucket: 'b', Delete: { Objects: [{ Key: 'a' }, { Key: '&<' }] } })).Deleted,
  ).toEqual([{ Key: 'a' }, { Key: '&<' }]);
  expect((await client.listBuckets({})).Buckets).toEqual([{ Name: 'b', CreationDate: at }]);
  expect((await client.listObjects({ Bucket: 'b' })).Name).toBe('v1');
  expect(await client.listObjectsV2({ Bucket: 'b', Prefix: 'p/', MaxKeys: 3 })).toMatchObject({
    Prefix: 'p/',
    MaxKeys: 3,
    Contents: [{ Key: 'a <b>', Size: 1 }],
  });
  expect((await client.listObjectVersions({ Bucket: 'b' })).Versions?.[0]).toMatchObject({
    VersionId: 'v1',
    IsLatest: true,
  });
  expect((await client.getBucketLocation({ Bucket: 'b' })).LocationConstraint).toBe('eu-west-1');
  expect((await client.getBucketVersioning({ Bucket: 'b' })).Status).toBe('Enabled');
  expect((await client.getBucketPolicy({ Bucket: 'b' })).Policy).toBe('{"Version":"2012-10-17"}');
  await client.putBucketVersioning({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } });
  expect(lastInput).toMatchObject({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } });
  await client.createBucket({ Bucket: 'new' });
  expect(lastInput).toMatchObject({ Bucket: 'new' });
  const error = await failure(client.getBucketCors({ Bucket: 'b' }));
  expect(error).toMatchObject({ name: 'NotImplemented', message: 's3:GetBucketCors is not supported locally' });
});

test('a key with every kind of character is signed as S3 signs it', async () => {
  const key = "a b/ü+%41/(it's)*!~=&?#;:@$,.zip";
  await client.putObject({ Bucket: 'b', Key: key, Body: 'content', Metadata: { note: '  two   spaces ' } });
  expect(lastInput).toMatchObject({ Bucket: 'b', Key: key });
  const url = await getSignedUrl(client, new s3.GetObjectCommand({ Bucket: 'b', Key: key }), {
    signingDate: new Date(clock.nowMs()),
  });
  expect((await fetch(url)).status).toBe(200);
});

async function presigned(options: { expiresIn?: number; method?: 'GET' | 'PUT' } = {}): Promise<string> {
  const command =
    options.method === 'PUT'
      ? new s3.PutObjectCommand({ ...object, ContentType: 'application/zip' })
      : new s3.GetObjectCommand(object);
  const signingDate = new Date(clock.nowMs());
  // The two commands are signed alike; the presigner's type wants one of them.
  return getSignedUrl(client, command as s3.GetObjectCommand, { expiresIn: options.expiresIn ?? 900, signingDate });
}

test('[s3.presigned] a presigned URL works without other credentials, for reading and for writing', async () => {
  expect(await (await fetch(await presigned())).text()).toBe('content');
  const body = Buffer.from('uploaded');
  const put = await fetch(await presigned({ method: 'PUT' }), {
    method: 'PUT',
    body,
    headers: { 'content-type': 'application/zip' },
  });
  expect(put.status).toBe(200);
  expect(put.headers.get('x-amz-version-id')).toBe('v1');
  expect(lastInput).toMatchObject({ ...object, ContentType: 'application/zip' });
});

test('refuses a presigned URL that was changed', async () => {
  const url = await presigned();
  for (const changed of [
    url.replace('a%20b', 'other'),
    `${url}&versionId=v0`,
    url.replace('X-Amz-Expires=900', 'X-Amz-Expires=90000'),
  ]) {
    expect(changed).not.toBe(url);
    const response = await fetch(changed);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
  }
});

test('[s3.presigned] refuses a presigned URL for another method', async () => {
  const response = await fetch(await presigned(), { method: 'DELETE' });
  expect(response.status).toBe(403);
});

test("[s3.presigned] refuses a presigned URL that has expired on the cloud's clock", async () => {
  const url = await presigned({ expiresIn: 60 });
  clock.jumpTo(clock.nowMs() + 60_000);
  expect((await fetch(url)).status).toBe(200);
  clock.jumpTo(clock.nowMs() + 1_000);
  const response = await fetch(url);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>');
});

test('[gateway.signature.role] credentials of a role must come with their session token, and end when they expire', async () => {
  const role = {
    kind: 'role',
    arn: 'arn:aws:sts::1:assumed-role/r/s',
    roleArn: 'arn:aws:iam::1:role/r',
    sessionName: 's',
  } as const;
  const issued = cloud.credentials.issue(role, { expiresAtMs: clock.nowMs() + 1_000 });
  const { accessKeyId, secretAccessKey } = issued;
  const read = (credentials: typeof issued): Promise<unknown> =>
    failure(new s3.S3({ ...cloud.client, credentials }).headObject(object));
  expect(await read(issued)).toBeUndefined();
  expect(cloud.gateway.recentCalls().at(-1)?.principal).toEqual(role);
  expect(
    await failure(new s3.S3({ ...cloud.client, credentials: { accessKeyId, secretAccessKey } }).getObject(object)),
  ).toMatchObject({ name: 'InvalidAccessKeyId' });
  clock.jumpTo(clock.nowMs() + 1_000);
  expect(await failure(new s3.S3({ ...cloud.client, credentials: issued }).getObject(object))).toMatchObject({
    name: 'InvalidAccessKeyId',
  });
});
