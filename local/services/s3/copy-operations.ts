import type { CopyObjectCommandInput, S3 } from '@aws-sdk/client-s3';
import type { Operations } from '../../gateway/service.ts';
import type { Bucket } from './buckets.ts';
import { checkAlgorithm, checksumMembers, checksumOf, type ObjectChecksum } from './checksums.ts';
import { findCopySource } from './copy-source.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { encryptionMembers, readAttributes, type ObjectAttributes } from './object-attributes.ts';
import { bodyName } from './object-operations.ts';
import { bucketOf, keyOf, md5Of, quoted, storeObject, versionMembers, type S3Storage } from './storage.ts';
import { parseTagging } from './tags.ts';
import type { ObjectVersion } from './versions.ts';

/** CopyObject. */
export function copyOperations(s3: S3Storage): Operations<S3> {
  return {
    async CopyObject(input) {
      const bucket = bucketOf(s3, input);
      const key = keyOf(input);
      const source = findCopySource(s3, input);
      refuseIdleCopy(input, bucket, source.version);
      const body = await s3.bodies.read({ name: bodyName(source.version), start: 0, end: source.version.sizeBytes });
      const attributes = copiedAttributes(input, bucket, source.version);
      const checksum = copiedChecksum(input, source.version, body);
      const version = await storeObject(s3, {
        bucket: bucket.name,
        key,
        chunks: [body],
        sizeBytes: body.length,
        etag: md5Of(body),
        attributes: { ...attributes, ...(checksum && { checksum }) },
        conditions: input,
      });
      return {
        CopyObjectResult: {
          ETag: quoted(version.etag),
          LastModified: new Date(version.modifiedAtMs),
          ...checksumMembers(checksum),
          ...(checksum && { ChecksumType: checksum.type }),
        },
        ...(source.bucket.versioning && { CopySourceVersionId: source.version.versionId }),
        ...versionMembers(bucket, version),
        ...encryptionMembers(version.attributes),
      };
    },
  };
}

/** S3 refuses a copy of an object onto itself that would change nothing. */
function refuseIdleCopy(input: CopyObjectCommandInput, bucket: Bucket, source: ObjectVersion): void {
  const isOntoItself = source.bucket === bucket.name && source.key === input.Key && source.isLatest;
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    (input.StorageClass ?? input.WebsiteRedirectLocation ?? input.ServerSideEncryption) !== undefined;
  if (!isOntoItself || changes) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** Headers and user metadata come from the source or, with REPLACE, from the request; encryption and class never do. */
function copiedAttributes(input: CopyObjectCommandInput, bucket: Bucket, source: ObjectVersion): ObjectAttributes {
  const replacesMetadata = isReplace(input.MetadataDirective, 'x-amz-metadata-directive');
  const replacesTags = isReplace(input.TaggingDirective, 'x-amz-tagging-directive');
  const asked = readAttributes({ ...input, Tagging: undefined }, bucket);
  const { headers, metadata } = replacesMetadata ? asked : source.attributes;
  const tags = replacesTags ? parseTagging(input.Tagging ?? '') : source.attributes.tags;
  return {
    ...(headers && { headers }),
    ...(metadata && { metadata }),
    ...(tags && { tags }),
    ...(asked.encryption && { encryption: asked.encryption }),
    ...(asked.storageClass && { storageClass: asked.storageClass }),
    ...(asked.websiteRedirectLocation && { websiteRedirectLocation: asked.websiteRedirectLocation }),
  };
}

function isReplace(directive: string | undefined, header: string): boolean {
  if (directive === undefined || directive === 'COPY') return false;
  if (directive === 'REPLACE') return true;
  throw invalidArgument(`Unknown directive: allowed are COPY and REPLACE`, header, directive);
}

/** The copy is one object, so its checksum is of the whole, even if the source's was composite. */
function copiedChecksum(
  input: CopyObjectCommandInput,
  source: ObjectVersion,
  body: Uint8Array,
): ObjectChecksum | undefined {
  const algorithm = checkAlgorithm(input.ChecksumAlgorithm) ?? source.attributes.checksum?.algorithm;
  return algorithm && { algorithm, value: checksumOf(algorithm, body), type: 'FULL_OBJECT' };
}
