import type { GetObjectCommandOutput, PutObjectCommandInput, PutObjectCommandOutput } from '@aws-sdk/client-s3';
import { openS3 } from '../../../local/services/s3/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

/** A local cloud with S3 alone and one bucket, `shelf`. */
export async function s3Cloud(options: { versioning?: boolean } = {}): Promise<TestCloud> {
  const cloud = await testCloud({ services: [openS3] });
  await cloud.call('s3', 'CreateBucket', { Bucket: 'shelf' });
  if (options.versioning) {
    const VersioningConfiguration = { Status: 'Enabled' };
    await cloud.call('s3', 'PutBucketVersioning', { Bucket: 'shelf', VersioningConfiguration });
  }
  return cloud;
}

/** Puts text into `shelf`. */
export function put(
  cloud: TestCloud,
  Key: string,
  text: string,
  more: Partial<PutObjectCommandInput> = {},
): Promise<PutObjectCommandOutput> {
  return cloud.call('s3', 'PutObject', { Bucket: 'shelf', Key, Body: Buffer.from(text), ...more });
}

/** Gets an object of `shelf` with its body as text. */
export async function get(
  cloud: TestCloud,
  Key: string,
  more: object = {},
): Promise<GetObjectCommandOutput & { text: string }> {
  const output = await cloud.call<GetObjectCommandOutput>('s3', 'GetObject', { Bucket: 'shelf', Key, ...more });
  // Handlers answer streams as Uint8Array.
  return { ...output, text: Buffer.from(output.Body as unknown as Uint8Array).toString() };
}
