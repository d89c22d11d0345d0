import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { unpackZip } from '../../../local/services/codepipeline/providers/zip.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  create,
  deployAction,
  execution,
  pipelineCloud,
  pipelineOf,
  putSource,
  sourceAction,
  start,
  zipOf,
} from './fixture.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud();
});
afterEach(() => cloud.close());

const failure = async (id: string, name: string) =>
  (await action(cloud, id, name)).output?.executionResult?.errorDetails;
const keysOf = async (Bucket: string): Promise<string[]> => {
  const { Contents = [] } = await cloud.call<{ Contents?: { Key: string }[] }>('s3', 'ListObjectsV2', { Bucket });
  return Contents.map(({ Key }) => Key);
};

describe('the S3 source action', () => {
  it('[codepipeline.s3-source.outputs] copies the zip into the artifact store and tells its version and ETag', async () => {
    const VersionId = await putSource(cloud, { 'index.html': 'x' });
    const pipeline = pipelineOf({ Deploy: [deployAction()] });
    pipeline.stages?.splice(0, 1, { name: 'Source', actions: [sourceAction({ namespace: 'src' })] });
    await create(cloud, pipeline);
    const fetched = await action(cloud, await start(cloud), 'Fetch');
    expect(fetched.output).toMatchObject({
      outputVariables: { VersionId, ETag: expect.stringMatching(/^[0-9a-f]{32}$/) },
      executionResult: { externalExecutionSummary: `Amazon S3 version id: ${VersionId}` },
    });
    const { bucket, key } = fetched.output?.outputArtifacts?.[0]?.s3location ?? {};
    const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', { Bucket: bucket, Key: key });
    expect(Buffer.from(Body)).toEqual(Buffer.from(zipOf({ 'index.html': 'x' })));
  });

  it('[codepipeline.s3-source.other-key] takes another key where it allows that', async () => {
    await putSource(cloud, { a: 'a' });
    const VersionId = await putSource(cloud, { b: 'b' }, 'other.zip');
    const configuration = { ...sourceAction().configuration, AllowOverrideForS3ObjectKey: 'true' };
    const pipeline = pipelineOf({ Deploy: [deployAction()] });
    pipeline.stages?.splice(0, 1, { name: 'Source', actions: [sourceAction({ configuration })] });
    await create(cloud, pipeline);
    const sourceRevisions = [{ actionName: 'Fetch', revisionType: 'S3_OBJECT_KEY', revisionValue: 'other.zip' }];
    const id = await start(cloud, { sourceRevisions });
    expect(await execution(cloud, id)).toMatchObject({
      status: 'Succeeded',
      artifactRevisions: [{ revisionId: VersionId }],
    });
    expect(await keysOf('site')).toEqual(['b']);
  });

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    ['when there is no object', async () => undefined, 'RevisionUnavailable', /s3:\/\/source\/app\.zip cannot be read/],
    [
      'when the object is no zip',
      () => cloud.call('s3', 'PutObject', { Bucket: 'source', Key: 'app.zip', Body: Buffer.from('hello') }),
      'ConfigurationError',
      /app\.zip is not a zip file/,
    ],
    [
      'when the bucket keeps no versions',
      async () => {
        await putSource(cloud, { a: 'a' });
        cloud.answer('s3', 'GetObject', () => ({ Body: zipOf({ a: 'a' }), ETag: '"x"' }));
      },
      'ConfigurationError',
      /must be versioned/,
    ],
    [
      'when the role may not read it',
      async () =>
        cloud.answer('s3', 'GetObject', () => {
          throw new AwsError('AccessDenied', 'Access Denied', { httpStatus: 403 });
        }),
      'PermissionError',
      /AccessDenied: Access Denied/,
    ],
  ])('[codepipeline.s3-source.failures] fails with the reason %s', async (_, prepare, code, why) => {
    await prepare();
    await create(cloud, pipelineOf({ Deploy: [deployAction()] }));
    const id = await start(cloud);
    expect(await failure(id, 'Fetch')).toEqual({ code, message: expect.stringMatching(why) });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
  });
});

describe('the S3 deploy action', () => {
  const deployed = async (configuration: Record<string, string>): Promise<string> => {
    await create(cloud, pipelineOf({ Deploy: [deployAction({ configuration })] }));
    return start(cloud);
  };

  it('[codepipeline.s3-deploy.extract] unpacks every file below its key, with content types, cache control and ACL', async () => {
    await putSource(cloud, { 'index.html': '<p>', 'assets/app.css': 'p{}', 'data.bin': '01' });
    await deployed({
      BucketName: 'site',
      Extract: 'true',
      ObjectKey: 'v1/',
      CacheControl: 'max-age=60',
      CannedACL: 'private',
    });
    expect(await keysOf('site')).toEqual(['v1/assets/app.css', 'v1/data.bin', 'v1/index.html']);
    const puts = cloud.calls
      .filter(({ request }) => request.operation === 'PutObject')
      .map(({ request }) => request.input as Record<string, string>)
      .filter((input) => input['Bucket'] === 'site');
    expect(puts.map((input) => input['ContentType'])).toEqual(['text/html', 'text/css', 'binary/octet-stream']);
    expect(puts[0]).toMatchObject({ CacheControl: 'max-age=60', ACL: 'private' });
  });

  it('[codepipeline.s3-deploy.whole] puts the zip itself where it does not extract', async () => {
    await putSource(cloud, { 'index.html': '<p>' });
    await deployed({ BucketName: 'site', Extract: 'false', ObjectKey: 'app-#{codepipeline.PipelineExecutionId}.zip' });
    expect(await keysOf('site')).toEqual([expect.stringMatching(/^app-[0-9a-f-]{36}\.zip$/)]);
  });

  it.each(['../evil.html', 'a/../../evil.html', '/evil.html', 'a\\evil.html', 'C:/evil.html'])(
    '[codepipeline.s3-deploy.no-way-out] refuses an artifact with an entry %s and deploys nothing of it',
    async (name) => {
      await putSource(cloud, { 'index.html': '<p>', [name]: 'evil' });
      const id = await deployed({ BucketName: 'site', Extract: 'true' });
      expect(await failure(id, 'Upload')).toEqual({
        code: 'ConfigurationError',
        message: `The artifact SourceArtifact is refused: its entry ${JSON.stringify(name)} leads out of the folder it is unpacked to`,
      });
      expect(await keysOf('site')).toEqual([]);
    },
  );

  it('refuses an artifact that unpacks past the cap before it is inflated', async () => {
    const bomb = zipOf({ 'index.html': 'x' });
    const directory = Buffer.from(bomb.buffer, bomb.byteOffset, bomb.length);
    // The uncompressed size in the central directory's entry.
    directory.writeUInt32LE(2_000_000_000, directory.indexOf('PK\x01\x02', 0, 'latin1') + 24);
    await cloud.call('s3', 'PutObject', { Bucket: 'source', Key: 'app.zip', Body: bomb });
    const id = await deployed({ BucketName: 'site', Extract: 'true' });
    expect(await failure(id, 'Upload')).toMatchObject({
      message: expect.stringContaining('unpacks to more than 536870912 bytes'),
    });
  });

  it('refuses an artifact whose file is larger than it says', async () => {
    const zip = zipOf({ 'index.html': 'a'.repeat(1000) });
    const directory = Buffer.from(zip.buffer, zip.byteOffset, zip.length);
    directory.writeUInt32LE(10, directory.indexOf('PK\x01\x02', 0, 'latin1') + 24);
    await cloud.call('s3', 'PutObject', { Bucket: 'source', Key: 'app.zip', Body: zip });
    const id = await deployed({ BucketName: 'site', Extract: 'true' });
    expect(await failure(id, 'Upload')).toMatchObject({ message: expect.stringContaining('"index.html" is damaged') });
  });

  it('[codepipeline.s3-deploy.failures] fails when the bucket is not there', async () => {
    await putSource(cloud, { 'index.html': '<p>' });
    const id = await deployed({ BucketName: 'nowhere', Extract: 'true' });
    expect(await failure(id, 'Upload')).toMatchObject({ message: expect.stringContaining('NoSuchBucket') });
  });
});

describe('unpackZip', () => {
  it('refuses a zip with more files than its limit, and takes one with just as many', () => {
    const zip = zipOf({ 'a.txt': 'a', 'ü.txt': 'b', 'folder/c.txt': 'c' });
    const paths = unpackZip(zip, { maxFiles: 3, maxBytes: 3 }).map((file) => file.path);
    expect(paths).toEqual(['a.txt', 'ü.txt', 'folder/c.txt']);
    expect(() => unpackZip(zip, { maxFiles: 2, maxBytes: 3 })).toThrow('more than 2 files');
    expect(() => unpackZip(zip, { maxFiles: 3, maxBytes: 2 })).toThrow('more than 2 bytes');
  });
});
