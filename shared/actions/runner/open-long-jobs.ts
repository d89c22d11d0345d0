import type { Clock } from '../../clock.ts';
import type { Store } from '../../state/store.ts';
import { reopenWait, resolveWait, waitKeys, type TaskTokens } from '../../state/waits.ts';
import type { JobWorkflows, LongJobs } from './long-job.ts';
import { createLongJobStore } from './long-job-store.ts';

/** The waits of long jobs, for a function that resumes them. */
export function openWaitsOfJobs(store: Store, clock: Clock, tasks: TaskTokens): Pick<LongJobs, 'store' | 'resume'> {
  const waits = { store, tasks, clock };
  return {
    store: createLongJobStore(store, clock),
    resume: async (firstJobId) => void (await resolveWait(waits, waitKeys.longJob(firstJobId), { isResumed: true })),
  };
}

/** Long jobs in the one table and the one workflow; their workflows call `functionArn` back. */
export function openLongJobs(
  store: Store,
  clock: Clock,
  { workflows, functionArn }: { readonly workflows: JobWorkflows & TaskTokens; readonly functionArn: string },
): LongJobs {
  return {
    ...openWaitsOfJobs(store, clock, workflows),
    workflow: { start: (firstJobId, first) => workflows.start({ firstJobId, attempt: 1, functionArn, first }) },
    functionArn,
    reopen: (firstJobId) => reopenWait({ store, clock }, waitKeys.longJob(firstJobId)),
  };
}
