import type { ActionDeclaration } from '@aws-sdk/client-codepipeline';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  create,
  execution,
  pipelineCloud,
  pipelineOf,
  pipelineRole,
  putSource,
  refusal,
  start,
} from './fixture.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:rollout';

let cloud: TestCloud;
let started: { name: string; input: string }[];
let end: { status: string; output?: string; error?: string; cause?: string };
let type: string;
beforeEach(async () => {
  cloud = await pipelineCloud();
  await putSource(cloud, { 'in/order.json': '{"from":"file"}' });
  started = [];
  end = { status: 'RUNNING' };
  type = 'STANDARD';
  cloud.answer('states', 'DescribeStateMachine', () => ({ stateMachineArn, type }));
  cloud.answer('states', 'StartExecution', (input: { name: string; input: string }) => {
    started.push(input);
    return { executionArn: `arn:aws:states:us-east-1:123456789012:execution:rollout:${input.name}` };
  });
  cloud.answer('states', 'DescribeExecution', () => ({ stateMachineArn, ...end }));
});
afterEach(() => cloud.close());

const machineAction = (configuration: Record<string, string> = {}, more: Partial<ActionDeclaration> = {}) => ({
  name: 'Run',
  actionTypeId: { category: 'Invoke' as const, owner: 'AWS' as const, provider: 'StepFunctions', version: '1' },
  configuration: { StateMachineArn: stateMachineArn, ...configuration },
  ...more,
});
const run = async (configuration: Record<string, string> = {}, more: Partial<ActionDeclaration> = {}) => {
  await create(cloud, pipelineOf({ Go: [machineAction(configuration, more)] }));
  return start(cloud);
};
const executionArn = () => `arn:aws:states:us-east-1:123456789012:execution:rollout:${started[0]?.name}`;
const tellEnd = async () => {
  cloud.context.deliverEvent({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [executionArn()],
    detail: { executionArn: executionArn(), status: end.status },
  });
  await cloud.timers.settled();
};

describe('a Step Functions action', () => {
  it('[codepipeline.step-functions.follow] starts an execution named after itself and ends with its event', async () => {
    const id = await run();
    const { actionExecutionId } = await action(cloud, id, 'Run');
    expect(started).toMatchObject([{ stateMachineArn, name: actionExecutionId, input: '{}' }]);
    expect(cloud.calls.find(({ request }) => request.operation === 'StartExecution')?.principal).toMatchObject({
      roleArn: pipelineRole,
    });
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress' });
    end = { status: 'SUCCEEDED', output: '{"done":true}' };
    await tellEnd();
    expect(await action(cloud, id, 'Run')).toMatchObject({
      status: 'Succeeded',
      output: {
        executionResult: { externalExecutionId: executionArn() },
        outputVariables: { StateMachineArn: stateMachineArn, ExecutionArn: executionArn() },
      },
    });
  });

  it('[codepipeline.step-functions.poll] sees the end without the event', async () => {
    const id = await run();
    end = { status: 'SUCCEEDED' };
    await cloud.advance(29_999);
    expect(await action(cloud, id, 'Run')).toMatchObject({ status: 'InProgress' });
    await cloud.advance(1);
    expect(await action(cloud, id, 'Run')).toMatchObject({ status: 'Succeeded' });
  });

  it('[codepipeline.step-functions.output-artifact] puts the output into the output artifact', async () => {
    const id = await run({}, { outputArtifacts: [{ name: 'Result' }] });
    end = { status: 'SUCCEEDED', output: '{"done":true}' };
    await tellEnd();
    const place = (await action(cloud, id, 'Run')).output?.outputArtifacts?.[0]?.s3location;
    const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', {
      Bucket: place?.bucket,
      Key: place?.key,
    });
    expect(Object.values(unzipSync(Body)).map((bytes) => strFromU8(bytes))).toEqual(['{"done":true}']);
  });

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])(
    '[codepipeline.step-functions.failure] fails when the execution ends as %s',
    async (status) => {
      const id = await run();
      end = { status, error: 'Broken', cause: 'no fuel' };
      await tellEnd();
      expect((await action(cloud, id, 'Run')).output?.executionResult?.errorDetails).toEqual({
        code: 'JobFailed',
        message: `The state machine execution ended with the status ${status}: Broken: no fuel`,
      });
    },
  );

  it('[codepipeline.step-functions.literal] passes the literal input and the name prefix', async () => {
    await run({ Input: '{"a":1}', ExecutionNamePrefix: 'ship' });
    expect(started).toMatchObject([{ input: '{"a":1}', name: expect.stringMatching(/^ship-[0-9a-f-]{36}$/) }]);
  });

  it('[codepipeline.step-functions.file-path] passes a file of the input artifact', async () => {
    await run({ InputType: 'FilePath', Input: 'in/order.json' }, { inputArtifacts: [{ name: 'SourceArtifact' }] });
    expect(started).toMatchObject([{ input: '{"from":"file"}' }]);
  });

  it.each([
    ['[codepipeline.step-functions.input-type]', { InputType: 'Url' }, /'Literal' or 'FilePath'/],
    ['[codepipeline.step-functions.file-path-input]', { InputType: 'FilePath' }, /must set Input/],
    [
      '[codepipeline.step-functions.file-path-artifact]',
      { InputType: 'FilePath', Input: 'a' },
      /must have an input artifact/,
    ],
  ])('%s is refused when its input cannot be', async (_id, configuration, message) => {
    expect(await refusal(run(configuration as Record<string, string>))).toMatch(message);
  });

  it('[codepipeline.step-functions.express] only starts an Express state machine', async () => {
    type = 'EXPRESS';
    expect(await action(cloud, await run(), 'Run')).toMatchObject({
      status: 'Succeeded',
      output: { outputVariables: { StateMachineArn: stateMachineArn } },
    });
  });

  it('[codepipeline.step-functions.timeout] fails after seven days', async () => {
    const id = await run();
    await cloud.advance(7 * 24 * 3_600_000);
    expect(await action(cloud, id, 'Run')).toMatchObject({ status: 'Failed' });
  });

  it('[codepipeline.step-functions.abandoned] leaves the execution running when it is abandoned', async () => {
    const id = await run();
    const input = { pipelineName: 'checkout', pipelineExecutionId: id, abandon: true };
    await cloud.call('codepipeline', 'StopPipelineExecution', input);
    await cloud.timers.settled();
    expect(await action(cloud, id, 'Run')).toMatchObject({ status: 'Abandoned' });
    expect(cloud.calls.map(({ request }) => request.operation)).not.toContain('StopExecution');
  });

  it('[codepipeline.step-functions.refused-start] fails when the execution cannot be started', async () => {
    cloud.answer('states', 'StartExecution', () => {
      throw new AwsError('StateMachineDoesNotExist', 'gone');
    });
    expect((await action(cloud, await run(), 'Run')).output?.executionResult?.errorDetails).toMatchObject({
      code: 'ConfigurationError',
      message: expect.stringContaining('StateMachineDoesNotExist'),
    });
  });
});
