import { Function } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileTest } from '../../../infra/public.ts';
import { actionPipeline, pipelineName, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { webServer, type WebReply, type WebRequest, type WebServer } from '../../support/web-server.ts';

// The local cloud has no Device Farm: a server on loopback answers as its API reference says, and the function is pointed at
// it as the SDK documents (AWS_ENDPOINT_URL_DEVICE_FARM).

const projectArn = 'arn:aws:devicefarm:us-west-2:123456789012:project:p-1';
const parameters = {
  ...{ projectArn, devicePoolArn: 'arn:aws:devicefarm:us-west-2::devicepool:d-1' },
  ...{ app: 'shop.apk', testType: 'APPIUM_NODE' as const, testPackage: 'tests.zip' },
};
const files = { 'shop.apk': 'app', 'tests.zip': 'tests' };

let farm: WebServer;
let pipeline: ActionPipeline;
const operations: string[] = [];
let result: { status: string; result: string };

function reply({ method, path, headers, text }: WebRequest): WebReply {
  if (method === 'PUT') return { status: 200 };
  const operation = String(headers['x-amz-target'] ?? path).replace(/^.*\./, '');
  operations.push(operation);
  const run = { arn: 'arn:aws:devicefarm:us-west-2:123456789012:run:p-1/r-1', ...result, totalJobs: 2 };
  const upload = { arn: 'arn:aws:devicefarm:us-west-2:123456789012:upload:p-1/u-1', url: `${farm.url}/signed?s3cr3t` };
  switch (operation) {
    case 'CreateUpload':
      return { status: 200, body: { upload: { ...upload, status: 'INITIALIZED' } } };
    case 'GetUpload':
      return { status: 200, body: { upload: { ...upload, status: 'SUCCEEDED' } } };
    case 'ListRuns':
      return { status: 200, body: { runs: [] } };
    case 'ScheduleRun':
      return { status: 200, body: { run: { arn: run.arn, status: 'SCHEDULING' } } };
    case 'GetRun':
      return { status: 200, body: { run: { ...run, counters: { total: 3, passed: 3 }, completedJobs: 2 } } };
    case 'StopRun':
      return { status: 200, body: {} };
    default:
      throw new Error(`Device Farm was asked for ${operation}: ${text}`);
  }
}

beforeAll(async () => {
  farm = await webServer(reply);
  pipeline = await actionPipeline({
    actions: ['mobile-test'],
    stage: ({ slipway, source, stack }) => {
      const functions = stack.node.root.node.findAll().filter((node) => node instanceof Function);
      const own = functions.find(({ node }) => node.path.includes('MobileTest'));
      own?.addEnvironment('AWS_ENDPOINT_URL_DEVICE_FARM', farm.url);
      return [slipway.action(mobileTest, { ...place, actionName: 'Devices', parameters, inputs: [source] })];
    },
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await farm.close();
});

describe('mobile-test in a pipeline', () => {
  it('uploads, runs and passes the result on', async () => {
    result = { status: 'RUNNING', result: 'PENDING' };
    const execution = await pipeline.start(files);
    await pipeline.cloud.advance('5m');
    expect(await pipeline.look(execution, 'Devices')).toMatchObject({ status: 'InProgress' });
    result = { status: 'COMPLETED', result: 'PASSED' };
    const seen = await pipeline.untilEnded(execution, 'Devices');
    expect(seen).toMatchObject({
      status: 'Succeeded',
      summary: expect.stringContaining('3 tests, 3 passed on 2 devices'),
      outputs: { result: 'passed', passedCount: '3', url: expect.stringContaining('/mobile/projects/p-1/runs/r-1') },
    });
    expect(JSON.stringify(seen)).not.toContain('s3cr3t');
    expect(operations.filter((operation) => operation === 'ScheduleRun')).toHaveLength(1);
    expect(farm.requests.filter(({ method }) => method === 'PUT').map(({ text }) => text)).toEqual(['app', 'tests']);
  });

  it('stops the run of an action that is abandoned', async () => {
    result = { status: 'RUNNING', result: 'PENDING' };
    const execution = await pipeline.start(files);
    await pipeline.cloud.advance('5m');
    await pipeline.cloud.call('codepipeline', 'StopPipelineExecution', {
      ...{ pipelineName, pipelineExecutionId: execution, abandon: true },
    });
    await pipeline.cloud.advance('1m');
    expect(await pipeline.look(execution, 'Devices')).toMatchObject({ status: 'Abandoned' });
    expect(operations).toContain('StopRun');
  });
});
