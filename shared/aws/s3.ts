import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { SourceBucket } from '../services/service.ts';
import { clientSettings } from './client-settings.ts';
import { calling, statusOf } from './failure.ts';

/** The services' source objects. */
export function sourceBucket(
  // A checksum of the body cannot be presigned: the signer does not see the body.
  client: S3Client = new S3Client({ ...clientSettings, requestChecksumCalculation: 'WHEN_REQUIRED' }),
): SourceBucket {
  return {
    presignUpload: ({ source }, expiresIn) =>
      calling('s3:PutObject', () => {
        const command = new PutObjectCommand({
          Bucket: source.bucket,
          Key: source.key,
          ContentType: 'application/zip',
        });
        return getSignedUrl(client, command, { expiresIn, signableHeaders: new Set(['content-type']) });
      }),
    findVersion: ({ source }, versionId) =>
      calling('s3:GetObjectVersion', async () => {
        try {
          const command = new HeadObjectCommand({ Bucket: source.bucket, Key: source.key, VersionId: versionId });
          const { ContentLength: sizeBytes = 0 } = await client.send(command);
          return { sizeBytes };
        } catch (thrown) {
          // An id that is no version's form is answered 400, one of a delete marker 405; a HEAD has no body to say so.
          if ([400, 404, 405].includes(statusOf(thrown) ?? 0)) return undefined;
          throw thrown;
        }
      }),
  };
}
