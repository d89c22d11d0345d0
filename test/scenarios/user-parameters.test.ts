import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { packSource } from '../../cli/source.ts';
import { appFolder, synthesize } from '../../cli/start/synth.ts';
import { startLocalCloud, type LocalCloud } from '../../local/public.ts';
import { freshFolder } from '../support/installation.ts';
import { repository } from '../support/slipway-process.ts';

const folder = freshFolder();
const app = join(folder.path, 'app');
const template = join(app, 'Checkout.template.json');
let cloud: LocalCloud;

beforeAll(async () => {
  await synthesize();
  cpSync(appFolder, app, { recursive: true });
  cloud = await startLocalCloud({ app, folder: join(folder.path, 'cloud'), report: () => undefined });
  const { zip } = packSource(join(repository, 'examples', 'checkout', 'app'));
  await cloud.call('s3', 'PutObject', { Bucket: await sourceBucket(), Key: 'checkout.zip', Body: zip });
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
  folder[Symbol.dispose]();
});

it.each([
  ['{"parameters":{"treshold":"error"}}', /^UserParameters\.parameters.*treshold/],
  ['{"parameters":{"allowedFindings":-1}}', /^UserParameters\.parameters\.allowedFindings: /],
  ['{"parameters":{"exclude":["docs/",7]}}', /^UserParameters\.parameters\.exclude\.1: /],
  ['{"threshold":"error"}', /^UserParameters\.parameters: /],
  ['threshold=error', /^UserParameters: is not JSON/],
  [undefined, /^UserParameters: is missing/],
])('fails an action at once whose UserParameters are %s', async (userParameters, message) => {
  writeTemplate(userParameters);
  await cloud.apply(app);

  const scan = await scanOf(await execute());

  expect(scan).toMatchObject({
    status: 'Failed',
    errorDetails: { code: 'ConfigurationError', message: expect.stringMatching(message) },
  });
});

async function sourceBucket(): Promise<string> {
  const answer = await cloud.call('ssm', 'GetParameter', { Name: '/slipway/services/checkout' });
  const { Parameter } = z.object({ Parameter: z.object({ Value: z.string() }) }).parse(answer);
  return z.object({ source: z.object({ bucket: z.string() }) }).parse(JSON.parse(Parameter.Value)).source.bucket;
}

const pipelineSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z
        .looseObject({
          Stages: z
            .array(
              z.looseObject({
                Name: z.string(),
                Actions: z.array(z.looseObject({ Configuration: z.record(z.string(), z.unknown()) })),
              }),
            )
            .optional(),
        })
        .optional(),
    }),
  ),
});

/** Writes the template anew with these UserParameters of the scan. */
function writeTemplate(userParameters: string | undefined): void {
  const read = pipelineSchema.parse(JSON.parse(readFileSync(template, 'utf8')));
  const pipeline = Object.values(read.Resources).find(({ Type }) => Type === 'AWS::CodePipeline::Pipeline');
  const scan = pipeline?.Properties?.Stages?.find(({ Name }) => Name === 'Scan')?.Actions[0];
  if (!scan) throw new Error('the example has no stage Scan');
  if (userParameters === undefined) delete scan.Configuration['UserParameters'];
  else scan.Configuration['UserParameters'] = userParameters;
  writeFileSync(template, JSON.stringify(read));
}

async function execute(): Promise<string> {
  const answer = await cloud.call('codepipeline', 'StartPipelineExecution', { name: 'checkout' });
  return z.object({ pipelineExecutionId: z.string() }).parse(answer).pipelineExecutionId;
}

/** How the scan of an execution ended. */
async function scanOf(executionId: string): Promise<unknown> {
  const schema = z.object({
    stageStates: z.array(
      z.object({
        stageName: z.string(),
        latestExecution: z.object({ pipelineExecutionId: z.string(), status: z.string() }).optional(),
        actionStates: z.array(z.object({ latestExecution: z.looseObject({ status: z.string() }).optional() })),
      }),
    ),
  });
  return vi.waitFor(
    async () => {
      const { stageStates } = schema.parse(await cloud.call('codepipeline', 'GetPipelineState', { name: 'checkout' }));
      const stage = stageStates.find(({ stageName }) => stageName === 'Scan');
      const { pipelineExecutionId, status } = stage?.latestExecution ?? {};
      if (pipelineExecutionId !== executionId || status === 'InProgress') throw new Error(`the scan is ${status}`);
      return stage?.actionStates[0]?.latestExecution;
    },
    { timeout: 20_000 },
  );
}
