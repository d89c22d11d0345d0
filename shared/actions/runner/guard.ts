import { nowAt, type Clock } from '../../clock.ts';
import { messageOf, SlipwayError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Release } from '../../state/release.ts';
import type { Action, ActionDeclaration, ActionInput } from '../action.ts';
import { ArtifactRefused, type Artifacts } from '../artifacts.ts';
import { gatewayNames, type ActionGateways } from '../gateways/gateways.ts';
import type { ActionProgress, JobAnswers, JobStore } from './job.ts';
import type { Job, JobContext } from './job-event.ts';
import type { LongJobs, NewLongJob, NextStep } from './long-job.ts';
import { doOnce, scopeOf, type EffectStore } from './once.ts';
import {
  ActionFailed,
  answerLimits,
  cut,
  fail,
  sendable,
  wholePercent,
  type ActionResult,
  type CheckResult,
  type Failure,
  type Unreached,
  type Unseen,
} from '../result.ts';
import type { StoredParameters } from './stored-parameters.ts';

/** What the runner reaches the world with. */
export interface ActionEdge {
  readonly jobs: JobStore;
  readonly answers: JobAnswers;
  readonly artifacts: (job: Job) => Artifacts;
  /** Parameters that did not fit into the job; without it a job that points at some fails. */
  readonly storedParameters?: StoredParameters;
  /** Those that the action's declaration asks for. */
  readonly gateways: Partial<ActionGateways>;
  /** The release of a pipeline execution; without it no execution belongs to one. */
  readonly releaseOf?: (pipelineExecutionId: string) => Promise<Release | undefined>;
  /** What actions have done; an action that reaches for `once` without it fails. */
  readonly effects?: EffectStore;
  /** Tells people who watch; telling the same piece of news twice shows it once. */
  readonly tellProgress: (progress: ActionProgress) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Lambda's id of the request; a delivery that is made again has the same. */
  readonly requestId: string;
  /** Milliseconds until the function is killed. */
  readonly remainingMs: () => number;
  /** How the action waits; only the functions of actions that may wait have it. */
  readonly waiting?: Waiting;
  /** Long jobs that are pushed; without them an action that waits is polled by continuation tokens. */
  readonly longJobs?: LongJobs;
}

/** How an action waits for work that goes on elsewhere; `waiting.ts` holds it, for the bundles that need it. */
export interface Waiting {
  checkWork(action: Action, work: Work, edge: WorkEdge): Promise<CheckResult | Unseen | Unreached>;
  cancelOnce(action: Action, work: Work, edge: WorkEdge): Promise<void>;
  beginLongJob(wait: NewLongJob, edge: ActionEdge): Promise<boolean>;
  takeRenewedJob(
    action: Action,
    renewed: { readonly firstJobId: string; readonly jobId: string },
    edge: ActionEdge,
  ): Promise<'answered' | 'waits'>;
  stepLongJob(action: Action, firstJobId: string, edge: LongJobEdge): Promise<NextStep>;
}

/** What a check and a cancellation are called with. */
export interface Work {
  readonly jobId: string;
  /** What the news that it tells are named after, each call's own; default: the job. */
  readonly newsOf?: string;
  readonly parameters: unknown;
  readonly context: JobContext | undefined;
  readonly state: unknown;
}

/** What the waits of long jobs need. */
export interface LongJobEdge extends WorkEdge {
  readonly longJobs: LongJobs;
}

/** What surrounds an action whatever it is called for. */
export type WorkEdge = Omit<ActionEdge, 'artifacts' | 'storedParameters' | 'requestId' | 'longJobs' | 'waiting'>;

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

/** The job fails, and work may go on that is known to this invocation alone. */
export interface LeftWork {
  readonly kind: 'left-work';
  readonly failure: Failure;
  readonly state: unknown;
}

/** Runs an action until it answers, throws or has no time left; whatever happens, the outcome is one sendable result. */
export async function runGuarded(action: Action, invocation: Invocation): Promise<ActionResult | LeftWork> {
  const { edge, job } = invocation;
  const { declaration } = action;
  try {
    const result = await withDeadline(edge, declaration, (signal) => action.run(inputOf(action, invocation, signal)));
    const sent = sendable(result, declaration.outputs);
    const isRefused = result.kind === 'waits' && sent.kind === 'failed';
    return isRefused ? { kind: 'left-work', failure: sent, state: result.state } : sent;
  } catch (error) {
    edge.log.error('action threw', error, { jobId: job.id });
    return failureOf(error, declaration);
  }
}

/** Races work with the function's deadline; running out of time is a failure, and aborts the work's signal. */
export async function withDeadline<T>(
  edge: Pick<ActionEdge, 'remainingMs'>,
  declaration: ActionDeclaration,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | Failure> {
  const deadline = Promise.withResolvers<Failure>();
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort(new Error('the action ran out of time'));
    deadline.resolve(outOfTime(declaration));
  }, timeLeftMs(edge));
  try {
    return await Promise.race([work(abort.signal), deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function inputOf(action: Action, invocation: Invocation, signal: AbortSignal): ActionInput {
  const { job, edge } = invocation;
  return {
    ...surroundings(action.declaration, edge, { jobId: job.id, signal, context: invocation.context }),
    parameters: invocation.parameters,
    // The runner has read the stored state through the declaration's schema.
    state: invocation.state as undefined,
    artifacts: edge.artifacts(job),
  };
}

/** What an action is given whatever it is called for. */
export function surroundings(
  declaration: ActionDeclaration,
  edge: WorkEdge,
  of: Pick<Work, 'jobId' | 'newsOf' | 'context'> & { readonly signal: AbortSignal },
): Omit<ActionInput, 'parameters' | 'state' | 'artifacts'> {
  let toldCount = 0;
  const { context, signal, jobId, newsOf = jobId } = of;
  return {
    jobId,
    context,
    signal,
    gateways: declaredGateways(declaration, edge.gateways),
    remainingMs: () => timeLeftMs(edge),
    clock: edge.clock,
    log: edge.log,
    release: async () => context && edge.releaseOf?.(context.pipelineExecutionId),
    async once(name, effect) {
      if (!edge.effects)
        throw new TypeError(`action ${declaration.id} does something once, and nobody keeps what it did`);
      return doOnce({ store: edge.effects, clock: edge.clock }, { scope: scopeOf(context, jobId), name }, effect);
    },
    async progress(summary, percentComplete) {
      if (!context) return;
      toldCount += 1;
      await tell(edge, {
        id: `${newsOf}/progress/${toldCount}`,
        context,
        actionId: declaration.id,
        at: nowAt(edge.clock),
        summary: cut(summary, answerLimits.summaryCharacters),
        percentComplete: wholePercent(percentComplete),
      });
    },
  };
}

/** The gateways that were opened for an action; its bundle has no other. */
function declaredGateways(
  { id, gateways: declared }: ActionDeclaration,
  opened: Partial<ActionGateways>,
): ActionGateways {
  const gateways = {};
  for (const name of gatewayNames) {
    const get = (): unknown => {
      if (opened[name]) return opened[name];
      const doThis = declared.includes(name) ? 'give the test one' : "name it in the declaration's gateways";
      throw new TypeError(`action ${id} uses the gateway "${name}"; ${doThis}`);
    };
    Object.defineProperty(gateways, name, { get, enumerable: true });
  }
  // Every name has its getter.
  return gateways as ActionGateways;
}

function timeLeftMs({ remainingMs }: Pick<ActionEdge, 'remainingMs'>): number {
  return Math.max(0, remainingMs() - answerReserveMs);
}

/** Progress is no part of the result: what cannot be told is logged, and the action goes on. */
export async function tell(
  { tellProgress, log }: Pick<ActionEdge, 'tellProgress' | 'log'>,
  progress: ActionProgress,
): Promise<void> {
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

/** What an error of an action fails its job with. */
export function failureOf(error: unknown, declaration: ActionDeclaration): Failure {
  if (error instanceof ActionFailed) return fail(error.type, error.message);
  if (error instanceof ArtifactRefused) return fail('ConfigurationError', error.message);
  if (error instanceof SlipwayError && error.retryable) return fail('SystemUnavailable', error.message);
  if (isDenial(error)) return fail('PermissionError', messageOf(error));
  return fail('JobFailed', `action ${declaration.id} failed: ${messageOf(error)}`);
}

/** AWS's word for a missing permission, or an error that was made of it. */
function isDenial(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^AccessDenied(Exception)?$/.test(error.name) || isDenial(error.cause);
}
