import { SlipwayError, type ErrorOptions } from '../errors.ts';
import { problemOfTrace, traceOf, type Traceable } from './traceable.ts';

/** Why an action failed, in CodePipeline's words (`failureDetails.type`). */
export type FailureType =
  | 'JobFailed'
  | 'ConfigurationError'
  | 'PermissionError'
  | 'RevisionOutOfSync'
  | 'RevisionUnavailable'
  | 'SystemUnavailable';

/** The action is done. */
export interface Success<Output extends string = string> extends Traceable {
  readonly kind: 'succeeded';
  readonly outputs: Readonly<Partial<Record<Output, string>>>;
  readonly summary: string;
}

/** The action has failed. */
export interface Failure extends Traceable {
  readonly kind: 'failed';
  readonly type: FailureType;
  readonly message: string;
}

/** The action goes on in a later invocation, with this state. */
export interface Continuation<State = unknown> extends Traceable {
  readonly kind: 'continues';
  readonly state: State;
  readonly afterSeconds: number;
  readonly summary: string;
  readonly percentComplete: number | undefined;
}

/** How a long job is waited for. */
export type Until =
  /** An event with this key, e.g. `workflow/<execution ARN>`; see `functions/actions/resume.ts`. */
  | { readonly event: string }
  /** Checks, the first after `firstSeconds`, each later by `backoffRate`, never rarer than `maxSeconds`. */
  | { readonly checks: { readonly firstSeconds: number; readonly backoffRate: number; readonly maxSeconds: number } };

/** The action's work goes on elsewhere; its `check` says when it has ended. */
export interface LongJobStart<State = unknown> extends Traceable {
  readonly kind: 'waits';
  readonly state: State;
  readonly until: Until;
  readonly summary: string;
  readonly percentComplete: number | undefined;
}

/** Everything that an action can answer. */
export type ActionResult<Output extends string = string, State = unknown> =
  Success<Output> | Failure | Continuation<State> | LongJobStart<State>;

/** The work of a long job goes on. */
export interface StillRunning<State = unknown> extends Traceable {
  readonly kind: 'runs';
  /** Replaces the state, if given. */
  readonly state: State | undefined;
  readonly summary: string;
  readonly percentComplete: number | undefined;
}

/** The work of a long job has ended, and the action's `run` has the rest to do. */
export interface RunAgain<State = unknown> extends Traceable {
  readonly kind: 'runs-again';
  readonly state: State;
  readonly summary: string;
}

/** Everything that a check of a long job can answer. */
export type CheckResult<Output extends string = string, State = unknown> =
  Success<Output> | Failure | StillRunning<State> | RunAgain<State>;

/** A look at the work told nobody how it stands: it threw, hung, or was given up. The job fails, and the work may go on. */
export interface Unseen {
  readonly kind: 'unseen';
  readonly failure: Failure;
}

/** A look at the work reached nobody who knows of it: a service is throttled or down, and the work may go on well. */
export interface Unreached {
  readonly kind: 'unreached';
  /** What the service said. */
  readonly failure: Failure;
}

/** Ends the action as succeeded. A summary over 2,048 characters is cut. */
export function succeed<Output extends string = never>({
  outputs,
  summary,
  ...more
}: Traceable & {
  outputs?: Readonly<Partial<Record<Output, string>>>;
  summary: string;
}): Success<Output> {
  const none: Partial<Record<Output, string>> = {};
  return { kind: 'succeeded', outputs: outputs ?? none, summary, ...traceOf(more) };
}

/** Ends the action as failed. A message over 5,000 characters is cut. Say what to do; never include a secret. */
export function fail(type: FailureType, message: string, more: Traceable = {}): Failure {
  const sent = cut(message || 'no reason given', answerLimits.messageCharacters);
  return { kind: 'failed', type, message: sent, ...traceOf(more) };
}

/** Thrown anywhere in an action, it fails the job with this type and message, as `fail` does where it is returned. */
export class ActionFailed extends SlipwayError {
  override readonly name = 'ActionFailed';
  override readonly kind = 'invalid';
  readonly type: FailureType;

  constructor(type: FailureType, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.type = type;
  }
}

/**
 * Ends this invocation; CodePipeline invokes the action again with the state, not before `after.seconds` have passed
 * (its own interval comes on top). The state is stored in the table, so it may be larger than a continuation token; at
 * most 300,000 bytes as JSON.
 */
export function continueLater<State>(
  state: State,
  after: Traceable & { seconds: number; summary: string; percentComplete?: number },
): Continuation<State> {
  return {
    kind: 'continues',
    state,
    afterSeconds: after.seconds,
    summary: after.summary,
    percentComplete: after.percentComplete,
    ...traceOf(after),
  };
}

/**
 * Ends this invocation while the work goes on elsewhere. The action's `check` is called when the event comes or a check is
 * due, without the job's artifacts, and what it answers ends the job at once; if anything else ends it, `cancel` is called.
 * The state is stored as that of `continueLater` is, with its limit; an action waits so once.
 */
export function startJob<State>(
  state: State,
  { until, summary, percentComplete, ...more }: Traceable & { until: Until; summary: string; percentComplete?: number },
): LongJobStart<State> {
  return { kind: 'waits', state, until, summary, percentComplete, ...traceOf(more) };
}

/** Answers a check: the work goes on, with another state if one is given. */
export function stillRunning<State = never>({
  state,
  summary,
  percentComplete,
  ...more
}: Traceable & {
  state?: State;
  summary: string;
  percentComplete?: number;
}): StillRunning<State> {
  return { kind: 'runs', state, summary, percentComplete, ...traceOf(more) };
}

/**
 * Answers a check: the work has ended, and `run` is called once more with this state. For what only `run` can do, which
 * is to read and write artifacts; it costs CodePipeline's own interval.
 */
export function runAgain<State>(state: State, summary: string): RunAgain<State> {
  return { kind: 'runs-again', state, summary };
}

/** CodePipeline's documented bounds of a job's answer (API model, and the quotas page for outputs). */
export const answerLimits = {
  messageCharacters: 5_000,
  summaryCharacters: 2_048,
  tokenCharacters: 2_048,
  outputsBytes: 122_880,
} as const;

/** The largest state that fits an item of 400 KB beside the rest. */
const stateLimitBytes = 300_000;

/** Cuts text to a limit, and shows that it was cut. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/**
 * The answer as it may be sent: texts cut, percentages whole, outputs and state checked. What is too large, undeclared or
 * misnamed turns an answer into a failure that says so, since CodePipeline would refuse the call and the action would
 * hang.
 * @throws TypeError for what is no result at all, which JavaScript lets an action return
 */
export function sendable(result: ActionResult, declaredOutputs: readonly string[]): ActionResult {
  if (result.kind === 'failed') return sendableFailure(result);
  const untraceable = traceProblem(result);
  if (untraceable) return untraceable;
  const summary = cut(result.summary, answerLimits.summaryCharacters);
  if (result.kind === 'continues' || result.kind === 'waits') return lasting({ ...result, summary });
  const problem = outputProblem(result.outputs, declaredOutputs);
  return problem ? fail('ConfigurationError', problem) : { ...result, summary };
}

/** A failure stays one: an id that is too long is left out. */
function sendableFailure(failure: Failure): Failure {
  const { externalExecutionId: _id, ...plain } = failure;
  const message = cut(failure.message || 'no reason given', answerLimits.messageCharacters);
  return { ...(problemOfTrace(failure) ? plain : failure), message };
}

function traceProblem(result: Traceable): Failure | undefined {
  const problem = problemOfTrace(result);
  return problem === undefined ? undefined : fail('ConfigurationError', problem);
}

/** A check's answer as it may be kept, by the same rules. */
export function keepable(result: CheckResult, declaredOutputs: readonly string[]): CheckResult {
  if (result.kind === 'failed' || result.kind === 'succeeded') {
    // Neither of the two becomes anything but one of the two.
    return sendable(result, declaredOutputs) as Success | Failure;
  }
  const summary = cut(result.summary, answerLimits.summaryCharacters);
  const problem = stateProblem(result.state) ?? traceProblem(result);
  if (problem || result.kind === 'runs-again') return problem ?? { ...result, summary };
  return { ...result, summary, percentComplete: wholePercent(result.percentComplete) };
}

function lasting(result: Continuation | LongJobStart): ActionResult {
  const problem = stateProblem(result.state) ?? timeProblem(result) ?? eventProblem(result);
  return problem ?? { ...result, percentComplete: wholePercent(result.percentComplete) };
}

/** No point in time is meant by such seconds, e.g. those of a division by zero. */
function timeProblem(result: Continuation | LongJobStart): Failure | undefined {
  const times = result.kind === 'continues' ? { afterSeconds: result.afterSeconds } : timesOf(result.until);
  const [name, value] = Object.entries(times).find(([, time]) => !(Math.abs(time) <= longestSeconds)) ?? [];
  if (name === undefined) return undefined;
  return fail('ConfigurationError', `the action goes on with ${name} ${value}, allowed are ${longestSeconds} at most`);
}

/** As long as the event that ends the wait may name it (`functions/actions/resume.ts`). */
const eventCharacters = 1024;

function eventProblem(result: Continuation | LongJobStart): Failure | undefined {
  if (result.kind === 'continues' || !('event' in result.until)) return undefined;
  const { length } = result.until.event;
  if (length > 0 && length <= eventCharacters) return undefined;
  return fail(
    'ConfigurationError',
    `the event that the action waits for has ${length} characters, allowed are 1 to ${eventCharacters}`,
  );
}

function timesOf(until: Until): Readonly<Record<string, number>> {
  return 'checks' in until ? until.checks : {};
}

/** CodePipeline ends every action after a day. */
const longestSeconds = 24 * 3600;

function stateProblem(state: unknown): Failure | undefined {
  const sizeBytes = state === undefined ? 0 : Buffer.byteLength(JSON.stringify(state));
  return sizeBytes <= stateLimitBytes
    ? undefined
    : fail(
        'ConfigurationError',
        `the state to go on with is ${sizeBytes} bytes, allowed are ${stateLimitBytes}; keep it in an artifact`,
      );
}

/** CodePipeline takes whole numbers from 0 to 100. */
export function wholePercent(percent: number | undefined): number | undefined {
  return percent === undefined || Number.isNaN(percent) ? undefined : Math.round(Math.min(100, Math.max(0, percent)));
}

/** Beside the declared ones, further names where parameters choose them (`outputsFor`), in CodePipeline's characters. */
function isDeclared(name: string, declared: readonly string[]): boolean {
  return declared.includes(name) || (declared.includes('*') && /^[A-Za-z0-9@_-]+$/.test(name));
}

function outputProblem(
  outputs: Readonly<Record<string, string | undefined>>,
  declared: readonly string[],
): string | undefined {
  const undeclared = Object.keys(outputs).find((name) => !isDeclared(name, declared));
  if (undeclared !== undefined) {
    return `output "${undeclared}" is not declared; declared are: ${declared.join(', ') || 'none'}`;
  }
  const sizeBytes = Object.entries(outputs).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value ?? ''),
    0,
  );
  return sizeBytes > answerLimits.outputsBytes
    ? `outputs are ${sizeBytes} bytes together, CodePipeline allows ${answerLimits.outputsBytes}; write an artifact instead`
    : undefined;
}
