import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  functionAnswer,
  functionArn,
  functionError,
  historyOf,
  historyTypes,
  makeMachine,
  openStatesCloud,
  payloadOf,
  run,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

const processor = (states: Record<string, object>): object => ({
  ProcessorConfig: { Mode: 'INLINE' },
  StartAt: Object.keys(states)[0],
  States: states,
});
const double = processor({ Double: { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true } });
const oddFails = processor({
  Odd: { Type: 'Choice', Choices: [{ Condition: '{% $states.input % 2 = 1 %}', Next: 'Break' }], Default: 'Fine' },
  Break: { Type: 'Fail', Error: 'Odd', Cause: 'no odd ones' },
  Fine: { Type: 'Succeed' },
});
const mapped = (fields: object): Record<string, object> => ({
  Each: { Type: 'Map', ItemProcessor: double, End: true, ...fields },
});

describe('Map', () => {
  it('[states.map.items] runs its processor for each item and gives the outputs in order', async () => {
    const { value } = await run(cloud, mapped({ Items: '{% $states.input.list %}' }), { list: [3, 1, 2] });
    expect(value).toEqual([6, 2, 4]);
  });

  it('[states.map.items-default] takes its input as items when it names none', async () => {
    expect((await run(cloud, mapped({}), [1, 2])).value).toEqual([2, 4]);
  });

  it('[states.map.items-array] fails on items that are no array', async () => {
    expect(await run(cloud, mapped({}), { a: 1 })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });

  it('[states.map.context-item] shows index and value to ItemSelector and to the states inside', async () => {
    const { value } = await run(
      cloud,
      mapped({
        ItemSelector: { i: '{% $states.context.Map.Item.Index %}', v: '{% $states.context.Map.Item.Value %}', all: 1 },
        ItemProcessor: processor({
          Look: {
            Type: 'Pass',
            Output: ['{% $states.input %}', '{% $states.context.Map.Item.Index %}'],
            End: true,
          },
        }),
      }),
      ['a', 'b'],
    );
    expect(value).toEqual([
      [{ i: 0, v: 'a', all: 1 }, 0],
      [{ i: 1, v: 'b', all: 1 }, 1],
    ]);
  });

  it('[states.map.empty] gives an empty array for no items', async () => {
    const execution = await start(cloud, await makeMachine(cloud, mapped({})), []);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '[]' });
    expect((await historyTypes(cloud, execution)).slice(1)).toEqual([
      'MapStateEntered',
      'MapStateStarted',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('[states.map.history] writes each iteration with its name and index', async () => {
    const execution = await start(cloud, await makeMachine(cloud, mapped({ MaxConcurrency: 1 })), [1, 2]);
    await settle(cloud, execution);
    const events = await historyOf(cloud, execution);
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'MapIterationStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events[2]?.mapStateStartedEventDetails).toEqual({ length: 2 });
    expect(events[7]?.mapIterationStartedEventDetails).toEqual({ name: 'Each', index: 1 });
  });

  it.each([
    [3, 3, { MaxConcurrency: 3 }],
    [40, 40, {}],
    [40, 40, { MaxConcurrency: 0 }],
    [40, 40, { MaxConcurrency: 100 }],
    [2, 2, { MaxConcurrency: '{% 1 + 1 %}' }],
  ])('[states.map.max-concurrency] runs %i items at one time: %#', async (_name, expected, fields) => {
    const wait = processor({ Wait: { Type: 'Wait', Seconds: 10, End: true } });
    const items = Array.from({ length: 45 }, (_unused, index) => index);
    const execution = await start(cloud, await makeMachine(cloud, mapped({ ItemProcessor: wait, ...fields })), items);
    await settle(cloud, execution);
    const started = (await historyTypes(cloud, execution)).filter((type) => type === 'MapIterationStarted');
    expect(started).toHaveLength(expected);
    await cloud.advance(1_000_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify(items) });
  });

  it('[states.map.failure] fails with the error of the first iteration that fails, and aborts the others', async () => {
    const states = processor({
      Wait: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Break' },
      Break: { Type: 'Fail', Error: 'Broken', Cause: '{% $string($states.input) %}' },
    });
    const execution = await start(cloud, await makeMachine(cloud, mapped({ ItemProcessor: states })), [50, 5]);
    await cloud.advance(5_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'Broken', cause: '5' });
    expect((await historyTypes(cloud, execution)).slice(-5)).toEqual([
      'MapIterationFailed',
      'WaitStateAborted',
      'MapIterationAborted',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });

  it.each([
    ['SUCCEEDED', { ToleratedFailureCount: 2 }],
    ['FAILED', { ToleratedFailureCount: 1 }],
    ['SUCCEEDED', { ToleratedFailurePercentage: 50 }],
    ['FAILED', { ToleratedFailurePercentage: 49 }],
    ['FAILED', { ToleratedFailureCount: 1, ToleratedFailurePercentage: 100 }],
    ['SUCCEEDED', { ToleratedFailureCount: '{% 1 + 1 %}' }],
  ])('[states.map.tolerated-failures] ends as %s with 2 failures of 4 and %o', async (status, fields) => {
    const described = await run(cloud, mapped({ ItemProcessor: oddFails, ...fields }), [1, 2, 3, 4]);
    expect(described.status).toBe(status);
    if (status === 'SUCCEEDED') expect(described.value).toEqual([2, 4]);
    else expect(described.error).toBe('States.ExceedToleratedFailureThreshold');
  });

  it('[states.map.catch] retries and catches a failed iteration on the whole', async () => {
    const calls: unknown[] = [];
    cloud.answer('lambda', 'Invoke', (input) => {
      calls.push(payloadOf(input));
      return functionError('Boom', 'no');
    });
    const call = processor({ Call: { Type: 'Task', Resource: functionArn, End: true } });
    const machine = await makeMachine(cloud, {
      ...mapped({
        ItemProcessor: call,
        Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1, IntervalSeconds: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'After' }],
      }),
      After: { Type: 'Succeed' },
    });
    const execution = await start(cloud, machine, [7]);
    await cloud.advance(1_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '"Boom"' });
    expect(calls).toEqual([7, 7]);
  });

  it('[states.map.restart] goes on after a restart in the middle, each item once', async () => {
    const seen: unknown[] = [];
    const take = () =>
      cloud.answer('lambda', 'Invoke', (input) => {
        seen.push(payloadOf(input));
        return functionAnswer(payloadOf(input));
      });
    take();
    const states = processor({
      Call: { Type: 'Task', Resource: functionArn, Next: 'Wait' },
      Wait: { Type: 'Wait', Seconds: 10, End: true },
    });
    const machine = await makeMachine(cloud, mapped({ ItemProcessor: states, MaxConcurrency: 2 }));
    const execution = await start(cloud, machine, [1, 2, 3, 4, 5]);
    await cloud.advance(15_000);
    cloud = await cloud.restart();
    take();
    await cloud.advance(15_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '[1,2,3,4,5]' });
    expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5]);
  });

  it('[states.map.nested] runs a Map inside a Map, whose items are the inner ones', async () => {
    const inner = { Type: 'Map', ItemProcessor: double, End: true };
    const { value } = await run(cloud, mapped({ ItemProcessor: processor({ Inner: inner }) }), [[1, 2], [], [3]]);
    expect(value).toEqual([[2, 4], [], [6]]);
  });

  it('[states.history.limit-in-map] ends the execution with its 25,000th event', async () => {
    // An iteration shares the history of its execution: one that loops fills it.
    const processor = {
      StartAt: 'Loop',
      States: {
        Loop: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Loop' }], Default: 'Done' },
        Done: { Type: 'Succeed' },
      },
    };
    const machine = await makeMachine(cloud, { Each: { Type: 'Map', ItemProcessor: processor, End: true } });
    const execution = await start(cloud, machine, [1]);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const { events } = await cloud.call<{ events: { id: number; type: string }[] }>('states', 'GetExecutionHistory', {
      executionArn: execution,
      maxResults: 1,
      reverseOrder: true,
    });
    expect(events).toMatchObject([{ id: 25_000, type: 'ExecutionFailed' }]);
  });
});
