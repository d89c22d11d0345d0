import { describe, expect, it } from 'vitest';
import type { Action } from '../../../shared/actions/action.ts';
import { undeclaredArtifacts } from '../../../shared/actions/artifacts.ts';
import { ActionFailed, fail, runAgain, stillRunning, succeed } from '../../../shared/actions/result.ts';
import { stepLongJob, takeRenewedJob } from '../../../shared/actions/runner/run-long-job.ts';
import { keys, sweeps } from '../../../shared/state/table.ts';
import { baking, waitingJob, type BakingHooks as Hooks } from '../../support/waiting-job.ts';

/** Counts cancellations, and keeps what the last was given. */
function counted() {
  const seen: object[] = [];
  const cancel: Hooks['cancel'] = async ({ state, parameters }) => void seen.push({ state, parameters });
  return { seen, cancel };
}

describe('a long job that was given up', () => {
  it('has its work cancelled behind its result, and again when that did not end in time', async () => {
    const { store, edge, sent } = await waitingJob();
    await store.markCancelled('job-1');
    const hanging = baking({ cancel: () => new Promise(() => {}) });
    await expect(stepLongJob(hanging, 'job-1', edge)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(sent).toMatchObject([{ kind: 'failed' }]);
    const { seen, cancel } = counted();
    const whole = { ...edge, remainingMs: () => 60_000 };
    expect(await stepLongJob(baking({ cancel }), 'job-1', whole)).toEqual({ next: 'end' });
    expect(seen).toEqual([{ state: { text: '' }, parameters: {} }]);
  });

  it('has its work cancelled once, however often its workflow comes back', async () => {
    const { store, edge } = await waitingJob();
    await store.markCancelled('job-1');
    const { seen, cancel } = counted();
    for (let count = 0; count < 3; count += 1)
      expect(await stepLongJob(baking({ cancel }), 'job-1', edge)).toEqual({ next: 'end' });
    expect(seen).toHaveLength(1);
    expect(await store.read('job-1')).toMatchObject({ isWorkLeft: false });
  });

  it('needs no cancel', async () => {
    const { store, edge, sent } = await waitingJob();
    await store.markCancelled('job-1');
    expect(await stepLongJob(baking({}), 'job-1', edge)).toEqual({ next: 'end' });
    expect(sent).toMatchObject([{ kind: 'failed' }]);
    expect(await store.read('job-1')).toMatchObject({ isWorkLeft: false });
  });
});

describe('the work of a long job', () => {
  it.each<[string, Hooks['check']]>([
    ['throws', () => Promise.reject(new Error('no door'))],
    ['is refused', () => Promise.reject(new ActionFailed('PermissionError', 'the door is locked'))],
    ['has no end', () => new Promise(() => {})],
    ['answers nothing', async () => undefined as never],
    [
      'answers a state that is too large',
      async () => stillRunning({ state: { text: 'x'.repeat(300_001) }, summary: '' }),
    ],
    ['is not there', undefined],
  ])('is cancelled behind the failure when its check %s', async (_, check) => {
    const { edge, sent } = await waitingJob({ state: { text: 'bread' } });
    const { seen, cancel } = counted();
    const { check: _none, ...unchecked } = baking({
      cancel: async (input) => (expect(sent).toHaveLength(1), cancel?.(input)),
    });
    const action = { ...unchecked, ...(check && { check }) } as Action; // as above
    // What the check has; the rest is there for the cancellation.
    const left = [2_010];
    await stepLongJob(action, 'job-1', { ...edge, remainingMs: () => left.shift() ?? 60_000 });
    expect(sent).toMatchObject([{ kind: 'failed' }]);
    expect(seen).toEqual([{ state: { text: 'bread' }, parameters: {} }]);
  });

  it.each<[string, Hooks['check']]>([
    ['failed', async () => fail('JobFailed', 'burnt')],
    ['succeeded', async () => succeed({ summary: 'baked' })],
    [
      'succeeded with an output that is not declared',
      async () => succeed({ outputs: { bread: '1' }, summary: '' }) as never,
    ],
    ['is for run to finish', async () => runAgain({ text: 'x'.repeat(300_001) }, '')],
  ])('is not cancelled when its check says that it %s', async (_, check) => {
    const { edge, sent, table } = await waitingJob({ state: { text: 'bread' } });
    const { seen, cancel } = counted();
    expect(await stepLongJob(baking({ check, cancel } as Hooks), 'job-1', edge)).toEqual({ next: 'end' });
    expect(sent).toHaveLength(1);
    expect(seen).toEqual([]);
    expect(await table.query({ partition: sweeps.longJobs, index: 'sweep', limit: 1 })).toEqual({ items: [] });
  });

  it('is cancelled with what an older version of the action has stored', async () => {
    const { store, edge, sent } = await waitingJob({ userParameters: '{"parameters":{"loaves":3}}' });
    await store.keepProgress('job-1', {
      state: { oven: 'left' },
      checkCount: 1,
      summary: '',
      percentComplete: undefined,
    });
    const { seen, cancel } = counted();
    await stepLongJob(baking({ cancel }), 'job-1', edge);
    expect(sent).toMatchObject([{ kind: 'failed', type: 'ConfigurationError' }]);
    expect(seen).toEqual([{ state: { oven: 'left' }, parameters: { loaves: 3 } }]);
  });

  it('is left to the workflow when the check of a renewed job throws', async () => {
    const { store, edge, sent } = await waitingJob();
    await store.beginToRenew('job-1');
    const { seen, cancel } = counted();
    const resumed: string[] = [];
    const longJobs = { ...edge.longJobs, resume: async (id: string) => void resumed.push(id) };
    const action = baking({ check: () => Promise.reject(new Error('no door')), cancel });
    const renewed = { firstJobId: 'job-1', jobId: 'job-2' };
    const rest = { artifacts: () => undeclaredArtifacts, requestId: 'request-1' };
    await takeRenewedJob(action, renewed, { ...edge, ...rest, longJobs });
    expect(sent).toMatchObject([{ kind: 'failed' }]);
    expect([resumed, seen]).toEqual([['job-1'], []]);
    await stepLongJob(action, 'job-1', edge);
    expect(seen).toHaveLength(1);
  });
});

it('keeps the state of a long job once, however large, when `run` goes on with it', async () => {
  const { table, store } = await waitingJob({ state: { text: 'x'.repeat(290_000) } });
  const result = { kind: 'runs-again', state: { text: 'y'.repeat(290_000) }, summary: '' } as const;
  await store.keepEnding('job-1', { result, isWorkLeft: false });
  const item = await table.read(keys.longJob('job-1'));
  // What DynamoDB takes ("Item size").
  expect(JSON.stringify(item).length).toBeLessThan(400 * 1024);
  expect(await store.read('job-1')).toMatchObject({ result: { kind: 'runs-again' } });
});
