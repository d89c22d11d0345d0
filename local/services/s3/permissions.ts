import type { S3 } from '@aws-sdk/client-s3';
import type { Permission, PermissionTable } from '../../authorization/permission.ts';
import type { Buckets } from './buckets.ts';
import { parseCopySource } from './copy-source.ts';

interface InBucket {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/**
 * What each operation of S3 needs: the bucket, or the object. Reading or deleting a version by its id is a permission of its
 * own (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
 */
export function s3Permissions(): PermissionTable<S3> {
  return {
    ...bucketPermissions(),
    ...objectPermissions(),
    ...uploadPermissions(),
    DeleteObjects: ({ Bucket: bucket, Delete: request }) =>
      (request?.Objects ?? []).map(({ Key: key, VersionId: version }) =>
        deletion({ Bucket: bucket, Key: key, VersionId: version }),
      ),
    CopyObject: (input) => [...copied(input), ...written(input)],
    UploadPartCopy: (input) => [...copied(input), onObject('PutObject', input)],
  };
}

/** The policy that stands on the bucket of a resource. */
export function bucketPolicyOf(buckets: Buckets): (resource: string) => string | undefined {
  return (resource) => {
    const [, bucket] = /^arn:aws:s3:::([^/*]+)/.exec(resource) ?? [];
    return bucket === undefined ? undefined : buckets.find(bucket)?.policy;
  };
}

function bucketPermissions(): PermissionTable<S3> {
  const bucket = (action: string) => (input: InBucket) => onBucket(action, input);
  return {
    CreateBucket: bucket('CreateBucket'),
    HeadBucket: bucket('ListBucket'),
    DeleteBucket: bucket('DeleteBucket'),
    ListBuckets: () => ({ action: 's3:ListAllMyBuckets', resource: '*' }),
    GetBucketLocation: bucket('GetBucketLocation'),
    GetBucketVersioning: bucket('GetBucketVersioning'),
    PutBucketVersioning: bucket('PutBucketVersioning'),
    GetBucketPolicy: bucket('GetBucketPolicy'),
    PutBucketPolicy: bucket('PutBucketPolicy'),
    DeleteBucketPolicy: bucket('DeleteBucketPolicy'),
    GetBucketPolicyStatus: bucket('GetBucketPolicyStatus'),
    GetBucketWebsite: bucket('GetBucketWebsite'),
    PutBucketWebsite: bucket('PutBucketWebsite'),
    DeleteBucketWebsite: bucket('DeleteBucketWebsite'),
    GetPublicAccessBlock: bucket('GetBucketPublicAccessBlock'),
    PutPublicAccessBlock: bucket('PutBucketPublicAccessBlock'),
    GetBucketNotificationConfiguration: bucket('GetBucketNotification'),
    PutBucketNotificationConfiguration: bucket('PutBucketNotification'),
    GetBucketTagging: bucket('GetBucketTagging'),
    PutBucketTagging: bucket('PutBucketTagging'),
    ListObjectsV2: bucket('ListBucket'),
    ListObjects: bucket('ListBucket'),
    ListObjectVersions: bucket('ListBucketVersions'),
    ListMultipartUploads: bucket('ListBucketMultipartUploads'),
  };
}

function objectPermissions(): PermissionTable<S3> {
  const versioned =
    (action: (kind: 'Object' | 'ObjectVersion') => string) =>
    (input: InBucket): Permission =>
      onObject(action(input.VersionId === undefined ? 'Object' : 'ObjectVersion'), input);
  return {
    PutObject: written,
    GetObject: versioned((kind) => `Get${kind}`),
    HeadObject: versioned((kind) => `Get${kind}`),
    DeleteObject: deletion,
    GetObjectTagging: versioned((kind) => `Get${kind}Tagging`),
    PutObjectTagging: versioned((kind) => `Put${kind}Tagging`),
    DeleteObjectTagging: versioned((kind) => `Delete${kind}Tagging`),
  };
}

function uploadPermissions(): PermissionTable<S3> {
  return {
    CreateMultipartUpload: written,
    UploadPart: (input) => onObject('PutObject', input),
    CompleteMultipartUpload: (input) => onObject('PutObject', input),
    AbortMultipartUpload: (input) => onObject('AbortMultipartUpload', input),
    ListParts: (input) => onObject('ListMultipartUploadParts', input),
  };
}

function onBucket(action: string, { Bucket: bucket }: InBucket): Permission {
  return { action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}` };
}

function onObject(action: string, { Bucket: bucket, Key: key }: InBucket): Permission {
  return { action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}/${key}` };
}

function deletion(input: InBucket): Permission {
  return onObject(input.VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', input);
}

/** Tags and access control lists of a new object are permissions beside the writing. */
function written(input: InBucket & { Tagging?: string | undefined; ACL?: string | undefined }): Permission[] {
  return [
    onObject('PutObject', input),
    ...(input.Tagging === undefined ? [] : [onObject('PutObjectTagging', input)]),
    ...(input.ACL === undefined ? [] : [onObject('PutObjectAcl', input)]),
  ];
}

function copied({ CopySource: source }: { CopySource?: string | undefined }): Permission[] {
  const { bucketName, key, versionId } = parseCopySource(source ?? '');
  return [onObject(versionId === undefined ? 'GetObject' : 'GetObjectVersion', { Bucket: bucketName, Key: key })];
}
