import type { Bucket } from './buckets.ts';
import { accessDenied, invalidArgument } from './errors.ts';
import { checkCopySource } from './conditions.ts';
import { findVersion } from './object-operations.ts';
import { bucketOf, type S3Storage } from './storage.ts';
import type { ObjectVersion } from './versions.ts';

/** The members by which CopyObject and UploadPartCopy name what they copy. */
export interface CopySourceMembers {
  readonly CopySource: string | undefined;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

/**
 * Finds the version that a copy reads: `bucket/key`, URL-encoded, with `?versionId=` for a certain version.
 * @throws AwsError `InvalidArgument`, `NoSuchBucket`, `NoSuchKey`, `PreconditionFailed`
 */
export function findCopySource(s3: S3Storage, input: CopySourceMembers): { bucket: Bucket; version: ObjectVersion } {
  const { bucketName, key, versionId } = parseCopySource(input.CopySource ?? '');
  const bucket = bucketOf(s3, { Bucket: bucketName });
  if (input.ExpectedSourceBucketOwner !== undefined && input.ExpectedSourceBucketOwner !== s3.context.account) {
    throw accessDenied();
  }
  const version = findVersion(s3, bucket.name, key, versionId);
  checkCopySource(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    version,
  );
  return { bucket, version };
}

/**
 * What a copy reads: `bucket/key`, URL-encoded, with `?versionId=` for a certain version.
 * @throws AwsError `InvalidArgument`
 */
export function parseCopySource(header: string): { bucketName: string; key: string; versionId: string | undefined } {
  const [, path = '', versionId] = /^\/?(.*?)(?:\?versionId=([^?]*))?$/s.exec(header) ?? [];
  const [, bucketName, key] = /^([^/]+)\/(.+)$/s.exec(decode(path, header)) ?? [];
  if (bucketName === undefined || key === undefined) throw notACopySource(header);
  return { bucketName, key, versionId };
}

function decode(path: string, header: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw notACopySource(header);
  }
}

function notACopySource(header: string): Error {
  return invalidArgument(
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    'x-amz-copy-source',
    header,
  );
}
