import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  functionAnswer,
  functionArn,
  functionError,
  historyTypes,
  makeMachine,
  openStatesCloud,
  payloadOf,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

async function begin(states: Record<string, object>): Promise<string> {
  return start(cloud, await makeMachine(cloud, states));
}

describe('after a restart', () => {
  it('[states.restart.wait] a wait ends when it should have', async () => {
    const execution = await begin({ Wait: { Type: 'Wait', Seconds: 100, End: true } });
    await cloud.advance(40_000);
    cloud = await cloud.restart();
    await cloud.advance(59_999);
    expect((await settle(cloud, execution)).status).toBe('RUNNING');
    await cloud.advance(1);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
  });

  it('[states.restart.started] an execution that had only been started runs', async () => {
    const machine = await makeMachine(cloud, { Pass: { Type: 'Pass', Next: 'Done' }, Done: { Type: 'Succeed' } });
    const execution = await start(cloud, machine);
    cloud = await cloud.restart();
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect(await historyTypes(cloud, execution)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('[states.restart.task] a task whose call broke while the cloud shut down is called again, with the same token', async () => {
    const seen: unknown[] = [];
    const closed: { then(): void } = { then: () => undefined };
    cloud.answer('lambda', 'Invoke', async (input) => {
      seen.push((payloadOf(input) as { token: string }).token);
      await new Promise<void>((resolve) => (closed.then = resolve));
      throw new Error('the worker has ended');
    });
    const execution = await begin({
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
        End: true,
      },
    });
    while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const restarting = cloud.restart();
    closed.then();
    cloud = await restarting;
    cloud.answer('lambda', 'Invoke', (input) => {
      seen.push((payloadOf(input) as { token: string }).token);
      return functionAnswer('asked');
    });
    await cloud.advance(1_000);
    expect((await settle(cloud, execution)).status).toBe('RUNNING');
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
    expect(await historyTypes(cloud, execution)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
    ]);
  });

  it('[states.restart.token] a task that waits for its token takes it', async () => {
    let taskToken = '';
    cloud.answer('lambda', 'Invoke', (input) => {
      taskToken = (payloadOf(input) as { token: string }).token;
      return functionAnswer('asked');
    });
    const execution = await begin({
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
        End: true,
      },
    });
    await cloud.timers.settled();
    cloud = await cloud.restart();
    await cloud.call('states', 'SendTaskSuccess', { taskToken, output: '"yes"' });
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '"yes"' });
  });

  it('[states.restart.timers] a retry, a time-out and the time-out of the machine come when they should have', async () => {
    const fail = () => cloud.answer('lambda', 'Invoke', () => functionError('Boom', 'no'));
    fail();
    const retried = await begin({
      Call: {
        Type: 'Task',
        Resource: functionArn,
        Retry: [{ ErrorEquals: ['Boom'], IntervalSeconds: 30, MaxAttempts: 1 }],
        End: true,
      },
    });
    const expiring = await start(
      cloud,
      await makeMachine(cloud, { Wait: { Type: 'Wait', Seconds: 900, End: true } }, { TimeoutSeconds: 20 }),
    );
    await cloud.advance(10_000);
    cloud = await cloud.restart();
    cloud.answer('lambda', 'Invoke', () => functionAnswer('done'));
    await cloud.advance(10_000);
    expect((await settle(cloud, expiring)).status).toBe('TIMED_OUT');
    expect((await settle(cloud, retried)).status).toBe('RUNNING');
    await cloud.advance(10_000);
    expect(await settle(cloud, retried)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  });

  it('[states.restart.finished] a finished execution stays finished, and its history is the same', async () => {
    const execution = await begin({ Done: { Type: 'Succeed' } });
    await settle(cloud, execution);
    const before = await historyTypes(cloud, execution);
    cloud = await cloud.restart();
    await cloud.advance(1_000);
    expect(await historyTypes(cloud, execution)).toEqual(before);
  });
});
