import { nowAt, type Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { JobStore } from './job.ts';
import type { HandOut, HandOuts } from './hand-outs.ts';
import type { WorkOrder } from './work-order.ts';
import { eventOf, type WorkerJob } from './worker-job.ts';

/** CodePipeline's side of a worker, and the functions that it starts; `shared/aws/worker-jobs.ts` implements it. */
export interface WorkerJobs {
  /** Jobs that nobody has acknowledged, with the nonce of this hand-out. */
  poll(order: WorkOrder): Promise<readonly { readonly job: WorkerJob; readonly nonce: string }[]>;
  /** True if the job is this hand-out's to run; asking again answers the same. */
  acknowledge(jobId: string, nonce: string): Promise<boolean>;
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

/** A hand-out is looked at again after this time: its worker has died. */
const lookedAtAfterMs = 2 * 60_000;

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
  for (const left of await edge.handOuts.due(nowAt(edge.clock), unreadable)) {
    startedCount += await attempt(left, undefined, edge);
  }
  for (let count = 0; count < mostPolls; count += 1) {
    const polled = await edge.worker.poll(order);
    for (const { job, nonce } of polled) {
      const handOut = { jobId: job.id, nonce, order };
      // First of all: from the acknowledgement on nobody else is given the job.
      await edge.handOuts.keep(handOut, new Date(edge.clock.nowMs() + lookedAtAfterMs).toISOString());
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
  const { jobId, nonce, order } = handOut;
  const isOurs = await edge.worker.acknowledge(jobId, nonce);
  const isBegun = isOurs && (await edge.jobs.inspect(jobId, nowAt(edge.clock))) !== undefined;
  const job = isOurs && !isBegun ? (given ?? (await edge.worker.details(jobId))) : undefined;
  if (job) await edge.worker.start(order.functionArn, eventOf(job, order));
  await edge.handOuts.remove(handOut);
  return job !== undefined;
}
