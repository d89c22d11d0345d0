import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { AwsError } from '../../../local/errors.ts';
import {
  functionAnswer,
  historyOf,
  historyTypes,
  makeMachine,
  openStatesCloud,
  payloadOf,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;
let tokens: string[];

beforeEach(async () => {
  cloud = await openStatesCloud();
  tokens = [];
  cloud.answer('lambda', 'Invoke', (input) => {
    tokens.push((payloadOf(input) as { token: string }).token);
    return functionAnswer('asked');
  });
});

afterEach(() => cloud.close());

const ask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
  Output: '{% $states.result %}',
  End: true,
};

async function asked(more: object = {}): Promise<string> {
  const execution = await start(cloud, await makeMachine(cloud, { Ask: { ...ask, ...more } }));
  await cloud.timers.settled();
  return execution;
}

const send = (operation: string, input: object) => cloud.call('states', operation, input);

it('[states.token.success] waits until the token comes back with a result', async () => {
  const execution = await asked();
  await cloud.advance(86_400_000);
  expect(await settle(cloud, execution)).toMatchObject({ status: 'RUNNING' });
  await send('SendTaskSuccess', { taskToken: tokens[0], output: '{"approved":true}' });
  expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '{"approved":true}' });
  const events = await historyOf(cloud, execution);
  expect(events.map(({ type, previousEventId }) => [type, previousEventId])).toEqual([
    ['ExecutionStarted', 0],
    ['TaskStateEntered', 0],
    ['TaskScheduled', 2],
    ['TaskStarted', 3],
    ['TaskSubmitted', 4],
    ['TaskSucceeded', 5],
    ['TaskStateExited', 6],
    ['ExecutionSucceeded', 7],
  ]);
  expect(events[2]?.taskScheduledEventDetails).toMatchObject({
    resourceType: 'lambda',
    resource: 'invoke.waitForTaskToken',
  });
});

it('[states.token.early] takes a result that comes before the call that carried the token has been answered', async () => {
  cloud.answer('lambda', 'Invoke', async (input) => {
    const { token: taskToken } = payloadOf(input) as { token: string };
    await send('SendTaskSuccess', { taskToken, output: '"early"' });
    return functionAnswer('late');
  });
  const execution = await asked();
  expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '"early"' });
  expect(await historyTypes(cloud, execution)).not.toContain('TaskSubmitted');
});

it('[states.token.early-failure] takes a result that comes before a call which then fails', async () => {
  cloud.answer('lambda', 'Invoke', async (input) => {
    const { token: taskToken } = payloadOf(input) as { token: string };
    await send('SendTaskSuccess', { taskToken, output: '"early"' });
    throw new AwsError('ServiceException', 'broken');
  });
  expect(await settle(cloud, await asked())).toMatchObject({ status: 'SUCCEEDED', output: '"early"' });
});

it('[states.token.failure] fails with the error and the cause that come back', async () => {
  const execution = await asked();
  await send('SendTaskFailure', { taskToken: tokens[0], error: 'Refused', cause: 'by Ada' });
  expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'by Ada' });
  expect((await historyOf(cloud, execution)).at(-2)).toMatchObject({
    type: 'TaskFailed',
    taskFailedEventDetails: {
      resourceType: 'lambda',
      resource: 'invoke.waitForTaskToken',
      error: 'Refused',
      cause: 'by Ada',
    },
  });
});

it('[states.token.call-failure] fails when the call that carries the token fails', async () => {
  cloud.answer('lambda', 'Invoke', () => {
    throw new AwsError('ResourceNotFoundException', 'no function');
  });
  expect(await settle(cloud, await asked())).toMatchObject({
    status: 'FAILED',
    error: 'Lambda.ResourceNotFoundException',
  });
});

it('[states.token.retry] gives a new token for each retry, and refuses the old one', async () => {
  const execution = await asked({
    TimeoutSeconds: 10,
    Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 5 }],
  });
  await cloud.advance(15_000);
  expect(tokens).toHaveLength(2);
  expect(tokens[0]).not.toBe(tokens[1]);
  await expect(send('SendTaskSuccess', { taskToken: tokens[0], output: '1' })).rejects.toMatchObject({
    code: 'TaskTimedOut',
  });
  await send('SendTaskSuccess', { taskToken: tokens[1], output: '2' });
  expect(await settle(cloud, execution)).toMatchObject({ output: '2' });
});

it('[states.token.heartbeat] times out when no heartbeat comes, and lives on while they come', async () => {
  const execution = await asked({ HeartbeatSeconds: 10, TimeoutSeconds: 60 });
  for (let beat = 0; beat < 3; beat += 1) {
    await cloud.advance(8_000);
    await send('SendTaskHeartbeat', { taskToken: tokens[0] });
  }
  expect(await settle(cloud, execution)).toMatchObject({ status: 'RUNNING' });
  await cloud.advance(10_000);
  expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect((await historyOf(cloud, execution))[2]?.taskScheduledEventDetails).toMatchObject({
    heartbeatInSeconds: 10,
    timeoutInSeconds: 60,
  });
});

it('[states.token.whole-time] counts the whole time although heartbeats come', async () => {
  const execution = await asked({ HeartbeatSeconds: 10, TimeoutSeconds: 12 });
  await cloud.advance(8_000);
  await send('SendTaskHeartbeat', { taskToken: tokens[0] });
  await cloud.advance(4_000);
  expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});

it('[states.token.heartbeat-timeout] lets a catcher tell a heartbeat that stayed away', async () => {
  const execution = await start(
    cloud,
    await makeMachine(cloud, {
      Ask: { ...ask, HeartbeatSeconds: 10, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Gone' }] },
      Gone: { Type: 'Succeed' },
    }),
  );
  await cloud.advance(10_000);
  expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED' });
});

it.each([
  ['InvalidToken', 'SendTaskSuccess', 'nonsense'],
  ['InvalidToken', 'SendTaskHeartbeat', ''],
  ['TaskDoesNotExist', 'SendTaskFailure', `${'A'.repeat(86)}==`],
])('[states.token.refused] refuses with %s in %s the token %s', async (code, operation, taskToken) => {
  await expect(send(operation, { taskToken, output: '1' })).rejects.toMatchObject({ code });
});

it('[states.token.over] refuses an answer to a task that is over, and an output that is no JSON', async () => {
  const execution = await asked();
  const taskToken = tokens[0];
  await expect(send('SendTaskSuccess', { taskToken, output: '{' })).rejects.toMatchObject({ code: 'InvalidOutput' });
  await send('SendTaskSuccess', { taskToken, output: '1' });
  await expect(send('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
  await settle(cloud, execution);
  await expect(send('SendTaskHeartbeat', { taskToken })).rejects.toMatchObject({ code: 'TaskTimedOut' });
});

it('[states.token.hashed] keeps no token outside the parameters that AWS shows, and hashes elsewhere', async () => {
  await asked();
  const rows = cloud.store.db.prepare('SELECT hash FROM states_tokens').all();
  expect(JSON.stringify(rows)).not.toContain(tokens[0]);
  expect(JSON.stringify(cloud.delivered)).not.toContain(tokens[0]);
});
