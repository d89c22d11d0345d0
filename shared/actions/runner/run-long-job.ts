import { nowAt } from '../../clock.ts';
import type { Action } from '../action.ts';
import { answerJob } from './answer-job.ts';
import { cancelWork } from './cancel-work.ts';
import { checkWork } from './check-work.ts';
import { end, sendRenewal } from './end-long-job.ts';
import { giveUpEarlier } from './end-waits.ts';
import { tell, type ActionEdge, type LongJobEdge } from './guard.ts';
import { parseUserParameters } from './job-event.ts';
import {
  followedWithinSeconds,
  longestSeconds,
  nextTrySeconds,
  tooLongUnreached,
  type Ending,
  type LongJob,
  type NewLongJob,
  type NextStep,
} from './long-job.ts';
import { fail, type StillRunning, type Unreached } from '../result.ts';
import { traceOf } from '../traceable.ts';
import { planWait, type Plan } from './wait-schedule.ts';

/**
 * Begins to wait, or goes on with what an interrupted delivery has begun: keeps the wait, starts its workflow, and leaves
 * the job open.
 * @returns false if the action has waited before: it may wait once
 */
export async function beginLongJob(wait: NewLongJob, edge: ActionEdge): Promise<boolean> {
  const { firstJobId, currentJobId, step } = wait;
  const { longJobs } = edge;
  if (!longJobs) throw new TypeError('a wait that is pushed needs a workflow');
  const { job, hasHappened } = await longJobs.store.open(wait);
  if (job.step !== step) return false;
  await longJobs.workflow.start(firstJobId, hasHappened ? { next: 'check', seconds: 1 } : planOf(job, edge).next);
  await giveUpEarlier(job, longJobs);
  await edge.jobs.leaveOpen(currentJobId);
  edge.log.info('job waits for work elsewhere', { jobId: currentJobId });
  return true;
}

/** The job of a renewal has come: it waits from now on, or is answered at once if the work has ended meanwhile. */
export async function takeRenewedJob(
  action: Action,
  { firstJobId, jobId }: { readonly firstJobId: string; readonly jobId: string },
  edge: ActionEdge,
): Promise<'answered' | 'waits'> {
  const { longJobs } = edge;
  if (!longJobs) throw new TypeError('a renewed job needs the record of its wait');
  await finishFollowed({ firstJobId, jobId }, { ...edge, longJobs });
  const adopted = await longJobs.store.adopt(firstJobId, jobId, nowAt(edge.clock));
  if (adopted?.currentJobId !== jobId) {
    await answerJob(jobId, fail('SystemUnavailable', 'the record of the wait is gone or ended; retry the stage'), edge);
    return 'answered';
  }
  // The renewal's invocation is there anyway, so it is a check, or makes good an event that was lost.
  const isLookedAt = planOf(adopted, edge).isLookedAtByRenewal;
  const news = endingIn(adopted) ?? (isLookedAt ? await check(action, adopted, { ...edge, longJobs }) : undefined);
  if (!news || 'kind' in news) {
    if (news) await keepNews(action, adopted, news, { ...edge, longJobs });
    // Not before it is known that the workflow goes on: a delivery that follows a death would find the job open and leave.
    await edge.jobs.leaveOpen(jobId);
    return 'waits';
  }
  await end(adopted, news, { ...edge, longJobs });
  // Which ends the workflow, and has it cancel what is left.
  await longJobs.resume(firstJobId);
  return 'answered';
}

/** The workflow answers a job that it renews without a note: that the next one has come says so. */
async function finishFollowed(
  { firstJobId, jobId }: { readonly firstJobId: string; readonly jobId: string },
  { longJobs, jobs }: LongJobEdge,
): Promise<void> {
  const followed = await longJobs.store.read(firstJobId);
  if (followed?.phase === 'renewing' && followed.currentJobId !== jobId) await jobs.markAnswered(followed.currentJobId);
}

/**
 * One step of a wait, called by its workflow: checks the work, gives the job its result, cancels the work if nobody has seen
 * its end, and says what the workflow does next.
 * @throws what `cancel` throws
 */
export async function stepLongJob(action: Action, firstJobId: string, edge: LongJobEdge): Promise<NextStep> {
  const { store, reopen } = edge.longJobs;
  // Before anything is read: an event that comes from here on resumes the next wait.
  await reopen(firstJobId);
  const job = await store.read(firstJobId);
  if (!job) return { next: 'end' };
  const known = endingIn(job) ?? givenUp(job, edge);
  const news = known ?? (await check(action, job, edge));
  if ('kind' in news) return goOnWaiting(action, job, news, edge);
  const { isWorkLeft } = await end(job, news, edge);
  // Behind the answer, which does not wait for it. Should it fail, the workflow calls again.
  if (isWorkLeft && news.isWorkLeft) await cancelWork(action, job, edge);
  else if (isWorkLeft) await store.forgetWork(firstJobId);
  return { next: 'end' };
}

function endingIn({ result, isWorkLeft }: LongJob): Ending | undefined {
  return result && { result, isWorkLeft };
}

function givenUp(job: LongJob, edge: LongJobEdge): Ending | undefined {
  // The second is what is left if no event tells that the pipeline has given the action up.
  const isGivenUp =
    job.isCancelled || ageSeconds(job, edge) >= (job.isRenewed ? followedWithinSeconds : longestSeconds);
  return isGivenUp ? { result: fail('JobFailed', 'the pipeline gave the action up'), isWorkLeft: true } : undefined;
}

/**
 * Tells people what a look at the work has seen, if it is new, and keeps it. One that has reached nobody has seen nothing.
 * @returns the record as this look leaves it
 */
async function keepNews(
  action: Action,
  job: LongJob,
  news: StillRunning | Unreached,
  edge: LongJobEdge,
): Promise<LongJob> {
  if (news.kind === 'unreached') {
    const unreachedSince = job.unreachedSince ?? nowAt(edge.clock);
    await edge.longJobs.store.keepUnreached(job.firstJobId, unreachedSince);
    return { ...job, unreachedSince };
  }
  const { summary, percentComplete } = news;
  const checkCount = job.checkCount + 1;
  const state = news.state ?? job.state;
  const seen = { state, checkCount, summary, percentComplete, ...traceOf(news) };
  // First, since what is kept is not told again.
  if (job.context && summary !== job.summary) {
    const id = newsOfCheck(job);
    const at = nowAt(edge.clock);
    await tell(edge, { id, context: job.context, actionId: action.declaration.id, at, summary, percentComplete });
  }
  await edge.longJobs.store.keepProgress(job.firstJobId, seen);
  return { ...job, ...seen, unreachedSince: undefined };
}

/** What a check's news are named after: a check that is made again has the same, and shows it once. */
function newsOfCheck({ firstJobId, checkCount }: LongJob): string {
  return `${firstJobId}/check/${checkCount + 1}`;
}

async function goOnWaiting(
  action: Action,
  before: LongJob,
  news: StillRunning | Unreached,
  edge: LongJobEdge,
): Promise<NextStep> {
  const job = await keepNews(action, before, news, edge);
  const { next, isToRenew } = planOf(job, edge);
  // Sent twice a renewal does no harm.
  if (isToRenew) await renew(job, edge);
  return next;
}

function planOf(job: LongJob, edge: Pick<LongJobEdge, 'clock'>): Plan {
  return planWait({ ...job, ageSeconds: ageSeconds(job, edge), secondsUnreached: secondsUnreached(job, edge) });
}

function secondsUnreached({ unreachedSince }: LongJob, edge: Pick<LongJobEdge, 'clock'>): number | undefined {
  return unreachedSince === undefined ? undefined : secondsSince(unreachedSince, edge);
}

function ageSeconds({ adoptedAt }: LongJob, edge: Pick<LongJobEdge, 'clock'>): number {
  return secondsSince(adoptedAt, edge);
}

function secondsSince(at: string, { clock }: Pick<LongJobEdge, 'clock'>): number {
  return (clock.nowMs() - Date.parse(at)) / 1000;
}

/** Answers the current job with a token; CodePipeline then gives the action a new one. */
async function renew(job: LongJob, edge: LongJobEdge): Promise<void> {
  if (job.phase !== 'renewing' && !(await edge.longJobs.store.beginToRenew(job.firstJobId))) return;
  await sendRenewal(job, edge);
}

/** How the work stands. Whatever kept the check from seeing it, the job fails and the work may go on. */
async function check(action: Action, job: LongJob, edge: LongJobEdge): Promise<Ending | StillRunning | Unreached> {
  const read = parseUserParameters(job.userParameters, action.declaration.parameters);
  if ('kind' in read) return { result: read, isWorkLeft: true };
  const { context, state, currentJobId: jobId } = job;
  const work = { jobId, newsOf: newsOfCheck(job), parameters: read.parameters, context, state };
  const checked = await checkWork(action, work, edge);
  if (checked.kind === 'runs') return checked;
  if (checked.kind === 'unreached') {
    const isTooLong = nextTrySeconds(secondsUnreached(job, edge) ?? 0) === undefined;
    return isTooLong ? { result: tooLongUnreached(checked.failure), isWorkLeft: true } : checked;
  }
  return checked.kind === 'unseen'
    ? { result: checked.failure, isWorkLeft: true }
    : { result: checked, isWorkLeft: false };
}
