import { CodePipeline } from '@aws-sdk/client-codepipeline';
import { S3 } from '@aws-sdk/client-s3';

const codepipeline = new CodePipeline();

/** An action of the pipeline: fails if the artifact is larger than `maxBytes` of its UserParameters. */
export async function handler(event) {
  const { id: jobId, data } = event['CodePipeline.job'];
  try {
    const { maxBytes } = JSON.parse(data.actionConfiguration.configuration.UserParameters);
    const bytes = await sizeOf(data.inputArtifacts[0], data.artifactCredentials);
    console.log(`the artifact has ${bytes} bytes, allowed are ${maxBytes}`);
    if (bytes > maxBytes) throw new Error(`${bytes} bytes, allowed are ${maxBytes}`);
    await codepipeline.putJobSuccessResult({ jobId, outputVariables: { bytes: String(bytes) } });
  } catch (error) {
    const failureDetails = { type: 'JobFailed', message: error.message };
    await codepipeline.putJobFailureResult({ jobId, failureDetails });
  }
}

/** Artifacts are read with the keys that the job brings, not with those of the function. */
async function sizeOf(artifact, credentials) {
  const s3 = new S3({ credentials });
  const { bucketName, objectKey } = artifact.location.s3Location;
  const { ContentLength: bytes } = await s3.headObject({ Bucket: bucketName, Key: objectKey });
  return bytes;
}
