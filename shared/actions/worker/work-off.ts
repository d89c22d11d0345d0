import { nowAt, type Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { JobStore } from '../runner/job.ts';
import type { HandOut, HandOuts } from './hand-outs.ts';
import type { WorkOrder } from './work-order.ts';
import { eventOf, type WorkerJob } from './worker-job.ts';

/** CodePipeline's side of a worker, and the functions that it starts; `shared/aws/worker-jobs.ts` implements it. */
export interface WorkerJobs {
  /** Jobs that nobody has acknowledged, with the nonce of this hand-out. */
  poll(order: WorkOrder): Promise<readonly { readonly job: WorkerJob; readonly nonce: string }[]>;
  /**
   * Asks for the job, as whom the hand-out's nonce names.
   * @returns `void` if the nonce is not the job's: it was given to another worker, or acknowledged before, of which
   *   CodePipeline does not say whether asking again answers the same; `over` if nobody can run it any more
   */
  acknowledge(jobId: string, nonce: string): Promise<'ours' | 'void' | 'over'>;
  /** The job again, with new credentials; undefined if it has ended. */
  details(jobId: string): Promise<WorkerJob | undefined>;
  /** Starts a function with an event, asynchronously: Lambda keeps it, tries again, and tells the function's destination. */
  start(functionArn: string, event: object): Promise<void>;
}

/** What a worker needs. */
export interface WorkEdge {
  readonly worker: WorkerJobs;
  readonly jobs: Pick<JobStore, 'inspect'>;
  readonly handOuts: HandOuts;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * By then CodePipeline has given a job that nobody has acknowledged to another worker: it does so at the next poll after about a
 * minute, and there is one every five minutes.
 */
const givenAgainWithinMs = 12 * 60_000;

/** So many times a worker asks for more; the rest is for the next one. */
const mostPolls = 20;

/**
 * Starts the action's function for every job of a type that waits, and for those that a worker left behind when it died. A
 * job is acknowledged with its nonce before it is started, so of two workers one starts it; should it be started twice all
 * the same, its function claims it once.
 * @returns how many were started
 */
export async function workOff(order: WorkOrder, edge: WorkEdge): Promise<number> {
  let startedCount = 0;
  const unreadable = (thrown: unknown): void =>
    edge.log.error('a hand-out of another version cannot be read; it is forgotten in a day', thrown);
  for (const left of await edge.handOuts.due(unreadable)) {
    if (await edge.handOuts.take(left)) startedCount += await attempt(left, undefined, edge);
  }
  for (let count = 0; count < mostPolls; count += 1) {
    const polled = await edge.worker.poll(order);
    for (const { job, nonce } of polled) {
      // First of all: from the acknowledgement on nobody else is given the job.
      const handOut = await edge.handOuts.keep({ jobId: job.id, nonce, order });
      startedCount += await attempt(handOut, job, edge);
    }
    if (polled.length === 0) break;
  }
  return startedCount;
}

/** One that fails keeps nobody else from theirs, and is looked at again. */
async function attempt(handOut: HandOut, job: WorkerJob | undefined, edge: WorkEdge): Promise<number> {
  try {
    return (await startJob(handOut, job, edge)) ? 1 : 0;
  } catch (thrown) {
    edge.log.error('a job of a custom action could not be started', thrown, {
      jobId: handOut.jobId,
      reason: messageOf(thrown),
    });
    return 0;
  }
}

async function startJob(handOut: HandOut, given: WorkerJob | undefined, edge: WorkEdge): Promise<boolean> {
  const { jobId, order } = handOut;
  const owner = await ownerOf(handOut, edge);
  if (owner === 'unclear') {
    edge.log.warn('a job of a custom action may be of this hand-out or of another; it is looked at again', { jobId });
    return false;
  }
  const isBegun = owner === 'us' && (await edge.jobs.inspect(jobId, nowAt(edge.clock))) !== undefined;
  const job = owner === 'us' && !isBegun ? (given ?? (await edge.worker.details(jobId))) : undefined;
  if (job) await edge.worker.start(order.functionArn, eventOf(job, order));
  await edge.handOuts.remove(handOut);
  return job !== undefined;
}

/**
 * Whose a job is. A void nonce tells nothing if the answer to our own acknowledgement was lost: then the job is ours, and is never
 * given again. Started before it is acknowledged it would be lost, since CodePipeline refuses its result, so time tells the two apart.
 */
async function ownerOf(handOut: HandOut, { worker, handOuts, clock }: WorkEdge): Promise<'us' | 'others' | 'unclear'> {
  if (handOut.isAcknowledged) return 'us';
  switch (await worker.acknowledge(handOut.jobId, handOut.nonce)) {
    case 'ours':
      await handOuts.keepAcknowledgement(handOut);
      return 'us';
    case 'over':
      return 'others';
    case 'void':
      if (await handOuts.isGivenAgain(handOut)) return 'others';
      return clock.nowMs() - Date.parse(handOut.keptAt) < givenAgainWithinMs ? 'unclear' : 'us';
  }
}
