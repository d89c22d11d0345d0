import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../../errors.ts';
import type { CloudContext } from '../service-module.ts';
import { openBodyFiles, type BodyFiles, type BodySlice } from './body-files.ts';
import { openBuckets, type Bucket, type Buckets } from './buckets.ts';
import { checkWrite, type WriteConditions } from './conditions.ts';
import { accessDenied, invalidRequest } from './errors.ts';
import type { ObjectAttributes } from './object-attributes.ts';
import { s3Tables } from './tables.ts';
import { openUploads, type Uploads } from './uploads.ts';
import { openVersions, type ObjectVersion, type Versions } from './versions.ts';

/** Everything that S3's operations work on. */
export interface S3Storage {
  readonly context: CloudContext;
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly uploads: Uploads;
  readonly bodies: BodyFiles;
}

/** Opens S3's tables and body folder, and clears away what an interrupted write left. */
export function openStorage(context: CloudContext): S3Storage {
  const { store } = context;
  store.migrate('s3', s3Tables);
  const bodies = openBodyFiles(join(context.folder, 's3'));
  const versions = openVersions(store, bodies);
  const uploads = openUploads(store, bodies);
  bodies.sweep((name) => versions.hasBody(name) || uploads.hasBody(name));
  return { context, buckets: openBuckets(store), versions, uploads, bodies };
}

/** The members by which almost every operation names its bucket. */
export interface BucketMembers {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/**
 * The bucket of a request.
 * @throws AwsError `NoSuchBucket`, `AccessDenied` when the caller expects another owner
 */
export function bucketOf(s3: S3Storage, input: BucketMembers): Bucket {
  const bucket = s3.buckets.get(input.Bucket ?? '');
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== s3.context.account) throw accessDenied();
  return bucket;
}

const maxKeyBytes = 1024;

/** The key of a request, 1 to 1,024 bytes of UTF-8. */
export function keyOf(input: { readonly Key: string | undefined }): string {
  const key = input.Key ?? '';
  const bytes = Buffer.byteLength(key);
  if (bytes === 0) throw invalidRequest('The object key must not be empty');
  if (bytes <= maxKeyBytes) return key;
  throw new AwsError('KeyTooLongError', 'Your key is too long', {
    members: { Size: String(bytes), MaxSizeAllowed: String(maxKeyBytes) },
  });
}

/** An object about to be stored. */
export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly chunks: readonly (Uint8Array | BodySlice)[];
  readonly sizeBytes: number;
  readonly etag: string;
  readonly attributes: ObjectAttributes;
  readonly conditions: WriteConditions;
  /** Runs in the transaction that makes the object visible. */
  readonly alongside?: () => void;
}

/**
 * Stores an object: its body is safe on disk before the row that makes it visible is committed, so that a kill in
 * between leaves a file that the next start sweeps, and nothing else.
 */
export async function storeObject(s3: S3Storage, object: NewObject): Promise<ObjectVersion> {
  checkWrite(object.conditions, object.key, s3.versions.findLatest(object.bucket, object.key));
  const body = await s3.bodies.write(object.chunks);
  try {
    return s3.context.store.transaction(() => {
      const bucket = s3.buckets.get(object.bucket);
      checkWrite(object.conditions, object.key, s3.versions.findLatest(object.bucket, object.key));
      object.alongside?.();
      return s3.versions.add(bucket, { ...object, body, modifiedAtMs: s3.context.clock.nowMs() });
    });
  } catch (error) {
    s3.bodies.remove(body);
    throw error;
  }
}

/** The `VersionId` of replies: told only where the bucket has, or had, versioning. */
export function versionMembers(bucket: Bucket, version: ObjectVersion): { VersionId?: string } {
  return bucket.versioning ? { VersionId: version.versionId } : {};
}

/** The MD5 of a body in hexadecimal: its ETag, unless it was uploaded in parts. */
export function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

/** An ETag as it travels. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
