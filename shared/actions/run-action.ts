import * as z from 'zod/mini';
import { nowAt, type Clock } from '../clock.ts';
import { ServiceUnavailable } from '../errors.ts';
import type { Action } from './action.ts';
import { answerJob, type Outcome } from './answer-job.ts';
import { runGuarded, tell, type ActionEdge, type Invocation } from './guard.ts';
import { readToken, writeToken, type Answer, type ContinuationToken, type StoredState } from './job.ts';
import { readUserParameters, type Job } from './job-event.ts';
import { fail, type ActionResult, type Continuation, type Failure } from './result.ts';

/** A delivery met another one that still runs; Lambda tries again. */
export class JobIsRunning extends ServiceUnavailable {}

/** A claim outlives its invocation by this much, so that two never run at once. */
const claimGraceMs = 5_000;

/**
 * Runs one delivery of a job: claims it, runs the action, sends exactly one result.
 * @throws JobIsRunning if another delivery holds the job, ServiceUnavailable if the result could not be stored or sent;
 *   Lambda then delivers again, and what is stored is sent
 */
export async function runAction(action: Action, job: Job, edge: ActionEdge): Promise<Outcome> {
  const nowMs = edge.clock.nowMs();
  const until = new Date(nowMs + edge.remainingMs() + claimGraceMs).toISOString();
  const { isIdempotent } = action.declaration;
  const lease = { now: new Date(nowMs).toISOString(), until, requestId: edge.requestId, isIdempotent };
  const claim = await edge.jobs.claim(job.id, lease);
  switch (claim.state) {
    case 'answered':
      edge.log.info('job was answered before', { jobId: job.id });
      return 'answered-before';
    case 'running':
      throw new JobIsRunning(`job ${job.id} is being run by another delivery until ${claim.until}`);
    case 'interrupted': {
      // A delivery died before it had an answer: run again if that does no harm.
      if (isIdempotent && !claim.answer) return runAndAnswer(action, job, edge);
      return answerJob(job.id, claim.answer ?? interrupted(action.declaration.id), edge);
    }
    case 'claimed':
      return runAndAnswer(action, job, edge);
  }
}

async function runAndAnswer(action: Action, job: Job, edge: ActionEdge): Promise<Outcome> {
  const ready = await prepare(action, job, edge);
  const result = 'kind' in ready ? ready : await runGuarded(action, ready);
  const outcome = await answerJob(job.id, await toAnswer(job, result, edge), edge);
  // Behind the answer, which does not wait for it.
  if (!('kind' in ready) && result.kind === 'continues') await tellContinuation(action, ready, result);
  return outcome;
}

function interrupted(actionId: string): Failure {
  return fail(
    'SystemUnavailable',
    `an earlier run of action ${actionId} was interrupted, and running it twice may do harm; retry the stage`,
  );
}

/** Reads what the action needs, or knows the result without it. */
async function prepare(action: Action, job: Job, edge: ActionEdge): Promise<Invocation | ActionResult> {
  const { declaration } = action;
  const read = readUserParameters(job, declaration.parameters);
  if ('kind' in read) return read;
  const stored = await storedState(job, edge);
  if (stored && 'kind' in stored) return stored;
  if (stored && stored.notBefore > nowAt(edge.clock)) return waitLonger(stored, edge.clock);
  const state = stored && declaration.state && z.safeParse(declaration.state, stored.state);
  if (state && !state.success) {
    return fail(
      'SystemUnavailable',
      `the stored state does not fit action ${declaration.id} any more; retry the stage`,
    );
  }
  return { job, edge, ...read, state: state?.data };
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
  { declaration }: Action,
  { job, edge, context }: Invocation,
  { summary, percentComplete }: Continuation,
): Promise<void> {
  if (!context) return;
  const at = nowAt(edge.clock);
  await tell(edge, { id: `${job.id}/progress`, context, actionId: declaration.id, at, summary, percentComplete });
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
