import { nowAt } from '../clock.ts';
import { messageOf, ServiceUnavailable } from '../errors.ts';
import type { Action } from './action.ts';
import { answerJob, type AnswerEdge } from './answer-job.ts';
import { checkWork } from './check-work.ts';
import { surroundings, tell, withDeadline, type ActionEdge, type LongJobEdge } from './guard.ts';
import { writeToken, type Answer } from './job.ts';
import { parseUserParameters } from './job-event.ts';
import {
  nextCheckSeconds,
  renewalSeconds,
  writeRenewalToken,
  type LongJob,
  type LongJobResult,
  type LongJobs,
  type NewLongJob,
  type NextStep,
} from './long-job.ts';
import { fail, type Failure, type StillRunning } from './result.ts';

/** A job is renewed by a check when the next one may come too late for it. */
const renewalMarginSeconds = 60;

/**
 * A job this old that no other has followed is over: CodePipeline gives it up after 20 minutes, and the next one after a
 * renewal comes at once, or within the 10 minutes in which Lambda tries to deliver it.
 */
const followedWithinSeconds = 30 * 60;

/**
 * Begins to wait, or goes on with what an interrupted delivery has begun: keeps the wait, starts its workflow, and leaves
 * the job open.
 */
export async function beginLongJob(wait: NewLongJob, edge: ActionEdge): Promise<'answered' | 'waits'> {
  const { firstJobId, currentJobId, step, until } = wait;
  const { longJobs } = edge;
  if (!longJobs) throw new TypeError('a wait that is pushed needs a workflow');
  const { job, hasHappened } = await longJobs.store.open(wait);
  if (job.step !== step) return answered(currentJobId, waitsTwice, edge);
  const seconds = hasHappened ? 1 : nextCheckSeconds(until, 0);
  const first: NextStep = 'event' in until && !hasHappened ? { next: 'event', seconds } : { next: 'check', seconds };
  await longJobs.workflow.start(firstJobId, first);
  await edge.jobs.leaveOpen(currentJobId);
  edge.log.info('job waits for work elsewhere', { jobId: currentJobId });
  return 'waits';
}

async function answered(jobId: string, failure: Failure, edge: ActionEdge): Promise<'answered'> {
  await answerJob(jobId, failure, edge);
  return 'answered';
}

const waitsTwice = fail(
  'ConfigurationError',
  'the action answers startJob a second time; it may wait once, and continueLater serves for the rest',
);

/** The job of a renewal has come: it waits from now on, or is answered at once if the work has ended meanwhile. */
export async function takeRenewedJob(
  action: Action,
  { firstJobId, jobId }: { readonly firstJobId: string; readonly jobId: string },
  edge: ActionEdge,
): Promise<'answered' | 'waits'> {
  const { longJobs } = edge;
  if (!longJobs) throw new TypeError('a renewed job needs the record of its wait');
  const adopted = await longJobs.store.adopt(firstJobId, jobId, nowAt(edge.clock));
  if (adopted?.currentJobId !== jobId) {
    return answered(jobId, fail('SystemUnavailable', 'the record of the wait is gone or ended; retry the stage'), edge);
  }
  // The renewal's invocation is there anyway, so it makes good an event that was lost.
  const news = adopted.result ?? (await look(action, adopted, { ...edge, longJobs }));
  if (news.kind === 'runs') {
    // Not before it is known that the workflow goes on: a delivery that follows a death would find the job open and leave.
    await edge.jobs.leaveOpen(jobId);
    return 'waits';
  }
  await end(adopted, news, { ...edge, longJobs });
  await longJobs.resume(firstJobId);
  return 'answered';
}

/** A check that fails for now says that the work goes on: the wait is not over, and the workflow checks again. */
async function look(action: Action, job: LongJob, edge: LongJobEdge): Promise<LongJobResult | StillRunning> {
  try {
    return await check(action, job, edge);
  } catch (thrown) {
    edge.log.warn('the work of a renewed job could not be checked', { reason: messageOf(thrown) });
    return { kind: 'runs', state: undefined, summary: job.summary, percentComplete: undefined };
  }
}

/**
 * One step of a wait, called by its workflow: cancels the work if the pipeline has given the action up, else checks it,
 * and says what the workflow does next.
 * @throws ServiceUnavailable if the check should be made again
 */
export async function stepLongJob(action: Action, firstJobId: string, edge: LongJobEdge): Promise<NextStep> {
  const { store, reopen } = edge.longJobs;
  // Before anything is read: an event that comes from here on resumes the next wait.
  await reopen(firstJobId);
  const job = await store.read(firstJobId);
  if (!job) return { next: 'end' };
  if (job.result) return ended(job, job.result, edge);
  // The second is what is left if no event tells that the pipeline has given the action up.
  if (job.isCancelled || ageSeconds(job, edge) >= followedWithinSeconds) {
    await cancelWork(action, job, edge);
    return ended(job, fail('JobFailed', 'the pipeline gave the action up'), edge);
  }
  const news = await check(action, job, edge);
  if (news.kind !== 'runs') return ended(job, news, edge);
  return goOnWaiting(action, job, news, edge);
}

async function ended(job: LongJob, result: LongJobResult, edge: LongJobEdge): Promise<NextStep> {
  await end(job, result, edge);
  return { next: 'end' };
}

async function goOnWaiting(action: Action, job: LongJob, news: StillRunning, edge: LongJobEdge): Promise<NextStep> {
  const { summary, percentComplete } = news;
  const checkCount = job.checkCount + 1;
  const state = news.state ?? job.state;
  await edge.longJobs.store.keepProgress(job.firstJobId, { state, checkCount, summary, percentComplete });
  if (job.context && summary !== job.summary) {
    const id = `${job.firstJobId}/check/${checkCount}`;
    const at = nowAt(edge.clock);
    await tell(edge, { id, context: job.context, actionId: action.declaration.id, at, summary, percentComplete });
  }
  const isRenewed = job.phase === 'renewing';
  const nextSeconds = nextCheckSeconds(job.until, checkCount);
  const comesTooLate = ageSeconds(job, edge) + nextSeconds + renewalMarginSeconds > renewalSeconds;
  // A renewal that was begun may have died before its answer; sent twice it does no harm.
  if (isRenewed || ('checks' in job.until && comesTooLate)) await renew({ ...job, summary, percentComplete }, edge);
  if ('checks' in job.until) return { next: 'check', seconds: Math.min(nextSeconds, renewalSeconds) };
  const leftSeconds = (isRenewed ? followedWithinSeconds : renewalSeconds) - ageSeconds(job, edge);
  return { next: 'event', seconds: Math.max(1, Math.ceil(leftSeconds)) };
}

function ageSeconds({ adoptedAt }: LongJob, { clock }: Pick<LongJobEdge, 'clock'>): number {
  return (clock.nowMs() - Date.parse(adoptedAt)) / 1000;
}

/** Answers the current job with a token; CodePipeline then gives the action a new one. */
async function renew(job: LongJob, edge: LongJobEdge): Promise<void> {
  if (job.phase !== 'renewing' && !(await edge.longJobs.store.beginToRenew(job.firstJobId))) return;
  await sendRenewal(job, edge);
}

async function sendRenewal(job: LongJob, edge: AnswerEdge): Promise<void> {
  const { firstJobId, currentJobId, summary, percentComplete } = job;
  await answerJob(
    currentJobId,
    { kind: 'continues', token: writeRenewalToken(firstJobId), summary, percentComplete },
    edge,
  );
}

/** Keeps the result and gives it to the job that waits; during a renewal the next job is given it when it comes. */
export async function end(
  job: Pick<LongJob, 'firstJobId'>,
  result: LongJobResult,
  edge: AnswerEdge & { readonly longJobs: Pick<LongJobs, 'store'> },
): Promise<void> {
  const { store } = edge.longJobs;
  await store.keepResult(job.firstJobId, result);
  await store.finish(job.firstJobId);
  const now = await store.read(job.firstJobId);
  if (!now?.result) return;
  // Whoever began the renewal may have died before the token was sent.
  if (now.phase === 'renewing') return sendRenewal(now, edge);
  if (now.phase === 'finished') await answerJob(now.currentJobId, await answerOf(now, now.result, edge), edge);
}

async function answerOf(
  { firstJobId, step }: LongJob,
  result: LongJobResult,
  { jobs, clock }: Pick<LongJobEdge, 'jobs' | 'clock'>,
): Promise<Answer> {
  if (result.kind !== 'runs-again') return result;
  const token = { firstJobId, step: step + 1 };
  const { state, summary } = result;
  await jobs.keepState(token, {
    state,
    summary,
    notBefore: nowAt(clock),
    percentComplete: undefined,
    check: undefined,
  });
  return { kind: 'continues', token: writeToken(token), summary, percentComplete: undefined };
}

async function check(action: Action, job: LongJob, edge: LongJobEdge): Promise<LongJobResult | StillRunning> {
  const read = parseUserParameters(job.userParameters, action.declaration.parameters);
  if ('kind' in read) return read;
  const { context, state, currentJobId: jobId } = job;
  return checkWork(action, { jobId, parameters: read.parameters, context, state }, edge);
}

/** @throws what `cancel` throws: the workflow calls again, within its bounds */
async function cancelWork(action: Action, job: LongJob, edge: LongJobEdge): Promise<void> {
  const { declaration, cancel } = action;
  const read = parseUserParameters(job.userParameters, declaration.parameters);
  if (!cancel || 'kind' in read) return;
  const outOfTime = await withDeadline(edge, declaration, (signal) =>
    cancel({
      ...surroundings(declaration, edge, { jobId: job.currentJobId, signal, context: job.context }),
      parameters: read.parameters,
      // What `startJob` or a check has answered, through the declaration's types.
      state: job.state as never,
    }),
  );
  if (outOfTime) throw new ServiceUnavailable(`the cancellation of ${declaration.id} did not end in time`);
  edge.log.info('the work of an action that was given up is cancelled', { firstJobId: job.firstJobId });
}
