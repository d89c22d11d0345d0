import type { ServerSideEncryption, StorageClass } from '@aws-sdk/client-s3';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Bucket } from './buckets.ts';
import type { ObjectChecksum } from './checksums.ts';
import { invalidArgument } from './errors.ts';
import { parseTagging } from './tags.ts';

/** What an object carries beside its bytes. */
export interface ObjectAttributes {
  readonly headers?: ContentHeaders;
  /** User metadata, names in lower case. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly encryption?: {
    readonly algorithm: ServerSideEncryption;
    readonly kmsKeyId?: string;
    readonly isBucketKeyEnabled?: boolean;
  };
  readonly storageClass?: StorageClass;
  readonly websiteRedirectLocation?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly checksum?: ObjectChecksum;
  /** The sizes of the parts, in order, of an object that was uploaded in parts. */
  readonly partSizesBytes?: readonly number[];
}

/** The headers that a put may set and every get returns. */
export interface ContentHeaders {
  readonly ContentType?: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly expiresAtMs?: number;
}

/** The members by which PutObject, CopyObject and CreateMultipartUpload describe the object. */
export interface AttributeMembers {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Expires?: Date | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  readonly ServerSideEncryption?: ServerSideEncryption | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly StorageClass?: StorageClass | undefined;
  readonly Tagging?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

/** S3's limit for the names and values of user metadata together. */
const maxMetadataBytes = 2048;

/** Reads the object's description from a request, with the bucket's defaults filled in. */
export function readAttributes(input: AttributeMembers, bucket: Bucket): ObjectAttributes {
  refuseUnsupported(input);
  const metadata = readMetadata(input.Metadata);
  const tags = input.Tagging ? parseTagging(input.Tagging) : undefined;
  return {
    headers: readHeaders(input),
    ...(metadata && { metadata }),
    encryption: readEncryption(input, bucket),
    ...(input.StorageClass && input.StorageClass !== 'STANDARD' && { storageClass: input.StorageClass }),
    ...(input.WebsiteRedirectLocation && { websiteRedirectLocation: readRedirect(input.WebsiteRedirectLocation) }),
    ...(tags && { tags }),
  };
}

/** Refuses, by name, what a put may ask for and the local cloud does not do. */
function refuseUnsupported(input: AttributeMembers): void {
  if (input.SSECustomerAlgorithm !== undefined || input.SSECustomerKey !== undefined) {
    throw notSupportedLocally('S3 encryption with customer-provided keys (SSE-C)');
  }
  if (input.ObjectLockMode ?? input.ObjectLockRetainUntilDate ?? input.ObjectLockLegalHoldStatus) {
    throw notSupportedLocally('S3 Object Lock');
  }
  if (/^(GLACIER|DEEP_ARCHIVE|OUTPOSTS|SNOW|EXPRESS_ONEZONE|FSX_)/.test(input.StorageClass ?? '')) {
    throw notSupportedLocally(`the S3 storage class ${input.StorageClass}`);
  }
  const grants = [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWriteACP];
  const isOwnersOnly = input.ACL === undefined || input.ACL === 'private' || input.ACL === 'bucket-owner-full-control';
  if (!isOwnersOnly || grants.some((grant) => grant !== undefined)) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
}

function readHeaders(input: AttributeMembers): ContentHeaders {
  return {
    ContentType: input.ContentType || 'binary/octet-stream',
    ...(input.CacheControl && { CacheControl: input.CacheControl }),
    ...(input.ContentDisposition && { ContentDisposition: input.ContentDisposition }),
    ...(input.ContentEncoding && { ContentEncoding: withoutAwsChunked(input.ContentEncoding) }),
    ...(input.ContentLanguage && { ContentLanguage: input.ContentLanguage }),
    ...(input.Expires && { expiresAtMs: input.Expires.getTime() }),
  };
}

/** `aws-chunked` describes the upload, not the object; S3 takes it off. */
function withoutAwsChunked(encoding: string): string {
  return encoding
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
}

function readMetadata(metadata: Record<string, string> | undefined): Record<string, string> | undefined {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  if (entries.length === 0) return undefined;
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > maxMetadataBytes) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      members: { Size: String(bytes), MaxSizeAllowed: String(maxMetadataBytes) },
    });
  }
  return Object.fromEntries(entries);
}

function readEncryption(input: AttributeMembers, bucket: Bucket): NonNullable<ObjectAttributes['encryption']> {
  const algorithm = input.ServerSideEncryption;
  if (algorithm === undefined) return bucket.encryption ?? { algorithm: 'AES256' };
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') {
    throw invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      algorithm,
    );
  }
  if (algorithm === 'AES256' && input.SSEKMSKeyId !== undefined) {
    throw invalidArgument(
      'Server Side Encryption with KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      algorithm,
    );
  }
  return {
    algorithm,
    ...(input.SSEKMSKeyId && { kmsKeyId: input.SSEKMSKeyId }),
    ...(input.BucketKeyEnabled !== undefined && { isBucketKeyEnabled: input.BucketKeyEnabled }),
  };
}

function readRedirect(location: string): string {
  if (/^(\/|https?:\/\/)/.test(location)) return location;
  throw new AwsError(
    'InvalidRedirectLocation',
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  );
}

/** The encryption members of every reply about an object. */
export function encryptionMembers(attributes: ObjectAttributes): {
  ServerSideEncryption?: ServerSideEncryption;
  SSEKMSKeyId?: string;
  BucketKeyEnabled?: boolean;
} {
  const { encryption } = attributes;
  if (!encryption) return {};
  return {
    ServerSideEncryption: encryption.algorithm,
    ...(encryption.kmsKeyId !== undefined && { SSEKMSKeyId: encryption.kmsKeyId }),
    ...(encryption.isBucketKeyEnabled !== undefined && { BucketKeyEnabled: encryption.isBucketKeyEnabled }),
  };
}
