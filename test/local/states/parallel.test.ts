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

const branch = (states: Record<string, object>): object => ({ StartAt: Object.keys(states)[0], States: states });
const pass = (name: string, Output: unknown) => branch({ [name]: { Type: 'Pass', Output, End: true } });
const waiting = (name: string, Seconds: number, after: object = {}) =>
  branch({ [name]: { Type: 'Wait', Seconds, End: true }, ...after });
const failing = branch({ Break: { Type: 'Fail', Error: 'Broken', Cause: 'on purpose' } });

describe('Parallel', () => {
  it('[states.parallel.result-order] gives the outputs in the order of the branches, not of their ends', async () => {
    const machine = await makeMachine(cloud, {
      Both: { Type: 'Parallel', Branches: [waiting('Slow', 5), pass('Fast', 'fast')], End: true },
    });
    const execution = await start(cloud, machine, 'in');
    await cloud.advance(5_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '["in","fast"]' });
  });

  it('[states.parallel.arguments] gives every branch the Arguments, and its Output sees the result', async () => {
    const { value } = await run(cloud, {
      Both: {
        Type: 'Parallel',
        Arguments: { n: '{% 1 + 1 %}' },
        Branches: [pass('A', '{% $states.input.n %}'), pass('B', '{% $states.input.n * 10 %}')],
        Output: '{% $sum($states.result) %}',
        Assign: { first: '{% $states.result[0] %}' },
        Next: 'After',
      },
      After: { Type: 'Pass', Output: { sum: '{% $states.input %}', first: '{% $first %}' }, End: true },
    });
    expect(value).toEqual({ sum: 22, first: 2 });
  });

  it('[states.variables.inner-scope] shows outer variables inside, and keeps inner ones inside', async () => {
    const { value } = await run(cloud, {
      Before: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Both' },
      Both: {
        Type: 'Parallel',
        Branches: [
          branch({
            Set: { Type: 'Pass', Assign: { inner: '{% $outer + 1 %}' }, Next: 'Get' },
            Get: { Type: 'Pass', Output: '{% $inner %}', End: true },
          }),
          pass('Other', '{% $exists($inner) %}'),
        ],
        Next: 'After',
      },
      After: {
        Type: 'Pass',
        Output: { got: '{% $states.input %}', seen: '{% $exists($inner) %}', outer: '{% $outer %}' },
        End: true,
      },
    });
    expect(value).toEqual({ got: [2, false], seen: false, outer: 1 });
  });

  it('[states.parallel.history] writes when it starts, succeeds and exits', async () => {
    const machine = await makeMachine(cloud, { Both: { Type: 'Parallel', Branches: [pass('A', 1)], End: true } });
    const execution = await start(cloud, machine);
    await settle(cloud, execution);
    expect(await historyTypes(cloud, execution)).toEqual([
      'ExecutionStarted',
      'ParallelStateEntered',
      'ParallelStateStarted',
      'PassStateEntered',
      'PassStateExited',
      'ParallelStateSucceeded',
      'ParallelStateExited',
      'ExecutionSucceeded',
    ]);
    const events = await historyOf(cloud, execution);
    expect(events.map(({ previousEventId }) => previousEventId)).toEqual([0, 0, 2, 3, 4, 5, 6, 7]);
  });

  it('[states.parallel.failure-aborts] aborts the other branches when one fails, with the error of the branch', async () => {
    const machine = await makeMachine(cloud, {
      Both: {
        Type: 'Parallel',
        Branches: [
          waiting('Slow', 900),
          branch({ Soon: { Type: 'Wait', Seconds: 1, Next: 'Break' }, Break: { Type: 'Fail', Error: 'Broken' } }),
        ],
        End: true,
      },
    });
    const execution = await start(cloud, machine);
    await cloud.advance(1_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect((await historyTypes(cloud, execution)).slice(-5)).toEqual([
      'WaitStateExited',
      'FailStateEntered',
      'WaitStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
    expect(cloud.store.statement('SELECT count(*) AS n FROM timers').get()?.['n']).toBe(0);
    expect(cloud.store.statement('SELECT count(*) AS n FROM states_frames').get()?.['n']).toBe(0);
  });

  it('[states.parallel.catch] catches the error of a branch', async () => {
    const { value } = await run(cloud, {
      Both: {
        Type: 'Parallel',
        Branches: [pass('A', 1), failing],
        Catch: [{ ErrorEquals: ['Broken'], Output: '{% $states.errorOutput %}', Next: 'After' }],
        End: true,
      },
      After: { Type: 'Succeed' },
    });
    expect(value).toEqual({ Error: 'Broken', Cause: 'on purpose' });
  });

  it('[states.parallel.branch-failed] catches the failure of any branch as States.BranchFailed', async () => {
    const { value } = await run(cloud, {
      Both: {
        Type: 'Parallel',
        Branches: [failing],
        Catch: [{ ErrorEquals: ['States.BranchFailed'], Output: 'caught', Next: 'After' }],
        End: true,
      },
      After: { Type: 'Succeed' },
    });
    expect(value).toBe('caught');
  });

  it('[states.parallel.retry] runs all branches again', async () => {
    let calls = 0;
    cloud.answer('lambda', 'Invoke', () => (++calls < 3 ? functionError('Boom', 'no') : functionAnswer('done')));
    const machine = await makeMachine(cloud, {
      Both: {
        Type: 'Parallel',
        Branches: [branch({ Call: { Type: 'Task', Resource: functionArn, End: true } }), pass('A', 1)],
        Retry: [{ ErrorEquals: ['Boom'], IntervalSeconds: 10, BackoffRate: 1 }],
        End: true,
      },
    });
    const execution = await start(cloud, machine);
    await cloud.advance(20_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '["done",1]' });
    const types = await historyTypes(cloud, execution);
    expect(types.filter((type) => type === 'ParallelStateStarted')).toHaveLength(3);
    expect(types.filter((type) => type === 'ParallelStateEntered')).toHaveLength(1);
  });

  it('[states.parallel.nested] aborts what runs in a Parallel inside a branch, the deepest first', async () => {
    const machine = await makeMachine(cloud, {
      Outer: {
        Type: 'Parallel',
        Branches: [
          branch({ 'In/ner': { Type: 'Parallel', Branches: [waiting('Deep', 100), waiting('Too', 100)], End: true } }),
          branch({ Soon: { Type: 'Wait', Seconds: 1, Next: 'Break' }, Break: { Type: 'Fail', Error: 'Broken' } }),
        ],
        End: true,
      },
    });
    const execution = await start(cloud, machine);
    await cloud.advance(1_000);
    expect((await settle(cloud, execution)).status).toBe('FAILED');
    expect((await historyTypes(cloud, execution)).slice(-5)).toEqual([
      'WaitStateAborted',
      'WaitStateAborted',
      'ParallelStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
  });

  it('[states.parallel.restart] goes on after a restart in the middle', async () => {
    cloud.answer('lambda', 'Invoke', (input) => functionAnswer(payloadOf(input)));
    const machine = await makeMachine(cloud, {
      Both: {
        Type: 'Parallel',
        Branches: [waiting('Slow', 60), pass('Fast', 'fast')],
        End: true,
      },
    });
    const execution = await start(cloud, machine, 'in');
    await cloud.advance(30_000);
    cloud = await cloud.restart();
    await cloud.advance(30_000);
    expect(await settle(cloud, execution)).toMatchObject({ status: 'SUCCEEDED', output: '["in","fast"]' });
    expect(await historyTypes(cloud, execution)).toHaveLength(10);
  });

  it('[states.name.unique] refuses two states of one name, also in different branches', async () => {
    const made = makeMachine(cloud, {
      Both: { Type: 'Parallel', Branches: [pass('A', 1), pass('A', 2)], End: true },
    });
    await expect(made).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringContaining('/States/Both/Branches[1]/States/A'),
    });
  });

  it('[states.transition.own-group] refuses a transition out of a branch', async () => {
    const made = makeMachine(cloud, {
      Both: { Type: 'Parallel', Branches: [branch({ A: { Type: 'Pass', Next: 'After' } })], Next: 'After' },
      After: { Type: 'Succeed' },
    });
    await expect(made).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringContaining('/States/Both/Branches[0]/States/A/Next'),
    });
  });
});
