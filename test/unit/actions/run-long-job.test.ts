import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareAction, implementAction, type Action } from '../../../shared/actions/action.ts';
import type { LongJobEdge } from '../../../shared/actions/guard.ts';
import { createLongJobStore } from '../../../shared/actions/long-job-store.ts';
import { memoryJobs } from '../../../shared/actions/memory-jobs.ts';
import { startJob } from '../../../shared/actions/result.ts';
import { stepLongJob } from '../../../shared/actions/run-long-job.ts';
import { silentLog } from '../../../shared/log.ts';
import { keys } from '../../../shared/state/table.ts';
import { memoryStore } from '../../support/memory-store.ts';

const declaration = declareAction({
  ...{ id: 'bake-bread', description: 'Bakes.', outputs: [], mayWait: true },
  parameters: z.strictObject({}),
  state: z.strictObject({ text: z.string() }),
});
const baking = (cancel: () => Promise<void>): Action =>
  implementAction(declaration, async () => startJob({ text: '' }, { until: { event: 'e' }, summary: '' }), {
    cancel,
  }) as Action;

/** One long job that waits. */
async function waitingJob(text = '') {
  const clock = { nowMs: () => Date.UTC(2026, 0, 5, 9) };
  const table = memoryStore();
  const store = createLongJobStore(table, clock);
  await store.open({
    ...{ firstJobId: 'job-1', currentJobId: 'job-1', adoptedAt: '2026-01-05T09:00:00.000Z', step: 0 },
    ...{ userParameters: '{"parameters":{}}', context: undefined, state: { text }, until: { event: 'e' } },
    ...{ summary: 'baking', percentComplete: undefined },
  });
  const sent: object[] = [];
  const edge: LongJobEdge = {
    jobs: memoryJobs().store,
    answers: { send: async (_jobId, answer) => (sent.push(answer), 'taken') },
    ...{ gateways: {}, tellProgress: async () => undefined, clock, log: silentLog, remainingMs: () => 2_000 },
    longJobs: { store, workflow: { start: async () => {} }, reopen: async () => {}, resume: async () => {} },
  };
  return { table, store, edge, sent };
}

describe('a long job that was given up', () => {
  it('has its work cancelled again when that did not end in time', async () => {
    const { store, edge, sent } = await waitingJob();
    await store.markCancelled('job-1');
    const hanging = baking(() => new Promise(() => {}));
    await expect(stepLongJob(hanging, 'job-1', edge)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(sent).toEqual([]);
    expect(
      await stepLongJob(
        baking(async () => {}),
        'job-1',
        edge,
      ),
    ).toEqual({ next: 'end' });
    expect(sent).toMatchObject([{ kind: 'failed' }]);
  });
});

it('keeps the state of a long job once, however large, when `run` goes on with it', async () => {
  const { table, store } = await waitingJob('x'.repeat(290_000));
  await store.keepResult('job-1', { kind: 'runs-again', state: { text: 'y'.repeat(290_000) }, summary: '' });
  const item = await table.read(keys.longJob('job-1'));
  // What DynamoDB takes ("Item size").
  expect(JSON.stringify(item).length).toBeLessThan(400 * 1024);
  expect(await store.read('job-1')).toMatchObject({ result: { kind: 'runs-again' } });
});
