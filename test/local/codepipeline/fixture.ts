import { zipSync, strToU8 } from 'fflate';
import type {
  ActionDeclaration,
  ActionExecutionDetail,
  GetPipelineStateOutput,
  PipelineDeclaration,
  PipelineExecution,
} from '@aws-sdk/client-codepipeline';
import { openCodePipeline } from '../../../local/services/codepipeline/service.ts';
import type { CodePipelineOptions } from '../../../local/services/codepipeline/engine/engine.ts';
import { openS3 } from '../../../local/services/s3/service.ts';
import type { ServiceEvent } from '../../../local/services/service-module.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

/** The role of every test pipeline. */
export const pipelineRole = 'arn:aws:iam::123456789012:role/pipeline';

/** A local CodePipeline beside S3, with a versioned bucket `source`, and buckets `artifacts` and `site`. */
export async function pipelineCloud(options: CodePipelineOptions = {}): Promise<TestCloud> {
  const cloud = await testCloud({ services: [(context) => openCodePipeline(context, options), openS3] });
  await makeBuckets(cloud);
  return cloud;
}

/** Makes the bucket `source`, which keeps versions, and `artifacts` and `site`, which do not. */
export async function makeBuckets(cloud: TestCloud): Promise<void> {
  for (const Bucket of ['source', 'artifacts', 'site']) await cloud.call('s3', 'CreateBucket', { Bucket });
  const VersioningConfiguration = { Status: 'Enabled' };
  await cloud.call('s3', 'PutBucketVersioning', { Bucket: 'source', VersioningConfiguration });
}

/** Uploads a zip of these files as the source; its version id. */
export async function putSource(cloud: TestCloud, files: Record<string, string>, key = 'app.zip'): Promise<string> {
  const { VersionId } = await cloud.call<{ VersionId: string }>('s3', 'PutObject', {
    Bucket: 'source',
    Key: key,
    Body: zipOf(files),
  });
  return VersionId;
}

/** A zip of these files. */
export function zipOf(files: Record<string, string>): Uint8Array {
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)]);
  // The time of the clock would make two zips of the same files differ.
  return zipSync(Object.fromEntries(entries), { mtime: '2026-01-05T09:00:00' });
}

/** A source action that takes `app.zip`. */
export function sourceAction(changes: Partial<ActionDeclaration> = {}): ActionDeclaration {
  return {
    name: 'Fetch',
    actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
    configuration: { S3Bucket: 'source', S3ObjectKey: 'app.zip', PollForSourceChanges: 'false' },
    outputArtifacts: [{ name: 'SourceArtifact' }],
    ...changes,
  };
}

/** A Lambda action that invokes `check`. */
export function lambdaAction(name: string, changes: Partial<ActionDeclaration> = {}): ActionDeclaration {
  return {
    name,
    actionTypeId: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
    configuration: { FunctionName: 'check' },
    ...changes,
  };
}

/** A manual approval. */
export function approvalAction(name = 'Ask', changes: Partial<ActionDeclaration> = {}): ActionDeclaration {
  return { name, actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' }, ...changes };
}

/** An S3 deploy action that unpacks the source to the bucket `site`. */
export function deployAction(changes: Partial<ActionDeclaration> = {}): ActionDeclaration {
  return {
    name: 'Upload',
    actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'S3', version: '1' },
    configuration: { BucketName: 'site', Extract: 'true' },
    inputArtifacts: [{ name: 'SourceArtifact' }],
    ...changes,
  };
}

/** A pipeline `checkout`: a source stage, then stages by name. */
export function pipelineOf(
  stages: Record<string, ActionDeclaration[]>,
  changes: Partial<PipelineDeclaration> = {},
): PipelineDeclaration {
  return {
    name: 'checkout',
    roleArn: pipelineRole,
    artifactStore: { type: 'S3', location: 'artifacts' },
    stages: [
      { name: 'Source', actions: [sourceAction()] },
      ...Object.entries(stages).map(([name, actions]) => ({ name, actions })),
    ],
    ...changes,
  };
}

/** Creates a pipeline. */
export async function create(cloud: TestCloud, pipeline: PipelineDeclaration): Promise<void> {
  await cloud.call('codepipeline', 'CreatePipeline', { pipeline });
}

/** Starts `checkout` and lets all that can happen now happen; the execution's id. */
export async function start(cloud: TestCloud, input: object = {}): Promise<string> {
  const { pipelineExecutionId } = await cloud.call<{ pipelineExecutionId: string }>(
    'codepipeline',
    'StartPipelineExecution',
    { name: 'checkout', ...input },
  );
  await cloud.timers.settled();
  return pipelineExecutionId;
}

/** An execution of `checkout` as GetPipelineExecution tells it. */
export async function execution(cloud: TestCloud, id: string): Promise<PipelineExecution> {
  const input = { pipelineName: 'checkout', pipelineExecutionId: id };
  const output = await cloud.call<{ pipelineExecution: PipelineExecution }>(
    'codepipeline',
    'GetPipelineExecution',
    input,
  );
  return output.pipelineExecution;
}

/** The action executions of one execution of `checkout`, oldest first. */
export async function actions(cloud: TestCloud, id: string): Promise<ActionExecutionDetail[]> {
  const output = await cloud.call<{ actionExecutionDetails: ActionExecutionDetail[] }>(
    'codepipeline',
    'ListActionExecutions',
    { pipelineName: 'checkout', filter: { pipelineExecutionId: id } },
  );
  return output.actionExecutionDetails.toReversed();
}

/** The newest execution of one action of one execution. */
export async function action(cloud: TestCloud, id: string, name: string): Promise<ActionExecutionDetail> {
  const found = (await actions(cloud, id)).findLast((detail) => detail.actionName === name);
  if (!found) throw new Error(`execution ${id} has not run ${name}`);
  return found;
}

/** The state of `checkout`. */
export async function state(cloud: TestCloud): Promise<GetPipelineStateOutput> {
  return cloud.call('codepipeline', 'GetPipelineState', { name: 'checkout' });
}

/** A job as a function gets it. */
export interface JobEvent {
  readonly id: string;
  readonly accountId: string;
  readonly data: {
    readonly actionConfiguration: { configuration: Record<string, string> };
    readonly inputArtifacts: { name: string; revision: string | null; location: object }[];
    readonly outputArtifacts: { name: string; revision: string | null; location: object }[];
    readonly artifactCredentials: { accessKeyId: string; expirationTime: number };
    readonly continuationToken?: string;
    readonly encryptionKey?: { id: string; type: string };
  };
}

/** Answers Lambda's Invoke by keeping each job; the jobs that came, oldest first. */
export function catchJobs(cloud: TestCloud): JobEvent[] {
  const jobs: JobEvent[] = [];
  cloud.answer('lambda', 'Invoke', (input: { Payload: Uint8Array }) => {
    const event = JSON.parse(new TextDecoder().decode(input.Payload)) as { 'CodePipeline.job': JobEvent };
    jobs.push(event['CodePipeline.job']);
    return { StatusCode: 202 };
  });
  return jobs;
}

/** Ends a job well, and lets all that can happen now happen. */
export async function succeed(cloud: TestCloud, job: JobEvent | undefined, more: object = {}): Promise<void> {
  await cloud.call('codepipeline', 'PutJobSuccessResult', { jobId: job?.id, ...more });
  await cloud.timers.settled();
}

/** Ends a job badly, and lets all that can happen now happen. */
export async function fail(cloud: TestCloud, job: JobEvent | undefined, message = 'it broke'): Promise<void> {
  const failureDetails = { type: 'JobFailed', message };
  await cloud.call('codepipeline', 'PutJobFailureResult', { jobId: job?.id, failureDetails });
  await cloud.timers.settled();
}

/** What a call is refused with: `Code: message`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    // Handlers throw AwsError, which has a code.
    const { code, message } = error as { code?: string; message: string };
    return `${code}: ${message}`;
  }
  return 'accepted';
}

/** The events that tell of changes of state; those of API calls are left out. */
export function stateChanges(events: readonly ServiceEvent[]): ServiceEvent[] {
  return events.filter((event) => event['detail-type'].endsWith('State Change'));
}

/** Changes of state in short, oldest first: `pipeline STARTED`, `stage Scan FAILED`, `action Scan/Check SUCCEEDED`. */
export function told(events: readonly ServiceEvent[]): string[] {
  return stateChanges(events).map(({ detail }) => {
    const what = detail['action'] ? `action ${detail['stage']}/${detail['action']}` : `stage ${detail['stage']}`;
    return `${detail['stage'] ? what : 'pipeline'} ${detail['state']}`;
  });
}
