import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodePipeline } from '@aws-sdk/client-codepipeline';
import { S3 } from '@aws-sdk/client-s3';
import { App, Stack } from 'aws-cdk-lib';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PagesStack } from '../../examples/plain-cdk-app/pages-stack.ts';
import { startLocalCloud, type LocalCloud } from '../../local/public.ts';

// CDK's own validation of templates is not what is tested here, and slow.
process.env['CDK_VALIDATION'] = 'false';

const folder = mkdtempSync(join(tmpdir(), 'slipway-plain-'));
const reported: string[] = [];
let cloud: LocalCloud;
let codepipeline: CodePipeline;
let s3: S3;
let bucket: string;

beforeAll(async () => {
  const app = new App({ outdir: join(folder, 'cdk.out'), analyticsReporting: false });
  new PagesStack(app, 'Pages');
  app.synth();
  cloud = await startLocalCloud({
    app: folder,
    folder: join(folder, '.slipway'),
    clock: { kind: 'virtual', startMs: Date.UTC(2026, 0, 5) },
    report: (line) => void reported.push(line),
  });
  const client = { endpoint: cloud.endpoint, region: cloud.region, credentials: { ...cloud.credentials } };
  codepipeline = new CodePipeline(client);
  s3 = new S3({ ...client, forcePathStyle: true });
  bucket = String(cloud.outputs('Pages')['SourceBucket']);
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts pages of this size, and runs the pipeline until nothing moves any more. */
async function release(bytes: number) {
  const page = new Uint8Array(bytes).map((_byte, index) => (index * 7919 + (index >> 8) * 104_729) % 251);
  const zip = zipSync({ 'index.html': [page, { level: 0 }], 'about.html': strToU8('<p>us</p>') });
  await s3.putObject({ Bucket: bucket, Key: 'pages.zip', Body: zip });
  const { pipelineExecutionId } = await codepipeline.startPipelineExecution({ name: 'pages' });
  await cloud.settled();
  await cloud.advance(60_000);
  const { actionExecutionDetails: actions = [] } = await codepipeline.listActionExecutions({
    pipelineName: 'pages',
    filter: { pipelineExecutionId: pipelineExecutionId ?? '' },
  });
  const check = actions.find(({ stageName }) => stageName === 'Check');
  const { stageStates = [] } = await codepipeline.getPipelineState({ name: 'pages' });
  return { zip, check, approval: stageStates.at(-1)?.actionStates?.[0]?.latestExecution };
}

it("runs a hand-written Lambda action of an app that knows nothing of Slipway, up to the app's approval", async () => {
  const { zip, check, approval } = await release(500);

  expect(check?.status).toBe('Succeeded');
  expect(check?.output?.outputVariables).toEqual({ bytes: String(zip.byteLength) });
  expect(approval).toMatchObject({ status: 'InProgress', token: expect.stringMatching(/.+/) });
});

it("shows the action's own reason when it fails", async () => {
  const { zip, check } = await release(1_000_001);

  expect(check?.status).toBe('Failed');
  expect(check?.output?.executionResult?.errorDetails).toMatchObject({
    code: 'JobFailed',
    message: `${zip.byteLength} bytes, allowed are 1000000`,
  });
});

it('deletes a bucket that is not empty, since the custom resource of autoDeleteObjects empties it', async () => {
  await s3.putObject({ Bucket: bucket, Key: 'more.txt', Body: 'more' });
  const app = new App({ outdir: join(folder, 'without'), analyticsReporting: false });
  new Stack(app, 'Pages');
  app.synth();

  const outcomes = await cloud.apply(join(folder, 'without'));

  expect(outcomes.filter(({ did }) => did === 'delete').map(({ type }) => type)).toEqual(
    expect.arrayContaining(['Custom::S3AutoDeleteObjects', 'AWS::S3::Bucket']),
  );
  expect(reported.join('\n')).not.toContain('was not deleted');
  expect((await s3.listBuckets()).Buckets?.map(({ Name: name }) => name)).not.toContain(bucket);
});
