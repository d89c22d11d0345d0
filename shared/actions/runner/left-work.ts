import { nowAt } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import { end, type EndEdge } from './end-long-job.ts';
import type { Waits } from './end-waits.ts';
import { followedWithinSeconds, type JobWorkflow, type JobWorkflows, type LongJob } from './long-job.ts';
import { fail } from '../result.ts';

/** What ending long jobs from outside their action needs. */
export type LeftWorkEdge = EndEdge & { readonly longJobs: Waits; readonly workflows: JobWorkflows };

type WorkflowEdge = Pick<LeftWorkEdge, 'longJobs' | 'workflows' | 'log'>;

/** So many workflows a long job has at the most: the first, and those that cancel its work; the last of them hours later. */
const mostAttempts = 10;

/** A workflow that still lives has ended a wait of this age by itself, but for the time between two checks. */
const overdueMs = (followedWithinSeconds + 5 * 60) * 1000;

/**
 * The action of a long job was failed because its function had died: its workflow, started now if the function did not come
 * so far, cancels the work. Nothing happens if the action has not waited, or its work is over.
 */
export async function giveUpWork(firstJobId: string, edge: WorkflowEdge): Promise<void> {
  const { store, resume } = edge.longJobs;
  const job = await store.read(firstJobId);
  if (!job || isOver(job)) return;
  await store.markCancelled(firstJobId);
  await startWorkflow(job, { attempt: 1, seconds: 1 }, edge);
  await resume(firstJobId);
  edge.log.info('the work of an action whose function died is given up', { firstJobId });
}

/**
 * A workflow of a long job has failed, timed out or was aborted. Nobody else would end the job, so it fails; and another
 * workflow cancels its work, the later the more of them broke.
 */
export async function settleLongJob(
  { firstJobId, attempt, status }: JobWorkflow & { readonly status: string },
  edge: LeftWorkEdge,
): Promise<void> {
  const why = `the workflow that waited for the action's work ended as ${status}; retry the stage`;
  await end({ firstJobId }, { result: fail('SystemUnavailable', why), isWorkLeft: true }, edge);
  const { store } = edge.longJobs;
  const job = await store.read(firstJobId);
  // Another event of the same end has brought it further.
  if (!job || isOver(job) || job.attempt > attempt + 1) return;
  if (attempt >= mostAttempts) return forsake(job, edge);
  const seconds = Math.min(3_600, 60 * 4 ** (attempt - 1));
  const beginsAt = new Date(edge.clock.nowMs() + seconds * 1000).toISOString();
  // First what a sweep goes by: should this be all that happens, it finds a workflow that does not run.
  await store.keepAttempt(firstJobId, attempt + 1, beginsAt);
  await startWorkflow(job, { attempt: attempt + 1, seconds }, edge);
}

async function startWorkflow(
  { firstJobId, functionArn }: LongJob,
  { attempt, seconds }: { readonly attempt: number; readonly seconds: number },
  { workflows, log }: WorkflowEdge,
): Promise<void> {
  // A record of an earlier version.
  if (functionArn === undefined) return log.error('work names no function; end it by hand', undefined, { firstJobId });
  await workflows.start({ firstJobId, functionArn, attempt, first: { next: 'check', seconds } });
}

async function forsake({ firstJobId, context }: LongJob, { longJobs: { store }, log }: LeftWorkEdge): Promise<void> {
  await store.forgetWork(firstJobId);
  log.error('work could not be cancelled; end it by hand', undefined, { firstJobId, ...context });
}

/**
 * Settles the long jobs whose workflow is no more though their work is not known to be over: it never began, or the event
 * of its end was lost. The reconciler calls it; one that cannot be settled does not keep the others from it.
 * @returns how many there were
 */
export async function settleOverdueJobs(edge: LeftWorkEdge): Promise<number> {
  let settledCount = 0;
  for (const firstJobId of await edge.longJobs.store.findOverdue(overdueSince(edge))) {
    try {
      if (await settleOverdue(firstJobId, edge)) settledCount += 1;
    } catch (thrown) {
      // It is still overdue at the next sweep.
      edge.log.error('a long job could not be settled', thrown, { firstJobId, reason: messageOf(thrown) });
    }
  }
  return settledCount;
}

async function settleOverdue(firstJobId: string, edge: LeftWorkEdge): Promise<boolean> {
  const job = await edge.longJobs.store.read(firstJobId);
  // The index is a little behind the table.
  if (!job || isOver(job) || (await edge.workflows.isRunning(job))) return false;
  await settleLongJob({ firstJobId, attempt: job.attempt, status: 'ENDED' }, edge);
  return true;
}

function overdueSince({ clock }: LeftWorkEdge): string {
  return nowAt({ nowMs: () => clock.nowMs() - overdueMs });
}

function isOver({ result, isWorkLeft }: LongJob): boolean {
  return result !== undefined && !isWorkLeft;
}
