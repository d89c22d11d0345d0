import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type {
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CompleteMultipartUploadCommandOutput,
} from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import {
  badChecksum,
  base64OfCrc32,
  checksumMembers,
  checksumOf,
  statedChecksum,
  type ObjectChecksum,
} from './checksums.ts';
import { invalidRequest } from './errors.ts';
import { encryptionMembers } from './object-attributes.ts';
import { quoted, storeObject, versionMembers, type S3Storage } from './storage.ts';
import type { Part, Upload } from './uploads.ts';

/** The least size of every part but the last. */
const minPartBytes = 5 * 1024 * 1024;

/**
 * Makes one object of an upload's parts; the object appears and the upload ends in one transaction.
 * @throws AwsError `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `BadDigest`, `PreconditionFailed`
 */
export async function completeUpload(
  s3: S3Storage,
  upload: Upload,
  input: CompleteMultipartUploadCommandInput,
): Promise<Omit<CompleteMultipartUploadCommandOutput, '$metadata'>> {
  const parts = chooseParts(s3.uploads.parts(upload.uploadId), input.MultipartUpload?.Parts ?? []);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== sizeBytes) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${sizeBytes}`,
    );
  }
  const checksum = await checksumOfParts(s3, upload, parts);
  refuseOtherChecksum(input, checksum);
  const version = await storeObject(s3, {
    bucket: upload.bucket,
    key: upload.key,
    chunks: parts.map((part) => ({ name: part.body, start: 0, end: part.sizeBytes })),
    sizeBytes,
    etag: etagOfParts(parts),
    attributes: {
      ...upload.attributes,
      partSizesBytes: parts.map((part) => part.sizeBytes),
      ...(checksum && { checksum }),
    },
    conditions: input,
    alongside: () => {
      s3.uploads.get(upload.uploadId, upload.bucket, upload.key);
      s3.uploads.end(upload.uploadId);
    },
  }).catch((error: unknown) => {
    // Completed or aborted by another request meanwhile, which took the parts away: say that instead.
    s3.uploads.get(upload.uploadId, upload.bucket, upload.key);
    throw error;
  });
  return {
    Location: `${s3.context.endpoint}/${upload.bucket}/${upload.key.split('/').map(encodeURIComponent).join('/')}`,
    Bucket: upload.bucket,
    Key: upload.key,
    ETag: quoted(version.etag),
    ...versionMembers(s3.buckets.get(upload.bucket), version),
    ...encryptionMembers(version.attributes),
    ...checksumMembers(checksum),
    ...(checksum && { ChecksumType: checksum.type }),
  };
}

function chooseParts(stored: readonly Part[], asked: readonly CompletedPart[]): Part[] {
  if (asked.length === 0) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  const chosen = asked.map(({ PartNumber, ETag }) => {
    const part = stored.find((candidate) => candidate.partNumber === PartNumber);
    if (part && part.etag === ETag?.replaceAll('"', '')) return part;
    throw new AwsError(
      'InvalidPart',
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { members: { PartNumber: String(PartNumber), ETag } },
    );
  });
  if (chosen.some((part, index) => part.partNumber <= (chosen[index - 1]?.partNumber ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  const small = chosen.slice(0, -1).find((part) => part.sizeBytes < minPartBytes);
  if (!small) return chosen;
  throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    members: {
      ProposedSize: String(small.sizeBytes),
      MinSizeAllowed: String(minPartBytes),
      PartNumber: String(small.partNumber),
      ETag: small.etag,
    },
  });
}

/** MD5 over the parts' MD5s, and their number. */
function etagOfParts(parts: readonly Part[]): string {
  const digest = createHash('md5');
  for (const part of parts) digest.update(Buffer.from(part.etag, 'hex'));
  return `${digest.digest('hex')}-${parts.length}`;
}

async function checksumOfParts(
  s3: S3Storage,
  upload: Upload,
  parts: readonly Part[],
): Promise<ObjectChecksum | undefined> {
  const { checksumAlgorithm: algorithm, checksumType: type } = upload;
  if (!algorithm || !type) return undefined;
  if (type === 'COMPOSITE') {
    const checksums = parts.map((part) => Buffer.from(part.checksum ?? '', 'base64'));
    return { algorithm, type, value: `${checksumOf(algorithm, Buffer.concat(checksums))}-${parts.length}` };
  }
  let value = 0;
  for (const part of parts) {
    value = crc32(await s3.bodies.read({ name: part.body, start: 0, end: part.sizeBytes }), value);
  }
  return { algorithm, type, value: base64OfCrc32(value) };
}

function refuseOtherChecksum(input: CompleteMultipartUploadCommandInput, checksum: ObjectChecksum | undefined): void {
  const stated = statedChecksum(input);
  if (!stated) return;
  if (stated.algorithm !== checksum?.algorithm) {
    throw invalidRequest(
      `The upload was created using ${checksum ? `the ${checksum.algorithm.toLowerCase()}` : 'no'} checksum; the complete request names ${stated.algorithm.toLowerCase()}.`,
    );
  }
  // A composite may be stated with or without the number of its parts.
  const plain = (value: string): string => value.replace(/-\d+$/, '');
  if (plain(stated.value) !== plain(checksum.value)) throw badChecksum(stated, plain(checksum.value));
}
