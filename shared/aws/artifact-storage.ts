import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ArtifactRefused, noArtifacts, type Artifacts, type ArtifactStorage } from '../actions/artifacts.ts';
import { artifactsIn } from '../actions/job-artifacts.ts';
import type { ArtifactLocation, Job } from '../actions/runner/job-event.ts';
import { ActionFailed } from '../actions/result.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName, statusOf } from './failure.ts';

/** The artifacts of a job, which lie in S3. */
export function artifactsOf(job: Job): Artifacts {
  return artifactsIn(createArtifactStorage(job), job);
}

/**
 * A job's artifacts in S3, read and written with the credentials that CodePipeline gave for this job, and encrypted with
 * the key that it named (without one, the bucket's default applies).
 */
export function createArtifactStorage(job: Job): ArtifactStorage {
  const { artifactCredentials, encryptionKey } = job.data;
  if (!artifactCredentials) return noArtifacts;
  const { accessKeyId, secretAccessKey, sessionToken } = artifactCredentials;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const client = new S3Client({ ...clientSettings, credentials });
  return {
    async download(location, maxBytes) {
      return calling('s3:GetObject', async () => {
        const command = new GetObjectCommand(objectOf(location));
        const { Body, ContentLength } = await client.send(command).catch(refusing(location));
        if ((ContentLength ?? 0) > maxBytes)
          throw new ArtifactRefused(`artifact ${location.name} is ${ContentLength} bytes, allowed are ${maxBytes}`);
        if (!Body) throw new ArtifactRefused(`artifact ${location.name} is empty`);
        return Body.transformToByteArray();
      });
    },
    async upload(location, zip) {
      const command = new PutObjectCommand({
        ...objectOf(location),
        Body: zip,
        ContentType: 'application/zip',
        ...(encryptionKey && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: encryptionKey.id }),
      });
      await calling('s3:PutObject', () => client.send(command).catch(refusing(location)));
    },
  };
}

function objectOf({ location }: ArtifactLocation): { Bucket: string; Key: string } {
  return { Bucket: location.s3Location.bucketName, Key: location.s3Location.objectKey };
}

/** S3's own codes (API reference, "Error responses"), told by the artifact's name: S3's text may quote what it was sent. */
function refusing({ name }: ArtifactLocation): (cause: unknown) => never {
  return (cause) => {
    const code = errorName(cause);
    if (/^NoSuch(Key|Bucket|Version)$/.test(code))
      throw new ActionFailed(
        'RevisionUnavailable',
        `artifact ${name} is not in the pipeline's bucket (${code}); release the change again`,
        { cause },
      );
    if (code === 'AccessDenied' || code.startsWith('KMS.') || (statusOf(cause) === 403 && !isAboutCredentials(code)))
      throw new ActionFailed(
        'PermissionError',
        `S3 gives no access to artifact ${name} (${code}); look at the policies of the bucket and of the key that encrypts it`,
        { cause },
      );
    if (isAboutCredentials(code))
      throw new ActionFailed(
        'SystemUnavailable',
        `the job's credentials for artifact ${name} are not valid any more (${code}); retry the stage`,
        { cause },
      );
    throw cause;
  };
}

function isAboutCredentials(code: string): boolean {
  return /^(ExpiredToken|InvalidToken|InvalidAccessKeyId|SignatureDoesNotMatch)$/.test(code);
}
