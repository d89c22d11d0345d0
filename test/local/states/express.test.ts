import type { StartSyncExecutionOutput } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testStartMs, type TestCloud } from '../../support/cloud-context.ts';
import {
  definitionOf,
  functionAnswer,
  functionArn,
  functionError,
  makeMachine,
  openStatesCloud,
  roleArn,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

const waiting = (seconds: number): Record<string, object> => ({ Wait: { Type: 'Wait', Seconds: seconds, End: true } });

function create(
  states: Record<string, object>,
  more: object = {},
  input: object = {},
): Promise<{ stateMachineArn: string }> {
  return cloud.call('states', 'CreateStateMachine', {
    name: 'quick',
    type: 'EXPRESS',
    definition: definitionOf(states, more),
    roleArn,
    ...input,
  });
}

async function makeExpress(states: Record<string, object>, more: object = {}): Promise<string> {
  return (await create(states, more)).stateMachineArn;
}

function startSync(stateMachineArn: string, input: object = {}): Promise<StartSyncExecutionOutput> {
  return cloud.call('states', 'StartSyncExecution', { stateMachineArn, ...input });
}

/** Starts and comes back, with the open answer in a box, when the execution runs. */
async function begin(machine: string, input: object = {}): Promise<{ answer: Promise<StartSyncExecutionOutput> }> {
  const answer = startSync(machine, input);
  // Starts are written together once everything else of this moment is done.
  await new Promise(setImmediate);
  await cloud.timers.settled();
  return { answer };
}

/** Starts, moves time on, and gives the answer. */
async function startAndAdvance(machine: string, ms: number, input: object = {}): Promise<StartSyncExecutionOutput> {
  const { answer } = await begin(machine, input);
  await cloud.advance(ms);
  return answer;
}

function rowsOf(table: string): unknown {
  return cloud.store.db.prepare(`SELECT count(*) AS n FROM ${table}`).get();
}

describe('StartSyncExecution', () => {
  it('[states.express.sync] answers when the execution has ended, with its output', async () => {
    const machine = await makeExpress(waiting(7));
    const answer = await startAndAdvance(machine, 7_000, { input: '{"a":1}', name: 'one', traceHeader: 'Root=1' });
    expect(answer).toEqual({
      executionArn: expect.stringMatching(
        /^arn:aws:states:us-east-1:123456789012:express:quick:one:[0-9a-f]{8}-[0-9a-f-]{27}$/,
      ),
      stateMachineArn: machine,
      name: 'one',
      startDate: new Date(testStartMs),
      stopDate: new Date(testStartMs + 7_000),
      status: 'SUCCEEDED',
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"a":1}',
      outputDetails: { included: true },
      traceHeader: 'Root=1',
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 7_000 },
    });
  });

  it.each([
    [0, 100],
    [7_001, 7_100],
  ])('[states.express.billing] bills %d ms as %d: in steps of 100 ms, and 64 MB', async (ms, billed) => {
    const until = new Date(testStartMs + ms).toISOString();
    const machine = await makeExpress({ Wait: { Type: 'Wait', Timestamp: until, End: true } });
    const { billingDetails } = await startAndAdvance(machine, ms);
    expect(billingDetails).toEqual({ billedMemoryUsedInMB: 64, billedDurationInMilliseconds: billed });
  });

  it('[states.express.sync-failure] answers, and does not fail, when the execution fails', async () => {
    const machine = await makeExpress({ Stop: { Type: 'Fail', Error: 'Broken', Cause: 'on purpose' } });
    expect(await startSync(machine)).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'on purpose' });
  });

  it('[states.express.limit] times out after five minutes, and after TimeoutSeconds when that is less', async () => {
    const long = await startAndAdvance(await makeExpress(waiting(301)), 400_000);
    expect(long).toMatchObject({ status: 'TIMED_OUT', stopDate: new Date(testStartMs + 300_000) });
    await cloud.call('states', 'UpdateStateMachine', {
      stateMachineArn: long.stateMachineArn,
      definition: definitionOf(waiting(10), { TimeoutSeconds: 5 }),
    });
    const short = await startAndAdvance(long.stateMachineArn ?? '', 10_000);
    expect(Number(short.stopDate) - Number(short.startDate)).toBe(5_000);
    expect(short.status).toBe('TIMED_OUT');
  });

  it('[states.express.type] refuses a Standard machine, as Express machines refuse what only Standard ones have', async () => {
    const standard = await makeMachine(cloud, waiting(1));
    await expect(startSync(standard)).rejects.toMatchObject({ code: 'StateMachineTypeNotSupported' });
    const express = await makeExpress(waiting(1));
    await expect(cloud.call('states', 'ListExecutions', { stateMachineArn: express })).rejects.toMatchObject({
      code: 'StateMachineTypeNotSupported',
    });
  });

  it('[states.express.metadata-only] leaves out the data when asked to', async () => {
    const machine = await makeExpress({ Done: { Type: 'Succeed' } });
    const answer = await startSync(machine, { input: '"secret"', includedData: 'METADATA_ONLY' });
    expect(answer.status).toBe('SUCCEEDED');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it.each([
    ['InvalidExecutionInput', { input: '{' }],
    ['InvalidName', { name: 'a b' }],
    ['StateMachineDoesNotExist', { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:none' }],
  ])('[states.express.refused] refuses with %s: %o', async (code, input) => {
    await expect(startSync(await makeExpress(waiting(1)), input)).rejects.toMatchObject({ code });
  });

  it('[states.express.at-most-once] is not taken up again when the process died meanwhile', async () => {
    cloud.answer('lambda', 'Invoke', () => functionAnswer('late'));
    const task = { Type: 'Task', Resource: functionArn, End: true };
    const machine = await makeExpress({ Wait: { Type: 'Wait', Seconds: 5, Next: 'Call' }, Call: task });
    const { answer } = await begin(machine);
    const refused = expect(answer).rejects.toMatchObject({ code: 'ServiceUnavailable' });
    cloud = await cloud.restart();
    await cloud.advance(400_000);
    await refused;
    expect(cloud.calls.filter(({ request }) => request.service === 'lambda')).toEqual([]);
    expect(rowsOf('states_executions')).toEqual({ n: 0 });
  });
});

describe('StartExecution of an Express machine', () => {
  it('[states.express.not-idempotent] starts another execution for the same name and input', async () => {
    const machine = await makeExpress(waiting(1));
    const first = await start(cloud, machine, {}, 'one');
    const second = await start(cloud, machine, {}, 'one');
    expect(first).not.toBe(second);
    await cloud.timers.settled();
    expect(rowsOf('states_executions')).toEqual({ n: 2 });
  });

  it('[states.express.at-least-once] goes on after a restart', async () => {
    const invoked: unknown[] = [];
    const task = { Type: 'Task', Resource: functionArn, End: true };
    const machine = await makeExpress({ Wait: { Type: 'Wait', Seconds: 5, Next: 'Call' }, Call: task });
    await start(cloud, machine, { a: 1 });
    await cloud.timers.settled();
    cloud = await cloud.restart();
    cloud.answer('lambda', 'Invoke', (input) => {
      invoked.push(input);
      return functionAnswer(null);
    });
    await cloud.advance(5_000);
    expect(invoked).toHaveLength(1);
  });

  it('[states.express.no-history] keeps nothing of an execution that has ended, and describes none', async () => {
    const machine = await makeExpress({ Done: { Type: 'Succeed' } });
    const executionArn = await start(cloud, machine);
    for (const operation of ['DescribeExecution', 'GetExecutionHistory', 'StopExecution']) {
      await expect(cloud.call('states', operation, { executionArn })).rejects.toMatchObject({ code: 'InvalidArn' });
    }
    await cloud.timers.settled();
    for (const table of ['states_executions', 'states_history', 'states_frames', 'timers']) {
      expect(rowsOf(table)).toEqual({ n: 0 });
    }
  });

  it('[states.express.no-events] puts no event on the bus', async () => {
    await startSync(await makeExpress({ Done: { Type: 'Succeed' } }));
    expect(cloud.delivered).toEqual([]);
  });

  it('[states.express.no-event-limit] has no limit of 25,000 events', async () => {
    const loop = {
      Count: {
        Type: 'Pass',
        Assign: { n: '{% $states.input.n + 1 %}' },
        Output: { n: '{% $states.input.n + 1 %}' },
        Next: 'More?',
      },
      'More?': { Type: 'Choice', Choices: [{ Condition: '{% $n < 6500 %}', Next: 'Count' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    };
    expect(await startSync(await makeExpress(loop), { input: '{"n":0}' })).toMatchObject({ output: '{"n":6500}' });
  });
});

describe('an Express machine', () => {
  it.each([
    ['states:startExecution.sync', 'sync'],
    ['states:startExecution.sync:2', 'sync'],
    ['sqs:sendMessage.waitForTaskToken', 'waitForTaskToken'],
  ])('[states.express.patterns] refuses %s', async (resource, pattern) => {
    const task = { Type: 'Task', Resource: `arn:aws:states:::${resource}`, End: true };
    const inMap = { Type: 'Map', ItemProcessor: { StartAt: 'Inner', States: { Inner: task } }, End: true };
    for (const states of [{ Call: task }, { Each: inMap }]) {
      await expect(create(states)).rejects.toMatchObject({
        code: 'InvalidDefinition',
        message: expect.stringContaining(`Express state machine does not support '.${pattern}' service integration`),
      });
    }
  });

  it('[states.express.type-kept] is described and listed with its type, and is no other machine of its name', async () => {
    const stateMachineArn = await makeExpress(waiting(1));
    expect(await cloud.call('states', 'DescribeStateMachine', { stateMachineArn })).toMatchObject({ type: 'EXPRESS' });
    expect(await cloud.call('states', 'ListStateMachines', {})).toMatchObject({ stateMachines: [{ type: 'EXPRESS' }] });
    await expect(create(waiting(1), {}, { type: 'STANDARD' })).rejects.toMatchObject({
      code: 'StateMachineAlreadyExists',
    });
    await expect(create(waiting(1), {}, { type: 'FAST' })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('[states.express.delete] is deleted at once, and what it runs goes on', async () => {
    const stateMachineArn = await makeExpress(waiting(5));
    const { answer } = await begin(stateMachineArn);
    await cloud.call('states', 'DeleteStateMachine', { stateMachineArn });
    expect(await cloud.call('states', 'ListStateMachines', {})).toEqual({ stateMachines: [] });
    await cloud.advance(5_000);
    expect((await answer).status).toBe('SUCCEEDED');
  });

  it('[states.express.resource] is provisioned by its StateMachineType', async () => {
    const { physicalId } = await cloud.provision('AWS::StepFunctions::StateMachine', 'Machine', {
      StateMachineType: 'EXPRESS',
      RoleArn: roleArn,
      DefinitionString: definitionOf({ Done: { Type: 'Succeed' } }),
    });
    expect((await startSync(physicalId)).status).toBe('SUCCEEDED');
  });
});

describe('an Express execution inside another one', () => {
  const calling = (child: string, resource: string, more: object = {}): Record<string, object> => ({
    Call: {
      Type: 'Task',
      Resource: `arn:aws:states:::${resource}`,
      Arguments: { StateMachineArn: child, Input: '{% $string($states.input) %}' },
      End: true,
      ...more,
    },
  });

  it('[states.express.nested-sync] is waited for with aws-sdk:sfn:startSyncExecution, whatever it waits for itself', async () => {
    const child = await makeExpress(waiting(30));
    const parent = await makeMachine(cloud, calling(child, 'aws-sdk:sfn:startSyncExecution'));
    const execution = await start(cloud, parent, { a: 1 });
    expect((await settle(cloud, execution)).status).toBe('RUNNING');
    await cloud.advance(30_000);
    const { status, output } = await settle(cloud, execution);
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output ?? '')).toMatchObject({
      Status: 'SUCCEEDED',
      Output: '{"a":1}',
      StartDate: new Date(testStartMs).toISOString(),
      BillingDetails: { BilledDurationInMilliseconds: 30_000 },
    });
  });

  it('[states.express.nested-restart] is called again after a restart, when the time of the first call is over', async () => {
    const child = await makeExpress(waiting(30));
    const execution = await start(cloud, await makeMachine(cloud, calling(child, 'aws-sdk:sfn:startSyncExecution')));
    await cloud.timers.settled();
    cloud = await cloud.restart();
    await cloud.advance(400_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
  });

  it('[states.express.nested-failure] gives its failure as an answer, which fails no task', async () => {
    cloud.answer('lambda', 'Invoke', () => functionError('Broken', 'x'));
    const child = await makeExpress({ Call: { Type: 'Task', Resource: functionArn, End: true } });
    const execution = await start(cloud, await makeMachine(cloud, calling(child, 'aws-sdk:sfn:startSyncExecution')));
    const { output } = await settle(cloud, execution);
    expect(JSON.parse(output ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Broken' });
  });

  it('[states.express.nested-start] is started and not waited for with states:startExecution', async () => {
    const child = await makeExpress(waiting(30));
    const given = { Arguments: { StateMachineArn: child, Input: {} } };
    const execution = await start(cloud, await makeMachine(cloud, calling(child, 'states:startExecution', given)));
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('[states.express.nested-job] fails a task that would wait for it as for a Standard one', async () => {
    const child = await makeExpress(waiting(30));
    const given = { Arguments: { StateMachineArn: child, Input: {} } };
    const execution = await start(
      cloud,
      await makeMachine(cloud, calling(child, 'states:startExecution.sync:2', given)),
    );
    expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
  });
});
