import type { JobContext } from './job-event.ts';
import type { LongJob, LongJobs } from './long-job.ts';

/** Ends and resumes waits from outside the action. */
export type Waits = Pick<LongJobs, 'store' | 'resume'>;

/** An event with this key has come: the long job that waits for it, now or soon, looks at its work. */
export async function heardEvent(key: string, { store, resume }: Waits): Promise<void> {
  const firstJobId = await store.keepEvent(key);
  if (firstJobId !== undefined) await resume(firstJobId);
}

/** Actions that their pipeline has given up: one, or all of an execution. */
export interface GivenUp {
  readonly execution: Pick<JobContext, 'pipelineExecutionId'> & Partial<JobContext>;
  /** When, by CodePipeline's clock, ISO 8601. */
  readonly at: string;
}

/**
 * The event's time is CodePipeline's, in whole seconds, that of a wait is ours. A wait is taken for one of a retry if it was
 * opened so much later than the event, which errs twice: a retry that waits within 5 seconds of its stop can be given up by
 * an event that comes again; and an action that began to wait more than 5 seconds behind its stop, or by a clock that is so
 * wrong, is left to the reconciler, or to the end of its job.
 */
const skewMs = 5_000;

/**
 * The pipeline has given actions up: their workflows, resumed, cancel the work. Events come late and more than once, so what
 * was retried since is left alone.
 * @returns how many there were
 */
export async function giveUp({ execution, at }: GivenUp, { store, resume }: Waits): Promise<number> {
  const lastOpenedAt = new Date(Date.parse(at) + skewMs).toISOString();
  let givenUpCount = 0;
  for (const firstJobId of await store.findByExecution(execution)) {
    const job = await store.read(firstJobId);
    if (!job || job.openedAt > lastOpenedAt) continue;
    await store.markCancelled(firstJobId);
    await resume(firstJobId);
    givenUpCount += 1;
  }
  return givenUpCount;
}

/**
 * An action that waits again in its pipeline execution was retried, so whatever waited for it before is given up, of which no
 * event may have told.
 */
export async function giveUpEarlier(
  { firstJobId, context, openedAt }: Pick<LongJob, 'firstJobId' | 'context' | 'openedAt'>,
  { store, resume }: Waits,
): Promise<void> {
  if (!context) return;
  for (const otherId of await store.findByExecution(context)) {
    const other = otherId === firstJobId ? undefined : await store.read(otherId);
    if (!other || other.result || other.openedAt >= openedAt) continue;
    await store.markCancelled(otherId);
    await resume(otherId);
  }
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
