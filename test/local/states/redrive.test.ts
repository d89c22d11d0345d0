import type { HistoryEvent } from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testStartMs, type TestCloud } from '../../support/cloud-context.ts';
import {
  definitionOf,
  functionAnswer,
  functionArn,
  functionError,
  historyOf,
  historyTypes,
  makeMachine,
  openStatesCloud,
  payloadOf,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;
/** Payloads of the calls so far. */
let invoked: unknown[];
/** Payloads, as JSON texts, whose calls fail. */
let broken: Set<string>;

beforeEach(async () => {
  cloud = await openStatesCloud();
  invoked = [];
  broken = new Set();
  answerCalls();
});

afterEach(() => cloud.close());

function answerCalls(): void {
  cloud.answer('lambda', 'Invoke', (input) => {
    const payload = payloadOf(input);
    invoked.push(payload);
    return broken.has(JSON.stringify(payload)) ? functionError('Broken', 'x') : functionAnswer({ did: payload });
  });
}

const call = (more: object = {}): object => ({
  Type: 'Task',
  Resource: functionArn,
  ...('Next' in more ? {} : { End: true }),
  ...more,
});
const dayMs = 86_400_000;

function redrive(executionArn: string, more: object = {}): Promise<{ redriveDate: Date }> {
  return cloud.call('states', 'RedriveExecution', { executionArn, ...more });
}

/** Redrives and gives the execution as it is once nothing is due. */
async function redriven(executionArn: string): Promise<{ status: string; output?: string; error?: string }> {
  await redrive(executionArn);
  return settle(cloud, executionArn);
}

/** Runs states whose calls with these payloads fail, and lets them succeed from then on. */
async function failed(states: Record<string, object>, input: unknown, ...failing: unknown[]): Promise<string> {
  broken = new Set(failing.map((payload) => JSON.stringify(payload)));
  const execution = await start(cloud, await makeMachine(cloud, states), input);
  expect((await settle(cloud, execution)).status).toBe('FAILED');
  broken.clear();
  invoked = [];
  return execution;
}

const typesFrom = (events: readonly HistoryEvent[], type: string): (string | undefined)[] =>
  events.slice(events.findLastIndex((event) => event.type === type)).map((event) => event.type);

describe('a redrive', () => {
  const states = {
    First: call({ Output: '{% $states.result %}', Assign: { kept: '{% $states.result.did %}' }, Next: 'Second' }),
    Second: call({ Output: { kept: '{% $kept %}', second: '{% $states.result %}' } }),
  };

  it('[states.redrive.resumes] runs the state that failed with the same input, and none that succeeded', async () => {
    const execution = await failed(states, 1, { did: 1 });
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(invoked).toEqual([{ did: 1 }]);
    const { output } = await settle(cloud, execution);
    expect(JSON.parse(output ?? '')).toEqual({ kept: 1, second: { did: { did: 1 } } });
  });

  it('[states.redrive.history] goes on with the history, after ExecutionRedriven', async () => {
    const execution = await failed(states, 1, { did: 1 });
    const before = await historyOf(cloud, execution);
    await redriven(execution);
    const after = await historyOf(cloud, execution);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.map(({ id }) => id)).toEqual(after.map((_event, index) => index + 1));
    expect(after[before.length]).toMatchObject({ executionRedrivenEventDetails: { redriveCount: 1 } });
    expect(typesFrom(after, 'ExecutionRedriven')).toEqual([
      'ExecutionRedriven',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('[states.redrive.described] is counted and dated in descriptions, lists, events and the context object', async () => {
    const context = { Type: 'Pass', Output: '{% $states.context.Execution %}', End: true };
    const execution = await failed({ First: call({ Next: 'Look' }), Look: context }, 1, 1);
    await cloud.advance(1_000);
    expect(await settle(cloud, execution)).toMatchObject({ redriveCount: 0, redriveStatus: 'REDRIVABLE' });
    const { redriveDate } = await redrive(execution);
    expect(redriveDate).toEqual(new Date(testStartMs + 1_000));
    const described = await settle(cloud, execution);
    expect(described).toMatchObject({
      redriveCount: 1,
      redriveDate,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    expect(JSON.parse(described.output ?? '')).toMatchObject({
      RedriveCount: 1,
      RedriveTime: redriveDate.toISOString(),
    });
    expect(cloud.delivered.slice(-2).map(({ detail }) => detail)).toMatchObject([
      { status: 'RUNNING', redriveCount: 1, redriveDate: redriveDate.getTime() },
      { status: 'SUCCEEDED', redriveCount: 1 },
    ]);
  });

  it('[states.redrive.filter] lists what was redriven, and what was not', async () => {
    const execution = await failed(states, 1, { did: 1 });
    await redriven(execution);
    const { stateMachineArn } = await cloud.call<{ stateMachineArn: string }>('states', 'DescribeExecution', {
      executionArn: execution,
    });
    const other = await start(cloud, stateMachineArn);
    await settle(cloud, other);
    for (const [redriveFilter, found] of [
      ['REDRIVEN', execution],
      ['NOT_REDRIVEN', other],
    ]) {
      const list = await cloud.call('states', 'ListExecutions', { stateMachineArn, redriveFilter });
      expect(list).toMatchObject({ executions: [{ executionArn: found }] });
    }
  });

  it('[states.redrive.definition] uses the definition that the execution was started with', async () => {
    const machine = await makeMachine(cloud, states);
    broken = new Set(['1']);
    const execution = await start(cloud, machine, 1);
    await settle(cloud, execution);
    broken.clear();
    const definition = definitionOf({ Other: { Type: 'Pass', Output: 'other', End: true } });
    await cloud.call('states', 'UpdateStateMachine', { stateMachineArn: machine, definition });
    expect((await redriven(execution)).output).toContain('second');
  });

  it('[states.redrive.retries] counts retries anew', async () => {
    const retry = { Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 }] };
    broken = new Set(['1']);
    const execution = await start(cloud, await makeMachine(cloud, { Call: call(retry) }), 1);
    await cloud.advance(10_000);
    expect(invoked).toHaveLength(3);
    await redrive(execution);
    await cloud.advance(10_000);
    expect(invoked).toHaveLength(6);
  });

  it('[states.redrive.timeout] begins the time of the machine anew', async () => {
    const slow = { Wait: { Type: 'Wait', Seconds: 8, Next: 'Again' }, Again: { Type: 'Wait', Seconds: 8, End: true } };
    const execution = await start(cloud, await makeMachine(cloud, slow, { TimeoutSeconds: 10 }));
    await cloud.advance(20_000);
    expect((await settle(cloud, execution)).status).toBe('TIMED_OUT');
    await redrive(execution);
    await cloud.advance(9_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
  });

  it('[states.redrive.aborted] goes on with an execution that was stopped, also before its first state', async () => {
    const machine = await makeMachine(cloud, { Wait: { Type: 'Wait', Seconds: 60, End: true } });
    const waiting = await start(cloud, machine, { n: 1 });
    await cloud.timers.settled();
    await cloud.call('states', 'StopExecution', { executionArn: waiting });
    const early = await start(cloud, machine, { n: 2 });
    await cloud.call('states', 'StopExecution', { executionArn: early });
    for (const [execution, output] of [
      [waiting, '{"n":1}'],
      [early, '{"n":2}'],
    ] as const) {
      await redrive(execution);
      await cloud.advance(60_000);
      expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output });
    }
  });

  it('[states.redrive.wait-past] leaves a Wait at once whose timestamp is past', async () => {
    const at = new Date(testStartMs + 60_000).toISOString();
    const states = { Wait: { Type: 'Wait', Timestamp: at, End: true } };
    const execution = await start(cloud, await makeMachine(cloud, states));
    await cloud.timers.settled();
    await cloud.call('states', 'StopExecution', { executionArn: execution });
    await cloud.advance(120_000);
    expect((await redriven(execution)).status).toBe('SUCCEEDED');
  });

  it('[states.redrive.fail-state] enters a Fail state again, which fails again', async () => {
    const stop = { Stop: { Type: 'Fail', Error: 'Broken' } };
    const execution = await failed(stop, {});
    expect(await redriven(execution)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect(await redriven(execution)).toMatchObject({ status: 'FAILED', redriveCount: 2 });
  });

  it('[states.redrive.token] answers again for the same token within 15 minutes', async () => {
    const execution = await failed({ Stop: { Type: 'Fail' } }, {});
    const first = await redrive(execution, { clientToken: 'one' });
    await settle(cloud, execution);
    await cloud.advance(14 * 60_000);
    expect(await redrive(execution, { clientToken: 'one' })).toEqual(first);
    await cloud.advance(60_000);
    expect(await redrive(execution, { clientToken: 'one' })).not.toEqual(first);
    expect(await settle(cloud, execution)).toMatchObject({ redriveCount: 2 });
  });

  it('[states.redrive.restart] is durable: it goes on after a restart', async () => {
    const execution = await failed(states, 1, { did: 1 });
    await redrive(execution);
    cloud = await cloud.restart();
    answerCalls();
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect(invoked).toEqual([{ did: 1 }]);
  });
});

describe('a redrive inside Parallel and Map', () => {
  const branch = (name: string, states: Record<string, object>): object => ({ StartAt: name, States: states });
  const fork = (more: object = {}): Record<string, object> => ({
    Fork: {
      Type: 'Parallel',
      Branches: [
        branch('Well', { Well: call({ Arguments: 'well' }) }),
        branch('Before', {
          Before: call({ Arguments: 'before', Assign: { seen: true }, Next: 'Ill' }),
          Ill: call({ Arguments: 'ill', Output: '{% $seen %}' }),
        }),
      ],
      End: true,
      ...more,
    },
  });

  it('[states.redrive.parallel] runs the failed branches only, from where they failed', async () => {
    const execution = await failed(fork(), {}, 'ill');
    const { status, output } = await redriven(execution);
    expect(status).toBe('SUCCEEDED');
    expect(invoked).toEqual(['ill']);
    expect(JSON.parse(output ?? '')).toEqual([{ did: 'well' }, true]);
  });

  it('[states.redrive.parallel-aborted] runs branches again that were aborted when another one failed', async () => {
    const waiting = branch('Wait', {
      Wait: { Type: 'Wait', Seconds: 60, Next: 'Late' },
      Late: call({ Arguments: 'late' }),
    });
    const states = {
      Fork: { Type: 'Parallel', Branches: [waiting, branch('Ill', { Ill: call({ Arguments: 'ill' }) })], End: true },
    };
    const execution = await failed(states, {}, 'ill');
    await redrive(execution);
    await cloud.advance(60_000);
    expect((await settle(cloud, execution)).output).toBe('[{"did":"late"},{"did":"ill"}]');
    expect(invoked).toEqual(['ill', 'late']);
  });

  it('[states.redrive.again] may fail and be redriven again', async () => {
    const execution = await failed(fork(), {}, 'well', 'ill');
    broken = new Set(['"ill"']);
    expect((await redriven(execution)).status).toBe('FAILED');
    broken.clear();
    invoked = [];
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 2 });
    expect(invoked).toContain('ill');
  });

  it('[states.redrive.map] runs the failed and aborted iterations, and those that had not begun, keeping to MaxConcurrency', async () => {
    const each = {
      Each: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemSelector: { item: '{% $states.context.Map.Item.Value %}' },
        ItemProcessor: branch('Call', {
          Call: call({
            Arguments: '{% $states.input.item %}',
            Output: '{% [$states.result.did, $states.context.Map.Item.Index] %}',
          }),
        }),
        End: true,
      },
    };
    const execution = await failed(each, ['a', 'b', 'c'], 'b');
    const { status, output } = await redriven(execution);
    expect(status).toBe('SUCCEEDED');
    expect(invoked).toEqual(['b', 'c']);
    expect(JSON.parse(output ?? '')).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    expect((await historyTypes(cloud, execution)).filter((type) => type === 'MapIterationSucceeded')).toHaveLength(3);
  });

  it('[states.redrive.nested] goes on inside a Map inside a Parallel', async () => {
    const inner = { Type: 'Map', Items: ['x', 'y'], ItemProcessor: branch('Call', { Call: call() }), End: true };
    const states = {
      Fork: {
        Type: 'Parallel',
        Branches: [branch('Inner', { Inner: inner }), branch('Well', { Well: call({ Arguments: 'well' }) })],
        End: true,
      },
    };
    const execution = await failed(states, {}, 'y');
    expect((await redriven(execution)).output).toBe('[[{"did":"x"},{"did":"y"}],{"did":"well"}]');
    expect(invoked).toEqual(['y']);
  });

  it('[states.redrive.output-failed] runs all of it again when its own output could not be made', async () => {
    const execution = await failed(fork({ Output: '{% $number("x") %}' }), {});
    expect((await redriven(execution)).status).toBe('FAILED');
    expect(invoked).toHaveLength(3);
  });
});

/** Some states in a row, each a call of its own, a Parallel or a Map of such rows. */
type Shape = { readonly kind: 'call' | 'parallel' | 'map'; readonly rows: readonly (readonly Shape[])[] };

const { shape } = fc.letrec<{ shape: Shape; row: Shape[] }>((tie) => ({
  row: fc.array(tie('shape'), { minLength: 1, maxLength: 3 }),
  shape: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constant<Shape>({ kind: 'call', rows: [] }),
    fc.record({ kind: fc.constant('parallel' as const), rows: fc.array(tie('row'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('map' as const), rows: fc.tuple(tie('row')) }),
  ),
}));

/** The states of a row; `name` makes theirs unique, and a call says where it is: its name and the items around it. */
function statesOf(row: readonly Shape[], name: string): { StartAt: string; States: Record<string, object> } {
  const nameOf = (index: number): string => `${name}.${index}`;
  const states = row.map(({ kind, rows }, index): [string, object] => {
    const own = nameOf(index);
    const next = index === row.length - 1 ? { End: true } : { Next: nameOf(index + 1) };
    const inner = rows.map((each, at) => statesOf(each, `${own}.${at}`));
    const kept = { Output: '{% $states.input %}', ...next };
    if (kind === 'call') return [own, call({ Arguments: `{% "${own} of " & $string($states.input) %}`, ...kept })];
    if (kind === 'parallel') return [own, { Type: 'Parallel', Branches: inner, ...kept }];
    const items = { Items: ['a', 'b'], ItemSelector: '{% $string($states.input) & $states.context.Map.Item.Value %}' };
    return [own, { Type: 'Map', MaxConcurrency: 1, ItemProcessor: inner[0], ...items, ...kept }];
  });
  return { StartAt: nameOf(0), States: Object.fromEntries(states) };
}

it('[states.redrive.each-once] makes each call of any machine succeed once, however often it fails before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 3 }), fc.integer(), async (row, seed) => {
      const failures = new Map<string, number>();
      cloud.answer('lambda', 'Invoke', (input) => {
        const at = String(payloadOf(input));
        const failed = failures.get(at) ?? 0;
        failures.set(at, failed + 1);
        if (failed < (hashOf(`${seed} ${at}`) % 3) - 1) return functionError('Broken', 'x');
        return functionAnswer(null);
      });
      const { States } = statesOf(row, 's');
      const execution = await start(cloud, await makeMachine(cloud, States), '');
      let { status } = await settle(cloud, execution);
      for (let redrives = 0; status === 'FAILED' && redrives < 500; redrives += 1)
        ({ status } = await redriven(execution));
      expect(status).toBe('SUCCEEDED');
      const exited = (await historyOf(cloud, execution)).filter(({ type }) => type === 'TaskStateExited');
      const calls = exited.map(({ stateExitedEventDetails: at }) => `${at?.name} of ${JSON.parse(at?.output ?? '')}`);
      expect(calls.toSorted()).toEqual([...failures.keys()].toSorted());
    }),
    { numRuns: 40 },
  );
});

/** A number that is the same for the same text. */
function hashOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

describe('RedriveExecution', () => {
  it.each([
    ['Execution is RUNNING and cannot be redriven', { Wait: { Type: 'Wait', Seconds: 60, End: true } }, 0],
    ['Execution is SUCCEEDED and cannot be redriven', { Done: { Type: 'Succeed' } }, 0],
    ['Execution redrivable period exceeded', { Stop: { Type: 'Fail' } }, 14 * dayMs + 1],
  ])('[states.redrive.refused] refuses: %s', async (reason, states, ms) => {
    const execution = await start(cloud, await makeMachine(cloud, states));
    await cloud.timers.settled();
    await cloud.advance(ms);
    expect(await settle(cloud, execution)).toMatchObject({ redriveStatusReason: reason });
    await expect(redrive(execution)).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
      message: expect.stringContaining(reason),
    });
  });

  it('[states.redrive.window] takes an execution that ended 14 days ago', async () => {
    const execution = await failed({ Stop: { Type: 'Fail' } }, {});
    await cloud.advance(14 * dayMs);
    await redrive(execution);
  });

  it('[states.redrive.deleted-machine] refuses when the machine is gone', async () => {
    const machine = await makeMachine(cloud, { Stop: { Type: 'Fail' } });
    const execution = await start(cloud, machine);
    await settle(cloud, execution);
    await cloud.call('states', 'DeleteStateMachine', { stateMachineArn: machine });
    await expect(redrive(execution)).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
  });

  it('[states.redrive.full-history] refuses when the history has no room', async () => {
    const loop = { Type: 'Choice', Choices: [{ Condition: true, Next: 'Loop' }], Default: 'Done' };
    const execution = await failed({ Loop: loop, Done: { Type: 'Succeed' } }, {});
    await expect(redrive(execution)).rejects.toMatchObject({
      message: expect.stringContaining('Execution history event limit exceeded'),
    });
  });

  it('[states.redrive.express] refuses an Express execution, and one that does not exist', async () => {
    const arn = 'arn:aws:states:us-east-1:123456789012:express:quick:one:1';
    await expect(redrive(arn)).rejects.toMatchObject({ code: 'InvalidArn' });
    const none = 'arn:aws:states:us-east-1:123456789012:execution:a:b';
    await expect(redrive(none)).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  });
});
