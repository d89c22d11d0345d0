import { nowAt, type Clock } from '../clock.ts';
import { messageOf, SlipwayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Action, ActionDeclaration, ActionInput } from './action.ts';
import { ArtifactRefused, jobArtifacts, type ArtifactStorage } from './artifacts.ts';
import type { ActionGateways } from './gateways.ts';
import type { ActionProgress, JobAnswers, JobStore } from './job.ts';
import type { Job, JobContext } from './job-event.ts';
import {
  ActionFailed,
  answerLimits,
  cut,
  fail,
  sendable,
  wholePercent,
  type ActionResult,
  type Failure,
} from './result.ts';

/** What the runner reaches the world with. */
export interface ActionEdge {
  readonly jobs: JobStore;
  readonly answers: JobAnswers;
  readonly artifacts: (job: Job) => ArtifactStorage;
  /** Those that the action's declaration asks for. */
  readonly gateways: Partial<ActionGateways>;
  /** Tells people who watch; telling the same piece of news twice shows it once. */
  readonly tellProgress: (progress: ActionProgress) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Lambda's id of the request; a delivery that is made again has the same. */
  readonly requestId: string;
  /** Milliseconds until the function is killed. */
  readonly remainingMs: () => number;
}

/** One job with what was read from it. */
export interface Invocation {
  readonly job: Job;
  readonly edge: ActionEdge;
  readonly parameters: unknown;
  readonly context: JobContext | undefined;
  readonly state: unknown;
}

/** Time kept for the answer before the function's deadline. */
const answerReserveMs = 2_000;

/** Runs an action until it answers, throws or has no time left; whatever happens, the outcome is one sendable result. */
export async function runGuarded(action: Action, invocation: Invocation): Promise<ActionResult> {
  const { log } = invocation.edge;
  const deadline = Promise.withResolvers<Failure>();
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort(new Error('the action ran out of time'));
    deadline.resolve(outOfTime(action.declaration));
  }, timeLeftMs(invocation.edge));
  try {
    const run = action.run(inputOf(action, invocation, abort.signal));
    return sendable(await Promise.race([run, deadline.promise]), action.declaration.outputs);
  } catch (error) {
    log.error('action threw', error, { jobId: invocation.job.id });
    return failureOf(error, action.declaration);
  } finally {
    clearTimeout(timer);
  }
}

function inputOf(
  action: Action,
  { job, edge, parameters, context, state }: Invocation,
  signal: AbortSignal,
): ActionInput {
  let toldCount = 0;
  return {
    parameters,
    context,
    // The runner has read the stored state through the declaration's schema.
    state: state as undefined,
    signal,
    artifacts: jobArtifacts(
      { inputs: job.data.inputArtifacts, outputs: job.data.outputArtifacts },
      edge.artifacts(job),
    ),
    // Whoever made the edge has opened what the declaration asks for.
    gateways: edge.gateways as ActionGateways,
    remainingMs: () => timeLeftMs(edge),
    clock: edge.clock,
    log: edge.log,
    async progress(summary, percentComplete) {
      if (!context) return;
      toldCount += 1;
      await tell(edge, {
        id: `${job.id}/progress/${toldCount}`,
        context,
        actionId: action.declaration.id,
        at: nowAt(edge.clock),
        summary: cut(summary, answerLimits.summaryCharacters),
        percentComplete: wholePercent(percentComplete),
      });
    },
  };
}

function timeLeftMs({ remainingMs }: ActionEdge): number {
  return Math.max(0, remainingMs() - answerReserveMs);
}

/** Progress is no part of the result: what cannot be told is logged, and the action goes on. */
export async function tell({ tellProgress, log }: ActionEdge, progress: ActionProgress): Promise<void> {
  try {
    await tellProgress(progress);
  } catch (thrown) {
    log.warn('progress could not be told', { progressId: progress.id, reason: messageOf(thrown) });
  }
}

function outOfTime({ id, timeoutSeconds }: ActionDeclaration): Failure {
  return fail(
    'JobFailed',
    `action ${id} did not end in time (${timeoutSeconds} s); do less at once, or continue later`,
  );
}

function failureOf(error: unknown, declaration: ActionDeclaration): Failure {
  if (error instanceof ActionFailed) return fail(error.type, error.message);
  if (error instanceof ArtifactRefused) return fail('ConfigurationError', error.message);
  if (error instanceof SlipwayError && error.retryable) return fail('SystemUnavailable', error.message);
  if (error instanceof Error && /^AccessDenied(Exception)?$/.test(error.name))
    return fail('PermissionError', error.message);
  return fail('JobFailed', `action ${declaration.id} failed: ${messageOf(error)}`);
}
