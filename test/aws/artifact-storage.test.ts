import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sdkStreamMixin } from '@smithy/core/serde';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { testJobEvent } from '../../shared/actions/testing/testing.ts';
import { createArtifactStorage } from '../../shared/aws/artifact-storage.ts';

const mock = mockClient(S3Client);
beforeEach(() => mock.reset());

const job = testJobEvent({ inputs: { Source: {} } })['CodePipeline.job'];
const location = job.data.inputArtifacts[0] ?? expect.fail('the job has an artifact');
const refusal = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error('from S3, quoting AKIAEXAMPLE'), { name, $metadata: { httpStatusCode } });

describe('the artifacts of a job', () => {
  it.each([
    ['NoSuchKey', 404, { type: 'RevisionUnavailable' }],
    ['NoSuchBucket', 404, { type: 'RevisionUnavailable' }],
    ['AccessDenied', 403, { type: 'PermissionError' }],
    ['KMS.DisabledException', 400, { type: 'PermissionError' }],
    ['Forbidden', 403, { type: 'PermissionError' }],
    ['InvalidAccessKeyId', 403, { type: 'SystemUnavailable' }],
    ['ExpiredToken', 400, { type: 'SystemUnavailable' }],
    ['SlowDown', 503, { name: 'ServiceUnavailable', retryable: true }],
    ['InternalError', 500, { name: 'ServiceUnavailable', retryable: true }],
    ['InvalidRequest', 400, { name: 'Misconfigured' }],
  ])('fail when S3 answers %s, without its text', async (code, status, expected) => {
    mock.on(GetObjectCommand).rejects(refusal(code, status));
    mock.on(PutObjectCommand).rejects(refusal(code, status));
    const storage = createArtifactStorage(job);
    for (const attempt of [storage.download(location, 100), storage.upload(location, new Uint8Array())]) {
      const failure: unknown = await attempt.catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ ...expected, message: expect.stringContaining(code) });
      expect(String(failure)).not.toContain('AKIAEXAMPLE');
    }
  });

  it('are refused before they are read when they are too large', async () => {
    mock.on(GetObjectCommand).resolves({ ContentLength: 101 });
    await expect(createArtifactStorage(job).download(location, 100)).rejects.toMatchObject({
      name: 'ArtifactRefused',
      message: expect.stringContaining('is 101 bytes, allowed are 100'),
    });
  });

  it('fail as unavailable when they break off', async () => {
    const body = sdkStreamMixin(
      new Readable({
        read() {
          this.destroy(new Error('aborted'));
        },
      }),
    );
    mock.on(GetObjectCommand).resolves({ ContentLength: 10, Body: body });
    await expect(createArtifactStorage(job).download(location, 100)).rejects.toMatchObject({
      ...{ name: 'ServiceUnavailable', message: expect.stringContaining('s3:GetObject got no answer') },
    });
  });

  it('are written with the key of the job, and with the default of the bucket without one', async () => {
    mock.on(PutObjectCommand).resolves({});
    await createArtifactStorage(job).upload(location, new Uint8Array());
    const encryptionKey = { id: 'arn:aws:kms:eu-central-1:123456789012:key/k-1', type: 'KMS' };
    const encrypted = { ...job, data: { ...job.data, encryptionKey } };
    await createArtifactStorage(encrypted).upload(location, new Uint8Array());
    const [plain, keyed] = mock.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);
    expect(plain).not.toHaveProperty('ServerSideEncryption');
    expect(keyed).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: encryptionKey.id });
  });
});
