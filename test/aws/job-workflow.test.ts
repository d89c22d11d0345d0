import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readWorkflowName, workflowName } from '../../shared/actions/runner/long-job.ts';
import { jobWorkflows } from '../../shared/aws/job-workflow.ts';

const client = new SFNClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
const mock = mockClient(client);
beforeEach(() => mock.reset());

const alias = 'arn:aws:states:us-east-1:123456789012:stateMachine:Slipway-Engine-Job:live';
const workflows = jobWorkflows(alias, client);
const firstJobId = '11111111-abcd-1111-abcd-111111abcdef';
const start = { firstJobId, functionArn: 'arn:function', first: { next: 'check', seconds: 60 } } as const;

describe('the workflow of a long job', () => {
  it('is named after the first job, and those that follow it by their number', async () => {
    mock.on(StartExecutionCommand).resolves({});
    await workflows.start({ ...start, attempt: 1 });
    await workflows.start({ ...start, attempt: 2 });
    const input = JSON.stringify({ contract: 1, firstJobId, functionArn: 'arn:function', next: 'check', seconds: 60 });
    expect(mock.commandCalls(StartExecutionCommand).map(({ args: [command] }) => command.input)).toEqual([
      { stateMachineArn: alias, name: firstJobId, input },
      { stateMachineArn: alias, name: `${firstJobId}_2`, input },
    ]);
  });

  it.each([1, 2, 10])('is known by its name, as number %s', (attempt) => {
    expect(readWorkflowName(workflowName({ firstJobId, attempt }))).toEqual({ firstJobId, attempt });
  });

  it('is started once', async () => {
    mock.on(StartExecutionCommand).rejects(Object.assign(new Error('there'), { name: 'ExecutionAlreadyExists' }));
    await expect(workflows.start({ ...start, attempt: 1 })).resolves.toBeUndefined();
  });

  it('is looked up under the machine, whose alias has started it', async () => {
    mock.on(DescribeExecutionCommand).resolvesOnce({ status: 'RUNNING' }).resolves({ status: 'ABORTED' });
    expect(await workflows.isRunning({ firstJobId, attempt: 2 })).toBe(true);
    expect(await workflows.isRunning({ firstJobId, attempt: 2 })).toBe(false);
    const [call] = mock.commandCalls(DescribeExecutionCommand);
    expect(call?.args[0].input).toEqual({
      executionArn: `arn:aws:states:us-east-1:123456789012:execution:Slipway-Engine-Job:${firstJobId}_2`,
    });
  });
});
