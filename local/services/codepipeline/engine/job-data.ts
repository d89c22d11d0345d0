import type { Artifact, JobData } from '@aws-sdk/client-codepipeline';
import type { StoredArtifact } from '../records/actions.ts';
import type { JobRecord } from '../records/jobs.ts';
import { pipelineArn, type Engine } from './engine.ts';
import { actionPrincipal, type Running } from './run-action.ts';

/** How long a job's artifact credentials hold: what a role assumed by a role gets. */
const credentialsLifeMs = 60 * 60 * 1000;

/**
 * The event that a Lambda function gets for a job. Unlike a job's details it has neither the action type nor the pipeline's
 * context, says when the credentials expire (in milliseconds), and writes an unknown revision as null.
 */
export function jobEvent(engine: Engine, running: Running, job: JobRecord): object {
  const { resolvedConfiguration, inputArtifacts, outputArtifacts } = running.record.input;
  const { expiresAtMs, ...credentials } = artifactCredentials(engine, running, job);
  return {
    'CodePipeline.job': {
      id: job.id,
      accountId: engine.context.account,
      data: {
        actionConfiguration: { configuration: resolvedConfiguration },
        inputArtifacts: inputArtifacts.map(withNullRevision),
        outputArtifacts: outputArtifacts.map(withNullRevision),
        artifactCredentials: { ...credentials, expirationTime: expiresAtMs },
        ...continuation(job),
        ...encryption(running),
      },
    },
  };
}

/** A job as GetJobDetails and workers see it; each call issues new credentials. */
export function jobData(engine: Engine, running: Running, job: JobRecord): JobData {
  const { record, action } = running;
  const { accessKeyId, secretAccessKey, sessionToken } = artifactCredentials(engine, running, job);
  return {
    // The declaration's category and owner passed the check of their enumerations.
    actionTypeId: action.type as NonNullable<JobData['actionTypeId']>,
    actionConfiguration: { configuration: { ...record.input.resolvedConfiguration } },
    pipelineContext: {
      pipelineName: record.pipeline,
      pipelineArn: pipelineArn(engine, record.pipeline),
      pipelineExecutionId: record.execution,
      stage: { name: record.stage },
      action: { name: record.action, actionExecutionId: record.id },
    },
    inputArtifacts: record.input.inputArtifacts.map(artifact),
    outputArtifacts: record.input.outputArtifacts.map(artifact),
    artifactCredentials: { accessKeyId, secretAccessKey, sessionToken },
    ...continuation(job),
    ...encryption(running),
  };
}

/** Temporary credentials of the action's role under a session of the job's own. Never stored, never logged. */
function artifactCredentials(engine: Engine, running: Running, job: JobRecord) {
  const { context } = engine;
  const expiresAtMs = context.clock.nowMs() + credentialsLifeMs;
  const issued = context.credentials.issue(actionPrincipal(engine, running, job.id), { expiresAtMs });
  const { accessKeyId, secretAccessKey, sessionToken = '' } = issued;
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs };
}

function artifact({ name, revisionId, bucket, key }: StoredArtifact): Artifact {
  return { name, ...(revisionId !== null && { revision: revisionId }), location: location(bucket, key) };
}

function withNullRevision({ name, revisionId, bucket, key }: StoredArtifact): object {
  return { name, revision: revisionId, location: location(bucket, key) };
}

function location(bucketName: string, objectKey: string) {
  return { type: 'S3' as const, s3Location: { bucketName, objectKey } };
}

function continuation({ continuationToken }: JobRecord) {
  return continuationToken === undefined ? {} : { continuationToken };
}

function encryption({ structure }: Running) {
  const { encryptionKeyId } = structure.artifactStore;
  return encryptionKeyId === undefined ? {} : { encryptionKey: { id: encryptionKeyId, type: 'KMS' as const } };
}
