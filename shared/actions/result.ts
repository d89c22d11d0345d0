import { SlipwayError, type ErrorOptions } from '../errors.ts';

/** Why an action failed, in CodePipeline's words (`failureDetails.type`). */
export type FailureType =
  | 'JobFailed'
  | 'ConfigurationError'
  | 'PermissionError'
  | 'RevisionOutOfSync'
  | 'RevisionUnavailable'
  | 'SystemUnavailable';

/** The action is done. */
export interface Success<Output extends string = string> {
  readonly kind: 'succeeded';
  readonly outputs: Readonly<Partial<Record<Output, string>>>;
  readonly summary: string;
}

/** The action has failed. */
export interface Failure {
  readonly kind: 'failed';
  readonly type: FailureType;
  readonly message: string;
}

/** The action goes on in a later invocation, with this state. */
export interface Continuation<State = unknown> {
  readonly kind: 'continues';
  readonly state: State;
  readonly afterSeconds: number;
  readonly summary: string;
  readonly percentComplete: number | undefined;
}

/** Everything that an action can answer. */
export type ActionResult<Output extends string = string, State = unknown> =
  Success<Output> | Failure | Continuation<State>;

/** Ends the action as succeeded. A summary over 2,048 characters is cut. */
export function succeed<Output extends string = never>(answer: {
  outputs?: Readonly<Partial<Record<Output, string>>>;
  summary: string;
}): Success<Output> {
  const none: Partial<Record<Output, string>> = {};
  return { kind: 'succeeded', outputs: answer.outputs ?? none, summary: answer.summary };
}

/** Ends the action as failed. A message over 5,000 characters is cut. Say what to do; never include a secret. */
export function fail(type: FailureType, message: string): Failure {
  return { kind: 'failed', type, message };
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
  after: { seconds: number; summary: string; percentComplete?: number },
): Continuation<State> {
  return {
    kind: 'continues',
    state,
    afterSeconds: after.seconds,
    summary: after.summary,
    percentComplete: after.percentComplete,
  };
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
  if (result.kind === 'failed')
    return { ...result, message: cut(result.message || 'no reason given', answerLimits.messageCharacters) };
  const summary = cut(result.summary, answerLimits.summaryCharacters);
  if (result.kind === 'continues') return continuing({ ...result, summary });
  const problem = outputProblem(result.outputs, declaredOutputs);
  return problem ? fail('ConfigurationError', problem) : { ...result, summary };
}

function continuing(result: Continuation): ActionResult {
  const sizeBytes = Buffer.byteLength(JSON.stringify(result.state));
  return sizeBytes <= stateLimitBytes
    ? { ...result, percentComplete: wholePercent(result.percentComplete) }
    : fail(
        'ConfigurationError',
        `the state to continue with is ${sizeBytes} bytes, allowed are ${stateLimitBytes}; keep it in an artifact`,
      );
}

/** CodePipeline takes whole numbers from 0 to 100. */
export function wholePercent(percent: number | undefined): number | undefined {
  return percent === undefined || Number.isNaN(percent) ? undefined : Math.round(Math.min(100, Math.max(0, percent)));
}

function outputProblem(
  outputs: Readonly<Record<string, string | undefined>>,
  declared: readonly string[],
): string | undefined {
  const undeclared = Object.keys(outputs).find((name) => !declared.includes(name));
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
