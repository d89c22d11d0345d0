import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ArtifactRefused, noArtifacts, type ArtifactStorage } from '../actions/artifacts.ts';
import type { ArtifactLocation, Job } from '../actions/job-event.ts';

/**
 * A job's artifacts in S3, read and written with the credentials that CodePipeline gave for this job, and encrypted with
 * the key that it named (without one, the bucket's default applies).
 */
export function createArtifactStorage(job: Job): ArtifactStorage {
  const { artifactCredentials, encryptionKey } = job.data;
  if (!artifactCredentials) return noArtifacts;
  const { accessKeyId, secretAccessKey, sessionToken } = artifactCredentials;
  const client = new S3Client({ credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } });
  return {
    async download(location, maxBytes) {
      const { Body, ContentLength } = await client.send(new GetObjectCommand(objectOf(location)));
      if ((ContentLength ?? 0) > maxBytes) {
        throw new ArtifactRefused(`artifact ${location.name} is ${ContentLength} bytes, allowed are ${maxBytes}`);
      }
      if (!Body) throw new ArtifactRefused(`artifact ${location.name} is empty`);
      return Body.transformToByteArray();
    },
    async upload(location, zip) {
      await client.send(
        new PutObjectCommand({
          ...objectOf(location),
          Body: zip,
          ContentType: 'application/zip',
          ...(encryptionKey && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: encryptionKey.id }),
        }),
      );
    },
  };
}

function objectOf({ location }: ArtifactLocation): { Bucket: string; Key: string } {
  return { Bucket: location.s3Location.bucketName, Key: location.s3Location.objectKey };
}
