import { AwsError, isTooDeep } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';

/** Why a state or an execution failed: what a Retry, a Catch and the history see. */
export interface Failure {
  readonly error: string;
  readonly cause?: string;
  /** Further names that a retrier or catcher may use for the same failure. */
  readonly aliases?: readonly string[];
  /** The field whose expression failed, for the event EvaluationFailed. */
  readonly location?: string;
}

/** A failure on its way out of an evaluation or an integration. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.error}: ${failure.cause ?? ''}`);
    this.failure = failure;
  }
}

/** The failure that a caught error stands for. @throws whatever else was caught: a mistake of ours, not of the state */
export function failureOf(caught: unknown): Failure {
  if (caught instanceof StateFailure) return caught.failure;
  if (isTooDeep(caught)) return { error: 'States.Runtime', cause: 'A value is nested too deeply.' };
  throw caught;
}

/** An expression that did not give a usable value. */
export function queryEvaluationError(cause: string, location: string): StateFailure {
  return new StateFailure({ error: 'States.QueryEvaluationError', cause, location });
}

/** An error of the interpreter itself; nothing retries or catches it. */
export function runtimeError(cause: string): StateFailure {
  return new StateFailure({ error: 'States.Runtime', cause });
}

/** The largest definition, in bytes of UTF-8 (Step Functions quota: 1 MB). */
export const maxDefinitionBytes = 1_048_576;

/** The largest input, output, result or set of variables, in bytes of UTF-8 (Step Functions quota: 256 KiB). */
export const maxPayloadBytes = 262_144;

/** @throws StateFailure `States.DataLimitExceeded` if the JSON text is larger than Step Functions passes on. */
export function checkPayload(json: string, what: string): void {
  // A UTF-16 unit takes at most three bytes, so short texts need no count.
  if (json.length * 3 <= maxPayloadBytes || Buffer.byteLength(json) <= maxPayloadBytes) return;
  throw new StateFailure({
    error: 'States.DataLimitExceeded',
    cause: `The ${what} returned a result with a size exceeding the maximum number of bytes service limit.`,
  });
}

/** A request that breaks a documented bound. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The most that the variables of a state may hold together (Step Functions quota: 10 MiB). */
const maxVariablesBytes = 10 * 1_048_576;

/** @throws StateFailure `States.DataLimitExceeded` if variables would hold more than Step Functions keeps. */
export function checkVariables(before: JsonObject, assigned: JsonObject): void {
  // A history has no room for so many small ones that they would add up.
  if (JSON.stringify(assigned).length < 512) return;
  if (Buffer.byteLength(JSON.stringify({ ...before, ...assigned })) <= maxVariablesBytes) return;
  throw new StateFailure({
    error: 'States.DataLimitExceeded',
    cause: `The variables hold more than the maximum of ${maxVariablesBytes} bytes.`,
  });
}

/** What is wrong with a definition, as ValidateStateMachineDefinition tells it. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  /** One of the codes that the operation documents, e.g. `SCHEMA_VALIDATION_FAILED`. */
  readonly code: string;
  readonly message: string;
  /** The path of the mistake, e.g. `/States/Plan/Next`. */
  readonly location: string;
}

/** @throws AwsError `ValidationException` for a text that is longer than the API's model allows */
export function checkLength(name: string, text: string | undefined, most: number): void {
  if (text === undefined || text.length <= most) return;
  throw validationError(
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  );
}

/** What a task or an execution is ended with, by the bounds of the API's model. */
export function checkErrorTexts({ error, cause }: { error?: string | undefined; cause?: string | undefined }): void {
  checkLength('error', error, 256);
  checkLength('cause', cause, 32_768);
}

/** A definition that Step Functions would refuse. */
export class InvalidDefinitionError extends AwsError {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    const { code, message, location } = diagnostic;
    super('InvalidDefinition', `Invalid State Machine Definition: '${code}: ${message} at ${location}'`);
    this.diagnostic = diagnostic;
  }
}

/** A definition that Step Functions would refuse; `problem` begins with its code: `SCHEMA_VALIDATION_FAILED: …`. */
export function invalidDefinition(problem: string, location: string): InvalidDefinitionError {
  const [, code = '', message = ''] = /^([A-Z_]+): ([\s\S]*)$/.exec(problem) ?? [];
  return new InvalidDefinitionError({ severity: 'ERROR', code, message, location });
}

/** An ARN that no state machine has. */
export function noSuchMachine(arn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** The refusal of a machine that goes away. */
export function machineIsDeleting(arn: string): AwsError {
  return new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);
}

/** The refusal of an operation that machines of this type do not have. */
export function typeNotSupported(operation: string, type: string): AwsError {
  return new AwsError(
    'StateMachineTypeNotSupported',
    `This operation is not supported by this type of state machine: ${operation} of a machine of type ${type}`,
  );
}
