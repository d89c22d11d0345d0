import { randomUUID } from 'node:crypto';
import type { InvokeCommandOutput, Lambda } from '@aws-sdk/client-lambda';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { AsyncEvents } from './async-events.ts';
import { invalidParameter, readFunctionReference } from './function-reference.ts';
import type { FunctionStore } from './function-store.ts';
import { runInvocation, type InvocationTools } from './invocation.ts';

/** What `Invoke` needs. */
export interface InvokeParts {
  readonly functions: FunctionStore;
  readonly tools: InvocationTools;
  readonly events: AsyncEvents;
}

/** Request payload limits by invocation type (Lambda API reference, Invoke). */
const maxBytes = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 } as const;

/** A synchronous caller that finds every place taken is refused after this long, as over Lambda's concurrency. */
const maxSyncWaitMs = 10_000;

const maxTailBytes = 4096;

/** The operation behind every invocation: synchronous, asynchronous, or only checked. */
export function invokeOperation({ functions, tools, events }: InvokeParts): Pick<Operations<Lambda>, 'Invoke'> {
  return {
    Invoke: async (input) => {
      const reference = readFunctionReference(input.FunctionName ?? '', input.Qualifier);
      const target = functions.choose(reference);
      const type = readInvocationType(input.InvocationType);
      // The gateway passes blobs as bytes.
      const event = readPayload((input.Payload as Uint8Array | undefined) ?? new Uint8Array(), type);
      const requestId = randomUUID();
      if (type === 'DryRun') return { StatusCode: 204 };
      if (type === 'Event') {
        events.accept({ requestId, ...reference, payload: event });
        return { StatusCode: 202 };
      }
      const clientContext = readClientContext(input.ClientContext);
      const result = await runInvocation(
        { target, requestId, event, maxWaitMs: maxSyncWaitMs, ...(clientContext !== undefined && { clientContext }) },
        tools,
      );
      return toOutput(result, target.version, input.LogType === 'Tail');
    },
  };
}

type InvocationType = keyof typeof maxBytes;

function readInvocationType(type: string | undefined): InvocationType {
  if (type === undefined) return 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event' || type === 'DryRun') return type;
  throw invalidParameter(`InvocationType is ${type}, but must be RequestResponse, Event or DryRun`);
}

/** Without a payload the event is an empty object. */
function readPayload(payload: Uint8Array, type: InvocationType): string {
  if (payload.byteLength > maxBytes[type]) {
    throw new AwsError(
      'RequestTooLargeException',
      `${payload.byteLength} byte payload is too large for the ${type} invocation type (limit ${maxBytes[type]} bytes)`,
      { httpStatus: 413, members: { Type: 'User' } },
    );
  }
  const text = Buffer.from(payload).toString('utf8');
  if (text === '') return '{}';
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/"[^]*"/, 'the text') : 'no JSON';
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`, {
      members: { Type: 'User' },
    });
  }
}

function readClientContext(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, 'base64').toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.', {
      members: { Type: 'User' },
    });
  }
}

function toOutput(
  result: { payload: string; functionError?: 'Unhandled'; log: readonly string[] },
  version: string,
  withTail: boolean,
): Omit<InvokeCommandOutput, '$metadata'> {
  return {
    StatusCode: 200,
    ExecutedVersion: version,
    Payload: Uint8ArrayBlobAdapter.fromString(result.payload),
    ...(result.functionError && { FunctionError: result.functionError }),
    ...(withTail && { LogResult: toTail(result.log) }),
  };
}

/** The last 4 KB of what was logged, as Base64. */
function toTail(log: readonly string[]): string {
  const bytes = Buffer.from(log.map((line) => `${line}\n`).join(''));
  return bytes.subarray(Math.max(0, bytes.length - maxTailBytes)).toString('base64');
}
