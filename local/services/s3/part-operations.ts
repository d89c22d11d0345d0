import type { S3 } from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { checksumMembers, verifyBody, type Checksum } from './checksums.ts';
import { findCopySource } from './copy-source.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { ownerOf } from './list-operations.ts';
import { encryptionMembers } from './object-attributes.ts';
import { bodyName, bodyOf } from './object-operations.ts';
import { copyRange } from './ranges.ts';
import { bucketOf, keyOf, md5Of, quoted, type BucketMembers, type S3Storage } from './storage.ts';
import type { Part, Upload } from './uploads.ts';

const maxParts = 10_000;
const maxListed = 1000;
const maxPartBytes = 5 * 1024 ** 3;

/** UploadPart, UploadPartCopy, ListParts. */
export function partOperations(s3: S3Storage): Operations<S3> {
  return {
    async UploadPart(input) {
      const upload = uploadOf(s3, input);
      const body = bodyOf(input.Body);
      const verified = verifyBody(body, {
        ...input,
        ChecksumAlgorithm: input.ChecksumAlgorithm ?? upload.checksumAlgorithm,
      });
      refuseOtherChecksum(upload, verified?.algorithm);
      const part = await storePart(s3, upload, { partNumber: partNumberOf(input), body, checksum: verified?.value });
      return { ETag: quoted(part.etag), ...encryptionMembers(upload.attributes), ...checksumMembers(verified) };
    },
    async UploadPartCopy(input) {
      const upload = uploadOf(s3, input);
      const { bucket, version } = findCopySource(s3, input);
      const { start, end } = copyRange(input.CopySourceRange, version.sizeBytes);
      const body = await s3.bodies.read({ name: bodyName(version), start, end });
      const verified = verifyBody(body, { ChecksumAlgorithm: upload.checksumAlgorithm });
      const part = await storePart(s3, upload, { partNumber: partNumberOf(input), body, checksum: verified?.value });
      return {
        CopyPartResult: {
          ETag: quoted(part.etag),
          LastModified: new Date(part.modifiedAtMs),
          ...checksumMembers(verified),
        },
        ...(bucket.versioning && { CopySourceVersionId: version.versionId }),
        ...encryptionMembers(upload.attributes),
      };
    },
    ListParts(input) {
      const upload = uploadOf(s3, input);
      const after = Number(input.PartNumberMarker ?? 0);
      const maxPartsListed = Math.min(input.MaxParts ?? maxListed, maxListed);
      const parts = s3.uploads.parts(upload.uploadId).filter((part) => part.partNumber > after);
      const listed = parts.slice(0, maxPartsListed);
      return {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.uploadId,
        PartNumberMarker: String(after),
        MaxParts: maxPartsListed,
        IsTruncated: parts.length > listed.length,
        ...(parts.length > listed.length && { NextPartNumberMarker: String(listed.at(-1)?.partNumber ?? after) }),
        Parts: listed.map((part) => listedPart(part, upload)),
        Owner: ownerOf(s3),
        Initiator: ownerOf(s3),
        StorageClass: upload.attributes.storageClass ?? 'STANDARD',
        ...(upload.checksumAlgorithm && { ChecksumAlgorithm: upload.checksumAlgorithm }),
        ...(upload.checksumType && { ChecksumType: upload.checksumType }),
      };
    },
  };
}

/** The upload of a request. @throws AwsError `NoSuchUpload` */
export function uploadOf(s3: S3Storage, input: UploadMembers): Upload {
  const bucket = bucketOf(s3, input);
  return s3.uploads.get(input.UploadId ?? '', bucket.name, keyOf(input));
}

interface UploadMembers extends BucketMembers {
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
}

function partNumberOf({ PartNumber = 0 }: { PartNumber: number | undefined }): number {
  if (Number.isInteger(PartNumber) && PartNumber >= 1 && PartNumber <= maxParts) return PartNumber;
  throw invalidArgument(
    'Part number must be an integer between 1 and 10000, inclusive',
    'partNumber',
    String(PartNumber),
  );
}

function refuseOtherChecksum(upload: Upload, algorithm: Checksum | undefined): void {
  if (!upload.checksumAlgorithm || upload.checksumAlgorithm === algorithm) return;
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm.toLowerCase()}, actual checksum Type: ${algorithm?.toLowerCase() ?? 'null'}`,
  );
}

async function storePart(
  s3: S3Storage,
  upload: Upload,
  sent: { partNumber: number; body: Uint8Array; checksum: string | undefined },
): Promise<Part> {
  if (sent.body.length > maxPartBytes)
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  const body = await s3.bodies.write([sent.body]);
  const part: Part = {
    partNumber: sent.partNumber,
    body,
    sizeBytes: sent.body.length,
    etag: md5Of(sent.body),
    ...(sent.checksum !== undefined && { checksum: sent.checksum }),
    modifiedAtMs: s3.context.clock.nowMs(),
  };
  try {
    s3.context.store.transaction(() => {
      s3.uploads.get(upload.uploadId, upload.bucket, upload.key);
      s3.uploads.savePart(upload.uploadId, part);
    });
  } catch (error) {
    s3.bodies.remove(body);
    throw error;
  }
  return part;
}

function listedPart(part: Part, upload: Upload): object {
  const algorithm = upload.checksumAlgorithm;
  return {
    PartNumber: part.partNumber,
    LastModified: new Date(part.modifiedAtMs),
    ETag: quoted(part.etag),
    Size: part.sizeBytes,
    ...(algorithm && part.checksum !== undefined && checksumMembers({ algorithm, value: part.checksum })),
  };
}
