import { randomBytes } from 'node:crypto';
import type { CreateMultipartUploadCommandInput, S3 } from '@aws-sdk/client-s3';
import type { Operations } from '../../gateway/service.ts';
import { checkAlgorithm, type Checksum } from './checksums.ts';
import { completeUpload } from './complete-upload.ts';
import { invalidRequest } from './errors.ts';
import { ownerOf } from './list-operations.ts';
import { encryptionMembers, readAttributes } from './object-attributes.ts';
import { uploadOf } from './part-operations.ts';
import { bucketOf, keyOf, type S3Storage } from './storage.ts';
import type { Upload } from './uploads.ts';

const maxListed = 1000;

/** CreateMultipartUpload, CompleteMultipartUpload, AbortMultipartUpload, ListMultipartUploads. */
export function multipartOperations(s3: S3Storage): Operations<S3> {
  return {
    CreateMultipartUpload(input) {
      const upload = newUpload(s3, input);
      s3.context.store.transaction(() => s3.uploads.begin(upload));
      return {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.uploadId,
        ...encryptionMembers(upload.attributes),
        ...(upload.checksumAlgorithm && { ChecksumAlgorithm: upload.checksumAlgorithm }),
        ...(upload.checksumType && { ChecksumType: upload.checksumType }),
      };
    },
    CompleteMultipartUpload: (input) => completeUpload(s3, uploadOf(s3, input), input),
    AbortMultipartUpload(input) {
      s3.context.store.transaction(() => s3.uploads.end(uploadOf(s3, input).uploadId));
      return {};
    },
    ListMultipartUploads(input) {
      const bucket = bucketOf(s3, input);
      if (input.Delimiter ?? input.KeyMarker ?? input.UploadIdMarker) {
        throw invalidRequest(
          'the local cloud lists multipart uploads in one page: leave out the delimiter and markers',
        );
      }
      const uploads = s3.uploads.list(bucket.name).filter((upload) => upload.key.startsWith(input.Prefix ?? ''));
      return {
        Bucket: bucket.name,
        IsTruncated: false,
        MaxUploads: input.MaxUploads ?? maxListed,
        Uploads: uploads.map((upload) => ({
          Key: upload.key,
          UploadId: upload.uploadId,
          Initiated: new Date(upload.begunAtMs),
          StorageClass: upload.attributes.storageClass ?? 'STANDARD',
          Owner: ownerOf(s3),
          Initiator: ownerOf(s3),
        })),
      };
    },
  };
}

function newUpload(s3: S3Storage, input: CreateMultipartUploadCommandInput): Upload {
  const bucket = bucketOf(s3, input);
  const checksumAlgorithm = checkAlgorithm(input.ChecksumAlgorithm);
  const checksumType = readChecksumType(checksumAlgorithm, input.ChecksumType);
  return {
    uploadId: randomBytes(48).toString('base64url'),
    bucket: bucket.name,
    key: keyOf(input),
    begunAtMs: s3.context.clock.nowMs(),
    attributes: readAttributes(input, bucket),
    ...(checksumAlgorithm && { checksumAlgorithm }),
    ...(checksumType && { checksumType }),
  };
}

/** SHA checksums of parts can only be combined; a CRC32 may also be of the whole object. */
function readChecksumType(algorithm: Checksum | undefined, type: string | undefined): Upload['checksumType'] {
  if (!algorithm) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  if (type === undefined || type === 'COMPOSITE') return 'COMPOSITE';
  if (type === 'FULL_OBJECT' && algorithm === 'CRC32') return 'FULL_OBJECT';
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
