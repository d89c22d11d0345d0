import { nowAt } from '../../clock.ts';
import { ServiceUnavailable, SlipwayError } from '../../errors.ts';
import type { Action } from '../action.ts';
import { answerJob, type Outcome } from './answer-job.ts';
import { failureOf, runGuarded, tell, type ActionEdge, type Invocation, type LeftWork } from './guard.ts';
import { writeToken, type Answer, type ContinuationToken, type PolledCheck } from './job.ts';
import type { Job } from './job-event.ts';
import { firstJobOf, nextCheckSeconds, nextTrySeconds, readRenewalToken, tooLongUnreached } from './long-job.ts';
import { currentStep, readJob, type PolledContinuation, type Ready } from './read-job.ts';
import {
  answerLimits,
  cut,
  fail,
  type ActionResult,
  type CheckResult,
  type Continuation,
  type Failure,
  type LongJobStart,
  type Unreached,
} from '../result.ts';
import { traced, traceOf, type Traceable } from '../traceable.ts';

/** A delivery met another one that still runs; Lambda tries again. */
export class JobIsRunning extends ServiceUnavailable {}

/** A claim outlives its invocation by this much, so that two never run at once. */
const claimGraceMs = 5_000;

/** Lambda delivers an event again one minute after a failure, and two after the next; each delivery moves the check on. */
const checkGraceMs = 5 * 60_000;

/** How often work is looked at that tells its end by an event, if nobody listens for it. */
const polledSeconds = 30;

/**
 * Runs one delivery of a job: claims it, runs the action, sends exactly one result.
 * @throws JobIsRunning if another delivery holds the job, ServiceUnavailable if the result could not be stored or sent;
 *   Lambda then delivers again, and what is stored is sent
 */
export async function runAction(action: Action, job: Job, edge: ActionEdge): Promise<Outcome> {
  const nowMs = edge.clock.nowMs();
  const untilMs = nowMs + edge.remainingMs() + claimGraceMs;
  const claim = await edge.jobs.claim(job.id, {
    now: new Date(nowMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    requestId: edge.requestId,
    isIdempotent: action.declaration.isIdempotent,
    firstJobId: firstJobOf(job.id, job.data.continuationToken ?? undefined),
    checkAt: new Date(untilMs + checkGraceMs).toISOString(),
  });
  switch (claim.state) {
    case 'answered':
      edge.log.info('job was answered before', { jobId: job.id });
      return 'answered-before';
    case 'waiting':
      edge.log.info('job waits for work elsewhere', { jobId: job.id });
      return 'waits';
    case 'running': {
      const harmless = await harmlessStep(action, job, edge);
      if (harmless) return harmless();
      throw new JobIsRunning(`job ${job.id} is being run by another delivery until ${claim.until}`);
    }
    case 'interrupted':
      return claim.answer ? answerJob(job.id, claim.answer, edge) : goOn(action, job, edge);
    case 'claimed':
      return runAndAnswer(action, job, edge);
  }
}

/** A delivery died before it had an answer: its wait is begun again, or it is run again if that does no harm. */
async function goOn(action: Action, job: Job, edge: ActionEdge): Promise<Outcome> {
  const { declaration } = action;
  const harmless = await harmlessStep(action, job, edge);
  if (harmless) return harmless();
  if (declaration.isIdempotent) return runAndAnswer(action, job, edge);
  return answerJob(job.id, interrupted(declaration.id), edge);
}

/**
 * What two deliveries of a job may do at once, whether or not the other one lives: begin the wait that one of them has kept,
 * or take a renewed job. Undefined if the action itself would be run.
 */
async function harmlessStep(action: Action, job: Job, edge: ActionEdge): Promise<(() => Promise<Outcome>) | undefined> {
  const { waiting, longJobs } = edge;
  if (!waiting || !longJobs) return undefined;
  if (renewalOf(job, edge) !== undefined) return () => runAndAnswer(action, job, edge);
  const begun = await longJobs.store.read(currentStep(job).firstJobId);
  if (begun?.currentJobId !== job.id) return undefined;
  return async () => {
    await waiting.beginLongJob(begun, edge);
    return 'waits';
  };
}

async function runAndAnswer(action: Action, job: Job, edge: ActionEdge): Promise<Outcome> {
  const renewed = renewalOf(job, edge);
  if (renewed !== undefined && edge.waiting)
    return edge.waiting.takeRenewedJob(action, { firstJobId: renewed, jobId: job.id }, edge);
  const ready = await orFailure(action, () => readJob(action, job, edge));
  if ('kind' in ready) return answerJob(job.id, await toAnswer(job, ready, edge), edge);
  const result = withTrace(await resultOf(action, ready), ready);
  const { waiting, longJobs } = edge;
  if (result.kind === 'waits' && !waiting) return answerJob(job.id, mayNotWait(action), edge);
  if (result.kind === 'waits' && waiting && longJobs && ready.wait === 'push')
    return begin(action, ready, { result, waiting, longJobs });
  if (result.kind === 'left-work') return failAndCancel(action, ready, result);
  const outcome = await answerJob(job.id, await toAnswer(job, polled(result), edge), edge);
  // Behind the answer, which does not wait for it.
  if (result.kind === 'continues' || result.kind === 'waits') await tellContinuation(action, ready, result);
  return outcome;
}

/** What the table throws has Lambda deliver again; anything else would throw again, so the job fails. */
async function orFailure<T>({ declaration }: Action, work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof SlipwayError) throw thrown;
    return failureOf(thrown, declaration);
  }
}

/** The result first, which does not wait for the cancellation. */
async function failAndCancel(action: Action, ready: Ready, { failure, state }: LeftWork): Promise<Outcome> {
  const { job, edge, parameters, context } = ready;
  const outcome = await answerJob(job.id, failure, edge);
  await edge.waiting?.cancelOnce(action, { jobId: job.id, parameters, context, state }, edge);
  return outcome;
}

async function resultOf(action: Action, ready: Ready): Promise<ActionResult | PolledContinuation | LeftWork> {
  if (!ready.check || !ready.edge.waiting) return runGuarded(action, ready);
  const jobId = ready.job.id;
  const checked = await ready.edge.waiting.checkWork(action, { ...ready, jobId, newsOf: `${jobId}/check` }, ready.edge);
  if (checked.kind === 'unreached') return pollUnreached(checked, ready, ready.check);
  if (checked.kind === 'unseen') return { kind: 'left-work', failure: checked.failure, state: ready.state };
  if (checked.kind !== 'runs-again') return nextPoll(checked, ready, ready.check);
  return runGuarded(action, { ...ready, state: checked.state });
}

/** The id of work elsewhere that the action gave before goes along. */
function withTrace<Result extends ActionResult | PolledContinuation>(
  result: Result | LeftWork,
  { trace }: Ready,
): Result | LeftWork {
  return result.kind === 'left-work' ? { ...result, failure: traced(result.failure, trace) } : traced(result, trace);
}

function nextPoll(
  checked: Exclude<CheckResult, { kind: 'runs-again' }>,
  { state }: Ready,
  { until, count }: PolledCheck,
): ActionResult | PolledContinuation {
  if (checked.kind !== 'runs') return checked;
  const { summary, percentComplete } = checked;
  const news = { state: checked.state ?? state, summary, percentComplete, ...traceOf(checked) };
  return pollAgain(news, { until, count: count + 1 });
}

/** Nobody could be asked about the work, which may go on well: it is looked at again, until that has been too long. */
function pollUnreached(
  { failure }: Unreached,
  { state, edge }: Ready,
  check: PolledCheck,
): PolledContinuation | LeftWork {
  const { unreachedSince = nowAt(edge.clock) } = check;
  const afterSeconds = nextTrySeconds((edge.clock.nowMs() - Date.parse(unreachedSince)) / 1000);
  if (afterSeconds === undefined) return { kind: 'left-work', failure: tooLongUnreached(failure), state };
  const summary = cut(failure.message, answerLimits.summaryCharacters);
  return { ...pollAgain({ state, summary, percentComplete: undefined }, { ...check, unreachedSince }), afterSeconds };
}

/** A wait that nobody pushes goes on by continuation tokens. */
function polled(result: ActionResult | PolledContinuation): Exclude<ActionResult, LongJobStart> | PolledContinuation {
  return result.kind === 'waits' ? pollAgain(result, { until: result.until, count: 0 }) : result;
}

function pollAgain(
  news: Pick<Continuation, 'state' | 'summary' | 'percentComplete'> & Traceable,
  check: PolledCheck,
): PolledContinuation {
  const afterSeconds = 'event' in check.until ? polledSeconds : nextCheckSeconds(check.until, check.count);
  const { state, summary, percentComplete } = news;
  return { kind: 'continues', state, summary, percentComplete, afterSeconds, check, ...traceOf(news) };
}

/** An action that may wait, where long jobs are pushed. */
type Begun = Required<Pick<ActionEdge, 'waiting' | 'longJobs'>> & { readonly result: LongJobStart };

async function begin(action: Action, ready: Ready, { result, waiting, longJobs }: Begun): Promise<Outcome> {
  const { job, edge, context } = ready;
  const { firstJobId, step } = currentStep(job);
  const { state, until, summary, percentComplete } = result;
  const wait = {
    ...{ firstJobId, step, currentJobId: job.id, adoptedAt: nowAt(edge.clock) },
    functionArn: longJobs.functionArn,
    isRenewed: !job.isOfWorker,
    ...{ userParameters: ready.userParameters, context, state, until, summary, percentComplete },
    ...traceOf(result),
  };
  if (await waiting.beginLongJob(wait, edge)) return 'waits';
  return failAndCancel(action, ready, { kind: 'left-work', failure: waitsTwice, state });
}

const waitsTwice = fail(
  'ConfigurationError',
  'the action answers startJob a second time; it may wait once, and continueLater serves for the rest',
);

function mayNotWait({ declaration: { id } }: Action): Failure {
  return fail('ConfigurationError', `action ${id} answers startJob; its declaration must say mayWait: true`);
}

function interrupted(actionId: string): Failure {
  return fail(
    'SystemUnavailable',
    `an earlier run of action ${actionId} was interrupted, and running it twice may do harm; retry the stage`,
  );
}

async function tellContinuation(
  { declaration }: Action,
  { job, edge, context }: Invocation,
  { summary, percentComplete }: Continuation | LongJobStart,
): Promise<void> {
  if (!context) return;
  const at = nowAt(edge.clock);
  await tell(edge, { id: `${job.id}/progress`, context, actionId: declaration.id, at, summary, percentComplete });
}

/** The first job whose wait a renewal's token continues. */
function renewalOf(job: Job, { longJobs }: ActionEdge): string | undefined {
  return longJobs && readRenewalToken(job.data.continuationToken ?? '');
}

/** What to send: a continuation's state is stored first, under the step that its token names. */
async function toAnswer(
  job: Job,
  result: Exclude<ActionResult, LongJobStart> | PolledContinuation,
  edge: ActionEdge,
): Promise<Answer> {
  if (result.kind !== 'continues') return result;
  const { firstJobId, step } = currentStep(job);
  const next: ContinuationToken = { firstJobId, step: step + 1 };
  const { state, summary, percentComplete, afterSeconds } = result;
  const notBefore = new Date(edge.clock.nowMs() + afterSeconds * 1000).toISOString();
  const check = 'check' in result ? result.check : undefined;
  await edge.jobs.keepState(next, { state, notBefore, summary, percentComplete, check, ...traceOf(result) });
  return { kind: 'continues', token: writeToken(next), summary, percentComplete, ...traceOf(result) };
}
