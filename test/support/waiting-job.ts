import * as z from 'zod';
import { declareAction, implementAction, type Action } from '../../shared/actions/action.ts';
import { startJob, stillRunning } from '../../shared/actions/result.ts';
import type { ActionProgress, Answer } from '../../shared/actions/runner/job.ts';
import type { JobContext } from '../../shared/actions/runner/job-event.ts';
import type { LongJobEdge } from '../../shared/actions/runner/guard.ts';
import type { NewLongJob } from '../../shared/actions/runner/long-job.ts';
import { createLongJobStore } from '../../shared/actions/runner/long-job-store.ts';
import { memoryJobs } from '../../shared/actions/testing/memory-jobs.ts';
import { silentLog } from '../../shared/log.ts';
import { memoryStore } from './memory-store.ts';

/** Waits for an event, and has a text for its state. */
export const bread = declareAction({
  ...{ id: 'bake-bread', description: 'Bakes.', outputs: [], mayWait: true },
  parameters: z.strictObject({}),
  state: z.strictObject({ text: z.string() }),
});

/** How its work is looked at and cancelled. */
export type BakingHooks = NonNullable<Parameters<typeof implementAction<typeof bread>>[2]>;
/** An action whose work goes on elsewhere until a hook says otherwise. */
export const baking = (hooks: BakingHooks): Action =>
  implementAction(bread, async () => startJob({ text: '' }, { until: { event: 'e' }, summary: '' }), {
    check: async () => stillRunning({ summary: '' }),
    ...hooks,
  }) as Action;

/** Where the action of a job that waits stands. */
export const breadPlace: JobContext = {
  ...{ pipelineExecutionId: 'execution-1', pipeline: 'bread' },
  ...{ stage: 'Bake', action: 'Oven' },
};

/** One long job that waits, by the name of `job-1`, and all that is sent and told of it. */
export async function waitingJob(more: Partial<NewLongJob> = {}) {
  const time = { nowMs: Date.UTC(2026, 0, 5, 9) };
  const clock = { nowMs: () => time.nowMs };
  const table = memoryStore();
  const store = createLongJobStore(table, clock);
  await store.open({
    ...{ firstJobId: 'job-1', currentJobId: 'job-1', adoptedAt: '2026-01-05T09:00:00.000Z', step: 0 },
    ...{ userParameters: '{"parameters":{}}', context: undefined, state: { text: '' }, until: { event: 'e' } },
    ...{ summary: 'baking', percentComplete: undefined, functionArn: 'arn:function', isRenewed: true },
    ...more,
  });
  const sent: Answer[] = [];
  const told: ActionProgress[] = [];
  const edge: LongJobEdge = {
    jobs: memoryJobs().store,
    answers: { send: async (_jobId, answer) => (sent.push(answer), 'taken') },
    ...{ gateways: {}, clock, log: silentLog, remainingMs: () => 2_000 },
    tellProgress: async (news) => void told.push(news),
    longJobs: {
      ...{ store, workflow: { start: async () => {} }, functionArn: 'arn:function' },
      ...{ reopen: async () => {}, resume: async () => {} },
    },
  };
  return { time, table, store, edge, sent, told };
}
