import * as z from 'zod/mini';
import { nowAt, type Clock } from '../../clock.ts';
import type { Action } from '../action.ts';
import { failureOf, type ActionEdge, type Invocation } from './guard.ts';
import { readToken, type ContinuationToken, type PolledCheck, type StoredState } from './job.ts';
import { parseUserParameters, userParametersOf, type Job, type UserParameters } from './job-event.ts';
import { fail, type Continuation, type Failure } from '../result.ts';
import { withStoredParameters } from './stored-parameters.ts';
import { traceOf, type Traceable } from '../traceable.ts';

/** One invocation with what was kept for it. */
export interface Ready extends Invocation {
  /** As the pipeline passed them, with what it had stored. */
  readonly userParameters: string;
  readonly wait: UserParameters<unknown>['wait'];
  readonly check: StoredState['check'];
  /** The id of work elsewhere, if the action has given one. */
  readonly trace: Traceable;
}

/** A continuation whose next invocation checks the work instead of running the action. */
export interface PolledContinuation extends Continuation {
  readonly check: PolledCheck;
}

/** Reads what the action needs, or knows the result without it. */
export async function readJob(
  action: Action,
  job: Job,
  edge: ActionEdge,
): Promise<Ready | Failure | Continuation | PolledContinuation> {
  const { declaration } = action;
  const text = await userParametersIn(job, action, edge);
  if (typeof text === 'object') return text;
  const read = parseUserParameters(text, declaration.parameters);
  if ('kind' in read) return read;
  const stored = await storedState(job, edge);
  if (stored && 'kind' in stored) return stored;
  if (stored && stored.notBefore > nowAt(edge.clock)) return waitLonger(stored, edge.clock);
  const state = stored && declaration.state && z.safeParse(declaration.state, stored.state);
  if (state && !state.success) {
    return fail(
      'SystemUnavailable',
      `the stored state does not fit action ${declaration.id} any more; retry the stage`,
      traceOf(stored),
    );
  }
  return {
    job,
    edge,
    ...read,
    userParameters: text ?? '',
    state: state?.data,
    check: stored?.check,
    trace: traceOf(stored ?? {}),
  };
}

async function userParametersIn(
  job: Job,
  { declaration }: Action,
  { storedParameters }: ActionEdge,
): Promise<string | undefined | Failure> {
  try {
    return await withStoredParameters(userParametersOf(job), storedParameters);
  } catch (thrown) {
    return failureOf(thrown, declaration);
  }
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

/** Came too early: the same state again under the next step, and no later than it was meant. */
function waitLonger(stored: StoredState, clock: Clock): Continuation | PolledContinuation {
  const { state, notBefore, summary, percentComplete, check } = stored;
  const afterSeconds = Math.max(0, (Date.parse(notBefore) - clock.nowMs()) / 1000);
  return {
    kind: 'continues',
    state,
    summary,
    percentComplete,
    afterSeconds,
    ...(check && { check }),
    ...traceOf(stored),
  };
}

/** Where the action execution stands: its first job, and how many states were kept. */
export function currentStep(job: Job): { firstJobId: string; step: number } {
  const current = continuationOf(job);
  return current && current !== 'unreadable' ? current : { firstJobId: job.id, step: 0 };
}

function continuationOf(job: Job): ContinuationToken | 'unreadable' | undefined {
  const token = job.data.continuationToken;
  return token ? (readToken(token) ?? 'unreadable') : undefined;
}
