import type { GetObjectCommandOutput, HeadObjectCommandOutput, S3 } from '@aws-sdk/client-s3';
import { notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { Bucket } from './buckets.ts';
import { checksumMembers, verifyBody, wantsChecksum } from './checksums.ts';
import { checkRead } from './conditions.ts';
import { methodNotAllowed, noSuchVersion } from './errors.ts';
import { encryptionMembers, readAttributes } from './object-attributes.ts';
import { contentRange, selectRange, type ByteRange } from './ranges.ts';
import { bucketOf, keyOf, md5Of, quoted, storeObject, versionMembers, type S3Storage } from './storage.ts';
import { checkVersionId, type ObjectVersion } from './versions.ts';

/** PutObject, GetObject, HeadObject. */
export function objectOperations(s3: S3Storage): Operations<S3> {
  return {
    async PutObject(input) {
      const bucket = bucketOf(s3, input);
      if (input.WriteOffsetBytes !== undefined) throw notSupportedLocally('appending to S3 objects');
      const body = bodyOf(input.Body);
      const verified = verifyBody(body, input);
      const checksum = verified && ({ ...verified, type: 'FULL_OBJECT' } as const);
      const version = await storeObject(s3, {
        bucket: bucket.name,
        key: keyOf(input),
        chunks: [body],
        sizeBytes: body.length,
        etag: md5Of(body),
        attributes: { ...readAttributes(input, bucket), ...(checksum && { checksum }) },
        conditions: input,
      });
      return {
        ETag: quoted(version.etag),
        ...versionMembers(bucket, version),
        ...encryptionMembers(version.attributes),
        ...checksumMembers(checksum),
        ...(checksum && { ChecksumType: checksum.type }),
      };
    },
    async GetObject(input) {
      const { bucket, version } = findForRead(s3, input);
      const range = selectRange(version, input);
      const body = await s3.bodies.read({ name: bodyName(version), start: range.start, end: range.end });
      return {
        ...readReply(bucket, version, range),
        ...responseOverrides(input),
        ...checksumReply(version, range, input.ChecksumMode),
        ...partsReply(version, input.PartNumber),
        // The gateway takes streams as Uint8Array both ways; the SDK's type is what its own client makes of them.
        Body: body as unknown as NonNullable<GetObjectCommandOutput['Body']>,
      };
    },
    HeadObject(input) {
      const { bucket, version } = findForRead(s3, input);
      const range = selectRange(version, input);
      return {
        ...readReply(bucket, version, range),
        ...responseOverrides(input),
        ...checksumReply(version, range, input.ChecksumMode),
        ...partsReply(version, input.PartNumber),
      };
    },
  };
}

/** A body as the gateway hands it over; absent is empty. */
export function bodyOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  throw new Error('the gateway passes S3 bodies as Uint8Array');
}

/** The body's file name; only delete markers have none. */
export function bodyName(version: ObjectVersion): string {
  if (version.body === undefined) throw new Error('a delete marker has no body');
  return version.body;
}

/** The version that a request names, or the current one. Delete markers are refused as S3 refuses them. */
export function findVersion(s3: S3Storage, bucket: string, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId === undefined) return s3.versions.getCurrent(bucket, key);
  checkVersionId(versionId);
  const version = s3.versions.find(bucket, key, versionId);
  if (!version) throw noSuchVersion(key, versionId);
  if (version.isDeleteMarker) throw methodNotAllowed('GET');
  return version;
}

type ReadInput = Parameters<NonNullable<Operations<S3>['GetObject']>>[0];

function findForRead(
  s3: S3Storage,
  input: Omit<ReadInput, 'ChecksumMode'>,
): { bucket: Bucket; version: ObjectVersion } {
  const bucket = bucketOf(s3, input);
  if (input.SSECustomerAlgorithm !== undefined) {
    throw notSupportedLocally('S3 encryption with customer-provided keys (SSE-C)');
  }
  const version = findVersion(s3, bucket.name, keyOf(input), input.VersionId);
  checkRead(input, version);
  return { bucket, version };
}

function readReply(
  bucket: Bucket,
  version: ObjectVersion,
  range: ByteRange,
): Omit<HeadObjectCommandOutput, '$metadata'> {
  const { headers = {}, metadata, storageClass, websiteRedirectLocation, tags } = version.attributes;
  const { expiresAtMs, ...contentHeaders } = headers;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.modifiedAtMs),
    ContentLength: range.end - range.start,
    ETag: quoted(version.etag),
    ...contentHeaders,
    ...(expiresAtMs !== undefined && { Expires: new Date(expiresAtMs) }),
    ...(range.isPartial && { ContentRange: contentRange(range, version.sizeBytes) }),
    Metadata: { ...metadata },
    ...(storageClass && { StorageClass: storageClass }),
    ...(websiteRedirectLocation && { WebsiteRedirectLocation: websiteRedirectLocation }),
    ...(tags && Object.keys(tags).length > 0 && { TagCount: Object.keys(tags).length }),
    ...versionMembers(bucket, version),
    ...encryptionMembers(version.attributes),
  };
}

/** The `response-…` query parameters, by which a presigned link sets the headers of its answer. */
function responseOverrides(input: Omit<ReadInput, 'ChecksumMode'>): Partial<HeadObjectCommandOutput> {
  return {
    ...(input.ResponseCacheControl !== undefined && { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition !== undefined && { ContentDisposition: input.ResponseContentDisposition }),
    ...(input.ResponseContentEncoding !== undefined && { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage !== undefined && { ContentLanguage: input.ResponseContentLanguage }),
    ...(input.ResponseContentType !== undefined && { ContentType: input.ResponseContentType }),
    ...(input.ResponseExpires !== undefined && { Expires: input.ResponseExpires }),
  };
}

/** A checksum is of the whole object, so a part of it comes without. */
function checksumReply(version: ObjectVersion, range: ByteRange, mode: string | undefined): object {
  const { checksum } = version.attributes;
  if (!wantsChecksum(mode) || !checksum || range.end - range.start !== version.sizeBytes) return {};
  return { ...checksumMembers(checksum), ChecksumType: checksum.type };
}

function partsReply(version: ObjectVersion, partNumber: number | undefined): { PartsCount?: number } {
  const sizes = version.attributes.partSizesBytes;
  return sizes && partNumber !== undefined ? { PartsCount: sizes.length } : {};
}
