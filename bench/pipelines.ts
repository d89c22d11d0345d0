import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { buildSync } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { startLocalCloud, type LocalCloud } from '../local/public.ts';
import type { Bench, Table } from './bench.ts';
import { stackName, synthesize } from './synthesize.ts';

/** How long a team's worth of pipelines takes, when no time is spent waiting. */
export const pipelines: Bench = {
  name: 'pipelines',
  question: 'how long do 1,000 executions of 200 pipelines of 5 stages take under the virtual clock?',
  run: measurePipelines,
};

const pipelineCount = 200;
const executionsOfEach = 5;
const askedSeconds = 60;

async function measurePipelines(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const app = synthesize(folder, (stack) => build(stack, bundle(folder)));
  const clock = { kind: 'virtual', startMs: Date.UTC(2026, 0, 5, 9) } as const;
  const cloud = await startLocalCloud({ app, folder: join(folder, '.slipway'), clock, report: () => undefined });
  try {
    const names = Array.from({ length: pipelineCount }, (_unused, index) => `service-${index}`);
    const createMs = await timed(() => create(cloud, names));
    const runMs = await timed(() => run(cloud, names));
    const statuses = await statusesOf(cloud, names);
    return {
      columns: ['what', 'count', 'seconds', 'a second', 'asked seconds'],
      rows: [
        row('pipelines created', pipelineCount, createMs),
        [
          ...row('executions finished', statuses.filter((status) => status === 'Succeeded').length, runMs),
          askedSeconds,
        ],
      ],
      notes: [
        'Stages: Source (S3), two of one Lambda action, Deploy (S3), one more Lambda action; mode QUEUED.',
        'Every Lambda action runs in a thread and answers its job through the SDK; every step is durable.',
        `Ended otherwise than Succeeded: ${statuses.filter((status) => status !== 'Succeeded').length}.`,
      ],
    };
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(what: string, count: number, ms: number): (string | number)[] {
  return [what, count, (ms / 1000).toFixed(1), Math.round((count * 1000) / ms)];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

function bundle(folder: string): string {
  const code = join(folder, 'code');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'job-handler.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outfile: join(code, 'index.js'),
  });
  return code;
}

function build(stack: Stack, codeFolder: string): Record<string, string> {
  const bucket = new Bucket(stack, 'Bucket', { versioned: true });
  const job = new LambdaFunction(stack, 'Job', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    // The default of 3 s would measure a busy machine's cold starts.
    timeout: Duration.minutes(1),
    code: Code.fromAsset(codeFolder),
  });
  job.addToRolePolicy(new PolicyStatement({ actions: ['codepipeline:PutJobSuccessResult'], resources: ['*'] }));
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('codepipeline.amazonaws.com') });
  bucket.grantReadWrite(role);
  job.grantInvoke(role);
  return { bucket: bucket.bucketName, job: job.functionName, role: role.roleArn };
}

async function create(cloud: LocalCloud, names: readonly string[]): Promise<void> {
  const { bucket, job, role } = cloud.outputs(stackName) as Record<string, string>; // what `build` puts out
  const body = zipSync({ 'index.html': strToU8('<p>released</p>') });
  await cloud.call('s3', 'PutObject', { Bucket: bucket, Key: 'source.zip', Body: body });
  for (const name of names) {
    await cloud.call('codepipeline', 'CreatePipeline', {
      pipeline: {
        name,
        roleArn: role,
        pipelineType: 'V2',
        executionMode: 'QUEUED',
        artifactStore: { type: 'S3', location: bucket },
        stages: stagesOf(name, { bucket, job }),
      },
    });
  }
}

function stagesOf(name: string, { bucket, job }: { bucket: string | undefined; job: string | undefined }): object[] {
  const stage = (stageName: string, action: object): object => ({ name: stageName, actions: [action] });
  const invoke = (actionName: string): object => ({
    name: actionName,
    actionTypeId: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
    configuration: { FunctionName: job },
    inputArtifacts: [{ name: 'Source' }],
  });
  return [
    stage('Source', {
      name: 'Read',
      actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
      configuration: { S3Bucket: bucket, S3ObjectKey: 'source.zip', PollForSourceChanges: 'false' },
      outputArtifacts: [{ name: 'Source' }],
    }),
    stage('Check', invoke('Scan')),
    stage('Test', invoke('Test')),
    stage('Deploy', {
      name: 'Site',
      actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'S3', version: '1' },
      configuration: { BucketName: bucket, Extract: 'true', ObjectKey: `sites/${name}` },
      inputArtifacts: [{ name: 'Source' }],
    }),
    stage('Verify', invoke('Smoke')),
  ];
}

async function run(cloud: LocalCloud, names: readonly string[]): Promise<void> {
  for (let round = 0; round < executionsOfEach; round += 1) {
    for (const name of names) await cloud.call('codepipeline', 'StartPipelineExecution', { name });
  }
  await cloud.settled();
  await cloud.advance('1h');
}

async function statusesOf(cloud: LocalCloud, names: readonly string[]): Promise<string[]> {
  const statuses: string[] = [];
  for (const pipelineName of names) {
    // What the operation documents.
    const { pipelineExecutionSummaries: executions } = (await cloud.call('codepipeline', 'ListPipelineExecutions', {
      pipelineName,
    })) as { pipelineExecutionSummaries: { status: string }[] };
    statuses.push(...executions.map(({ status }) => status));
  }
  return statuses;
}
