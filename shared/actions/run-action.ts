import { nowAt, type Clock } from '../clock.ts';
import { ServiceUnavailable } from '../errors.ts';
import type { Action } from './action.ts';
import { answerJob, type Outcome } from './answer-job.ts';
import { runGuarded, type ActionEdge } from './guard.ts';
import { readToken, writeToken, type Answer, type ContinuationToken, type StoredState } from './job.ts';
import { readUserParameters, type Job, type JobContext } from './job-event.ts';
import { fail, sendable, type ActionResult, type Continuation, type Failure } from './result.ts';

/** A delivery met another one that still runs; Lambda tries again. */
export class JobIsRunning extends ServiceUnavailable {}

/** A claim outlives its invocation by this much, so that two never run at once. */
const claimGraceMs = 5_000;

/** The largest state that fits an item of 400 KB beside the rest. */
const stateLimitBytes = 300_000;

/**
 * Runs one delivery of a job: claims it, runs the action, sends exactly one result.
 * @throws JobIsRunning if another delivery holds the job, ServiceUnavailable if the result could not be stored or sent;
 *   Lambda then delivers again, and what is stored is sent
 */
export async function runAction(action: Action, job: Job, edge: ActionEdge): Promise<Outcome> {
  const nowMs = edge.clock.nowMs();
  const until = new Date(nowMs + edge.remainingMs() + claimGraceMs).toISOString();
  const claim = await edge.jobs.claim(job.id, { now: new Date(nowMs).toISOString(), until });
  switch (claim.state) {
    case 'answered':
      edge.log.info('job was answered before', { jobId: job.id });
      return 'answered-before';
    case 'running':
      throw new JobIsRunning(`job ${job.id} is being run by another delivery until ${claim.until}`);
    case 'interrupted':
      return answerJob(job.id, claim.answer ?? (await rerun(action, job, edge)), edge);
    case 'claimed':
      return answerJob(job.id, await toAnswer(job, await resultOf(action, job, edge), edge), edge);
  }
}

/** A delivery died before it had an answer: run again if that does no harm. */
async function rerun(action: Action, job: Job, edge: ActionEdge): Promise<Answer> {
  if (action.declaration.isIdempotent) return toAnswer(job, await resultOf(action, job, edge), edge);
  return fail(
    'SystemUnavailable',
    `an earlier run of action ${action.declaration.id} was interrupted, and running it twice may do harm; retry the stage`,
  );
}

async function resultOf(action: Action, job: Job, edge: ActionEdge): Promise<ActionResult> {
  const { declaration } = action;
  const read = readUserParameters(job, declaration.parameters);
  if ('kind' in read) return read;
  const stored = await storedState(job, edge);
  if (stored && 'kind' in stored) return stored;
  if (stored && stored.notBefore > nowAt(edge.clock)) return waitLonger(stored, edge.clock);
  const state = stored && declaration.state?.safeParse(stored.state);
  if (state && !state.success) {
    return fail(
      'SystemUnavailable',
      `the stored state does not fit action ${declaration.id} any more; retry the stage`,
    );
  }
  const raw = await runGuarded(action, { job, edge, ...read, state: state?.data });
  const result = storable(sendable(raw, declaration.outputs));
  if (result.kind === 'continues') await tellContinuation(action, job, { edge, result, context: read.context });
  return result;
}

/** What the token points at, or why the action cannot go on. */
async function storedState(job: Job, edge: ActionEdge): Promise<StoredState | Failure | undefined> {
  const token = continuationOf(job);
  if (token === undefined) return undefined;
  if (token === 'unreadable')
    return fail('ConfigurationError', 'the continuation token is not one that this action gave');
  const stored = await edge.jobs.readState(token);
  return stored ?? fail('SystemUnavailable', `the state of step ${token.step} is gone; retry the stage`);
}

async function tellContinuation(
  action: Action,
  job: Job,
  { edge, result, context }: { edge: ActionEdge; result: Continuation; context: JobContext | undefined },
): Promise<void> {
  if (!context) return;
  const { summary, percentComplete } = result;
  const at = nowAt(edge.clock);
  await edge.tellProgress({
    id: `${job.id}/progress`,
    context,
    actionId: action.declaration.id,
    at,
    summary,
    percentComplete,
  });
}

/** Came too early: the same state again under the next step, and no later than it was meant. */
function waitLonger({ state, notBefore, summary, percentComplete }: StoredState, clock: Clock): Continuation {
  const afterSeconds = Math.max(0, (Date.parse(notBefore) - clock.nowMs()) / 1000);
  return { kind: 'continues', state, summary, percentComplete, afterSeconds };
}

function continuationOf(job: Job): ContinuationToken | 'unreadable' | undefined {
  const token = job.data.continuationToken;
  return token ? (readToken(token) ?? 'unreadable') : undefined;
}

function storable(result: ActionResult): ActionResult {
  if (result.kind !== 'continues') return result;
  const sizeBytes = Buffer.byteLength(JSON.stringify(result.state) ?? '');
  return sizeBytes <= stateLimitBytes
    ? result
    : fail(
        'ConfigurationError',
        `the state to continue with is ${sizeBytes} bytes, allowed are ${stateLimitBytes}; keep it in an artifact`,
      );
}

/** What to send: a continuation's state is stored first, under the step that its token names. */
async function toAnswer(job: Job, result: ActionResult, edge: ActionEdge): Promise<Answer> {
  if (result.kind !== 'continues') return result;
  const current = continuationOf(job);
  const next: ContinuationToken =
    current && current !== 'unreadable' ? { ...current, step: current.step + 1 } : { firstJobId: job.id, step: 1 };
  const { state, summary, percentComplete, afterSeconds } = result;
  const notBefore = new Date(edge.clock.nowMs() + afterSeconds * 1000).toISOString();
  await edge.jobs.keepState(next, { state, notBefore, summary, percentComplete });
  return { kind: 'continues', token: writeToken(next), summary, percentComplete };
}
