import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { StoredArtifact } from '../records/actions.ts';
import type { ActionRun } from './provider.ts';

/** An object of S3 with what an action needs of its description. */
export interface ReadObject {
  readonly bytes: Uint8Array;
  readonly versionId?: string;
  /** Without its quotes. */
  readonly eTag?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly modifiedMs?: number;
}

/** Reads a whole object. */
export async function readObject(
  run: ActionRun,
  object: { bucket: string; key: string; versionId?: string },
): Promise<ReadObject> {
  const { bucket, key, versionId } = object;
  const output = await run.call<GetObjectCommandOutput>('s3', 'GetObject', {
    Bucket: bucket,
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
  });
  return {
    // Inside the local cloud bodies are byte arrays, whatever the SDK's type says.
    bytes: output.Body as unknown as Uint8Array,
    ...(output.VersionId !== undefined && { versionId: output.VersionId }),
    ...(output.ETag !== undefined && { eTag: output.ETag.replaceAll('"', '') }),
    metadata: output.Metadata ?? {},
    ...(output.LastModified && { modifiedMs: output.LastModified.getTime() }),
  };
}

/** Puts an artifact's zip where the action's output belongs, encrypted with the store's key if it has one. */
export async function writeArtifact(run: ActionRun, artifact: StoredArtifact, bytes: Uint8Array): Promise<void> {
  const { encryptionKeyId } = run;
  await run.call('s3', 'PutObject', {
    Bucket: artifact.bucket,
    Key: artifact.key,
    Body: bytes,
    ContentType: 'application/zip',
    ...(encryptionKeyId !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: encryptionKeyId }),
  });
}
