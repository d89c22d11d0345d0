import type { JobContext } from './job-event.ts';
import type { LongJobs } from './long-job.ts';

/** Ends and resumes waits from outside the action. */
export type Waits = Pick<LongJobs, 'store' | 'resume'>;

/** An event with this key has come: the long job that waits for it, now or soon, looks at its work. */
export async function heardEvent(key: string, { store, resume }: Waits): Promise<void> {
  const firstJobId = await store.keepEvent(key);
  if (firstJobId !== undefined) await resume(firstJobId);
}

/**
 * The pipeline has given actions up, one or all of an execution: their workflows, resumed, cancel the work.
 * @returns how many there were
 */
export async function giveUp(
  execution: Pick<JobContext, 'pipelineExecutionId'> & Partial<JobContext>,
  { store, resume }: Waits,
): Promise<number> {
  const firstJobIds = await store.findByExecution(execution);
  for (const firstJobId of firstJobIds) {
    await store.markCancelled(firstJobId);
    await resume(firstJobId);
  }
  return firstJobIds.length;
}

/** Reads whether a pipeline execution is over. */
export type IsOver = (pipelineExecutionId: string) => Promise<boolean>;

/**
 * The truth behind a wait: the event that the pipeline execution ended may be lost, so its action is given up here. One that
 * has its result waits for a next try to cancel its work, which comes in its time.
 */
export async function reconcileLongJob(firstJobId: string, isOver: IsOver, { store, resume }: Waits): Promise<void> {
  const job = await store.read(firstJobId);
  if (!job?.context || job.isCancelled || job.result || !(await isOver(job.context.pipelineExecutionId))) return;
  await store.markCancelled(firstJobId);
  await resume(firstJobId);
}
