import { describe, expect, it } from 'vitest';
import { giveUp, giveUpEarlier } from '../../../shared/actions/runner/end-waits.ts';
import { succeed } from '../../../shared/actions/result.ts';
import { breadPlace as place, waitingJob } from '../../support/waiting-job.ts';

/** A wait that was opened at 09:00:00, renewed at 09:15:00, and one of a retry, opened at 09:20:00. */
async function retried() {
  const { store } = await waitingJob({ context: place });
  await store.beginToRenew('job-1');
  await store.adopt('job-1', 'job-2', '2026-01-05T09:15:00.000Z');
  const first = await store.read('job-1');
  if (!first) throw new Error('the wait is gone');
  const adoptedAt = '2026-01-05T09:20:00.000Z';
  await store.open({ ...first, firstJobId: 'job-3', currentJobId: 'job-3', adoptedAt });
  const resumed: string[] = [];
  const waits = { store, resume: async (firstJobId: string) => void resumed.push(firstJobId) };
  return {
    store,
    waits,
    resumed,
    giveUpAt: (at: string, execution: object = {}) => giveUp({ execution: { ...place, ...execution }, at }, waits),
  };
}

describe('an event that an action was given up', () => {
  it.each([
    ['comes before the retry waits', '2026-01-05T09:10:00Z', ['job-1']],
    ['comes again when the action was retried', '2026-01-05T09:19:54Z', ['job-1']],
    ['is of the retry', '2026-01-05T09:30:00Z', ['job-1', 'job-3']],
    [
      'is of the moment in which the wait was opened, by a clock that is a little late',
      '2026-01-05T09:19:55Z',
      ['job-1', 'job-3'],
    ],
  ])('ends the waits that were opened before it, when it %s', async (_, at, expected) => {
    const { resumed, giveUpAt } = await retried();
    expect(await giveUpAt(at)).toBe(expected.length);
    expect(resumed).toEqual(expected);
  });

  it('ends no wait of another execution or action', async () => {
    const { resumed, giveUpAt } = await retried();
    await giveUpAt('2026-01-05T10:00:00Z', { pipelineExecutionId: 'execution-2' });
    await giveUpAt('2026-01-05T10:00:00Z', { action: 'Grill' });
    expect(resumed).toEqual([]);
  });
});

describe('an action that waits again in its pipeline execution', () => {
  const of = (firstJobId: string, openedAt: string) => ({ firstJobId, openedAt, context: place });

  it('ends what waited for it before the retry, though no event told of its end', async () => {
    const { store, waits, resumed } = await retried();
    await giveUpEarlier(of('job-3', '2026-01-05T09:20:00.000Z'), waits);
    expect(resumed).toEqual(['job-1']);
    expect(await store.read('job-1')).toMatchObject({ isCancelled: true });
    expect(await store.read('job-3')).toMatchObject({ isCancelled: false });
  });

  it('leaves a later wait alone, and one that has its result', async () => {
    const { store, waits, resumed } = await retried();
    await giveUpEarlier(of('job-1', '2026-01-05T09:00:00.000Z'), waits);
    await store.keepEnding('job-1', { result: succeed({ summary: 'baked' }), isWorkLeft: false });
    await giveUpEarlier(of('job-3', '2026-01-05T09:20:00.000Z'), waits);
    expect(resumed).toEqual([]);
  });
});
