import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testStartMs, type TestCloud } from '../../support/cloud-context.ts';
import { historyOf, historyTypes, makeMachine, openStatesCloud, settle, start } from './states-cloud.ts';

let cloud: TestCloud;
const waiting = { Wait: { Type: 'Wait', Seconds: 60, End: true } };

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

describe('StartExecution', () => {
  it('[states.start.idempotent] answers with the running execution for the same name and input', async () => {
    const machine = await makeMachine(cloud, waiting);
    const first = await start(cloud, machine, { a: 1 }, 'one');
    await cloud.advance(5_000);
    const again = await cloud.call<{ executionArn: string; startDate: Date }>('states', 'StartExecution', {
      stateMachineArn: machine,
      input: '{"a":1}',
      name: 'one',
    });
    expect(again).toEqual({ executionArn: first, startDate: new Date(testStartMs) });
    expect(cloud.delivered).toHaveLength(1);
  });

  it('[states.start.name-reuse] refuses a name that runs with another input, or that has ended less than 90 days ago', async () => {
    const machine = await makeMachine(cloud, waiting);
    const execution = await start(cloud, machine, { a: 1 }, 'one');
    await expect(start(cloud, machine, { a: 2 }, 'one')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await cloud.advance(60_000);
    await expect(start(cloud, machine, { a: 1 }, 'one')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await cloud.advance(90 * 86_400_000);
    expect(await start(cloud, machine, { a: 3 }, 'one')).toBe(execution);
    expect(await historyTypes(cloud, execution)).toEqual(['ExecutionStarted']);
  });

  it.each([
    ['InvalidName', { name: 'a b' }],
    ['InvalidName', { name: 'x'.repeat(81) }],
    ['InvalidExecutionInput', { input: '{' }],
    ['InvalidExecutionInput', { input: '' }],
    ['ValidationException', { input: JSON.stringify('x'.repeat(262_144)) }],
    ['InvalidArn', { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:execution:a:b' }],
    ['StateMachineDoesNotExist', { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:none' }],
  ])('[states.start.refused] refuses with %s: %o', async (code, input) => {
    const stateMachineArn = await makeMachine(cloud, waiting);
    await expect(cloud.call('states', 'StartExecution', { stateMachineArn, ...input })).rejects.toMatchObject({ code });
  });
});

describe('StopExecution', () => {
  it('[states.stop.at-once] aborts at once, whatever was scheduled', async () => {
    const execution = await start(cloud, await makeMachine(cloud, waiting));
    await cloud.timers.settled();
    await cloud.call('states', 'StopExecution', { executionArn: execution, error: 'Enough', cause: 'by Ada' });
    await cloud.timers.settled();
    expect(cloud.store.db.prepare('SELECT count(*) AS n FROM timers').get()).toEqual({ n: 0 });
    await cloud.advance(60_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'by Ada' });
    expect((await historyOf(cloud, execution)).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      previousEventId: 0,
      executionAbortedEventDetails: { error: 'Enough', cause: 'by Ada' },
    });
  });

  it('[states.stop.ended] changes nothing when the execution has ended', async () => {
    const execution = await start(cloud, await makeMachine(cloud, { Done: { Type: 'Succeed' } }));
    await settle(cloud, execution);
    await cloud.call('states', 'StopExecution', { executionArn: execution });
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('describing and listing', () => {
  it('[states.list] lists the executions of a machine, the last one first, by pages and by status', async () => {
    const machine = await makeMachine(cloud, waiting);
    for (const name of ['a', 'b', 'c']) {
      await start(cloud, machine, {}, name);
      await cloud.advance(1_000);
    }
    await cloud.call('states', 'StopExecution', {
      executionArn: machine.replace(':stateMachine:', ':execution:') + ':a',
    });
    const list = (input: object) =>
      cloud.call<{ executions: { name: string; status: string }[]; nextToken?: string }>('states', 'ListExecutions', {
        stateMachineArn: machine,
        ...input,
      });
    const first = await list({ maxResults: 2 });
    expect(first.executions.map(({ name }) => name)).toEqual(['a', 'c']);
    expect((await list({ maxResults: 2, nextToken: first.nextToken })).executions.map(({ name }) => name)).toEqual([
      'b',
    ]);
    expect((await list({ statusFilter: 'RUNNING' })).executions.map(({ name }) => name)).toEqual(['c', 'b']);
    await expect(list({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('[states.history.pages] gives the history backwards, by pages, and without data', async () => {
    const execution = await start(cloud, await makeMachine(cloud, { Done: { Type: 'Succeed' } }), { secret: 'x' });
    await settle(cloud, execution);
    const page = await cloud.call<{ events: { id: number }[]; nextToken?: string }>('states', 'GetExecutionHistory', {
      executionArn: execution,
      reverseOrder: true,
      maxResults: 3,
      includeExecutionData: false,
    });
    expect(page.events.map(({ id }) => id)).toEqual([4, 3, 2]);
    expect(page.nextToken).toBeDefined();
    expect(JSON.stringify(page)).not.toContain('secret');
  });

  it('[states.describe.metadata-only] leaves out input and output when asked to', async () => {
    const executionArn = await start(cloud, await makeMachine(cloud, { Done: { Type: 'Succeed' } }), 'secret');
    await settle(cloud, executionArn);
    const includedData = 'METADATA_ONLY';
    const described = await cloud.call('states', 'DescribeExecution', { executionArn, includedData });
    expect(described).toMatchObject({ status: 'SUCCEEDED' });
    expect(JSON.stringify(described)).not.toContain('secret');
  });

  it('[states.describe.unknown] refuses an execution that does not exist', async () => {
    const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:a:b';
    for (const operation of ['DescribeExecution', 'StopExecution', 'GetExecutionHistory']) {
      await expect(cloud.call('states', operation, { executionArn })).rejects.toMatchObject({
        code: 'ExecutionDoesNotExist',
      });
    }
  });
});

describe('events on the bus', () => {
  it('[states.events.status-change] tells when an execution starts and how it ends', async () => {
    const machine = await makeMachine(cloud, waiting);
    const execution = await start(cloud, machine, { a: 1 }, 'one');
    await cloud.advance(60_000);
    const event = {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [execution],
      detail: {
        executionArn: execution,
        stateMachineArn: machine,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        name: 'one',
        status: 'RUNNING',
        startDate: testStartMs,
        stopDate: null,
        input: '{"a":1}',
        inputDetails: { included: true },
        output: null,
        outputDetails: null,
        redriveCount: 0,
        redriveDate: null,
        error: null,
        cause: null,
      },
    };
    const ended = {
      status: 'SUCCEEDED',
      stopDate: testStartMs + 60_000,
      output: '{"a":1}',
      outputDetails: { included: true },
    };
    expect(cloud.delivered).toEqual([event, { ...event, detail: { ...event.detail, ...ended } }]);
  });

  it('[states.events.too-large] leaves out what is too large for an event', async () => {
    const machine = await makeMachine(cloud, { Done: { Type: 'Succeed' } });
    await settle(cloud, await start(cloud, machine, 'x'.repeat(200_000)));
    expect(cloud.delivered[1]?.detail).toMatchObject({
      input: null,
      inputDetails: { included: false },
      outputDetails: { included: true },
    });
  });
});
