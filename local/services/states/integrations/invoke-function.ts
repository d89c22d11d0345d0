import { AwsError } from '../../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { StateFailure } from '../errors.ts';
import { optimizedSpelling, spell } from './call-aws.ts';
import type { TaskCall } from './integration.ts';
import { errorExists } from './schemas.ts';

/** What a function answered. */
export interface FunctionAnswer {
  readonly payload?: Json;
  readonly statusCode: number;
  readonly executedVersion?: string;
}

const spelling = optimizedSpelling('Lambda', 'AWSLambda', 'AWSLambdaException');

/**
 * Invokes a function with the machine's role.
 * @throws StateFailure with the errorType that the function threw, `Lambda.Unknown` when it died or ran out of time, or
 * `Lambda.<exception>` for the service's own refusal
 */
export async function invokeFunction(task: TaskCall, request: JsonObject, payload: Json): Promise<FunctionAnswer> {
  const input = { ...request, Payload: new TextEncoder().encode(JSON.stringify(payload)) };
  let output: unknown;
  try {
    output = await task.gateway.handle({ service: 'lambda', operation: 'Invoke', input }, task.principal);
  } catch (error) {
    const api = task.gateway.describe('lambda');
    throw spell(error, spelling, error instanceof AwsError && api !== undefined && errorExists(api, error.code));
  }
  // The output of Lambda's Invoke as the SDK types it; each member is checked below.
  const answer = output as {
    FunctionError?: unknown;
    Payload?: unknown;
    StatusCode?: unknown;
    ExecutedVersion?: unknown;
  };
  const text = answer.Payload instanceof Uint8Array ? new TextDecoder().decode(answer.Payload) : '';
  if (answer.FunctionError !== undefined) throw functionFailure(text);
  return {
    ...(text !== '' && { payload: parse(text) }),
    statusCode: typeof answer.StatusCode === 'number' ? answer.StatusCode : 200,
    ...(typeof answer.ExecutedVersion === 'string' && { executedVersion: answer.ExecutedVersion }),
  };
}

/** Error types that Lambda's own sandbox gives, not the function: time out, lack of memory, a process that ended. */
const sandboxErrors = /^(Sandbox\.|Runtime\.(ExitError|OutOfMemory|Unknown)|Extension\.)/;

function functionFailure(payload: string): StateFailure {
  const thrown = parse(payload);
  const errorType = isJsonObject(thrown) ? thrown['errorType'] : undefined;
  if (typeof errorType === 'string' && errorType !== '' && !sandboxErrors.test(errorType)) {
    return new StateFailure({ error: errorType, cause: payload });
  }
  return new StateFailure({
    error: 'Lambda.Unknown',
    cause: `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
