import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { historyTypes, makeMachine, openStatesCloud, settle, start } from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

const calling = (child: string, pattern: string, fields: object = {}): Record<string, object> => ({
  Call: {
    Type: 'Task',
    Resource: `arn:aws:states:::states:startExecution${pattern}`,
    Arguments: { StateMachineArn: child, Input: { n: 1 } },
    End: true,
    ...fields,
  },
});

const waitThen = (last: object): Record<string, object> => ({
  Wait: { Type: 'Wait', Seconds: 10, Next: 'Last' },
  Last: last,
});

async function childOf(machine: string): Promise<{ executionArn: string; status: string }> {
  const { executions } = await cloud.call<{ executions: { executionArn: string; status: string }[] }>(
    'states',
    'ListExecutions',
    { stateMachineArn: machine },
  );
  expect(executions).toHaveLength(1);
  return executions[0] ?? { executionArn: '', status: '' };
}

describe('a nested execution', () => {
  it.each([
    ['.sync:2', { n: 1 }],
    ['.sync', '{"n":1}'],
  ])('[states.nested.sync] with %s goes on when it ends, with its description', async (pattern, output) => {
    const child = await makeMachine(cloud, waitThen({ Type: 'Succeed' }));
    const execution = await start(cloud, await makeMachine(cloud, calling(child, pattern)));
    expect((await settle(cloud, execution)).status).toBe('RUNNING');
    await cloud.advance(10_000);
    const described = await settle(cloud, execution);
    expect(described.status).toBe('SUCCEEDED');
    const { executionArn } = await childOf(child);
    expect(JSON.parse(described.output ?? '')).toMatchObject({
      ExecutionArn: executionArn,
      StateMachineArn: child,
      Status: 'SUCCEEDED',
      Input: output,
      Output: output,
    });
    expect(await historyTypes(cloud, execution)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('[states.nested.failure] fails the task with States.TaskFailed and the description as cause', async () => {
    const child = await makeMachine(cloud, waitThen({ Type: 'Fail', Error: 'Broken', Cause: 'on purpose' }));
    const execution = await start(cloud, await makeMachine(cloud, calling(child, '.sync:2')));
    await cloud.advance(10_000);
    const { status, error, cause } = await settle(cloud, execution);
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Broken', Cause: 'on purpose' });
  });

  it('[states.nested.stop] is stopped when its parent is stopped', async () => {
    const child = await makeMachine(cloud, waitThen({ Type: 'Succeed' }));
    const execution = await start(cloud, await makeMachine(cloud, calling(child, '.sync:2')));
    await cloud.timers.settled();
    await cloud.call('states', 'StopExecution', { executionArn: execution });
    await cloud.timers.settled();
    expect((await childOf(child)).status).toBe('ABORTED');
  });

  it('[states.nested.timeout] is stopped when the task of its parent runs out of time', async () => {
    const child = await makeMachine(cloud, waitThen({ Type: 'Succeed' }));
    const execution = await start(cloud, await makeMachine(cloud, calling(child, '.sync:2', { TimeoutSeconds: 5 })));
    await cloud.advance(5_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect((await childOf(child)).status).toBe('ABORTED');
  });

  it('[states.nested.stopped-child] fails the task when somebody stops the child', async () => {
    const child = await makeMachine(cloud, waitThen({ Type: 'Succeed' }));
    const execution = await start(cloud, await makeMachine(cloud, calling(child, '.sync:2')));
    await cloud.timers.settled();
    await cloud.call('states', 'StopExecution', { executionArn: (await childOf(child)).executionArn });
    expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
  });

  it('[states.nested.restart] is waited for across a restart', async () => {
    const child = await makeMachine(cloud, waitThen({ Type: 'Succeed' }));
    const execution = await start(cloud, await makeMachine(cloud, calling(child, '.sync:2')));
    await cloud.timers.settled();
    cloud = await cloud.restart();
    await cloud.advance(10_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    await childOf(child);
  });

  it('[states.nested.token] goes on when the child sends its task token', async () => {
    let taskToken = '';
    const child = await makeMachine(cloud, { Done: { Type: 'Succeed' } });
    const given = { StateMachineArn: child, Input: { token: '{% $states.context.Task.Token %}' } };
    const machine = await makeMachine(cloud, calling(child, '.waitForTaskToken', { Arguments: given }));
    const execution = await start(cloud, machine);
    expect((await settle(cloud, execution)).status).toBe('RUNNING');
    const { input } = await cloud.call<{ input: string }>('states', 'DescribeExecution', {
      executionArn: (await childOf(child)).executionArn,
    });
    taskToken = (JSON.parse(input) as { token: string }).token;
    await cloud.call('states', 'SendTaskSuccess', { taskToken, output: '"yes"' });
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '"yes"' });
  });
});
