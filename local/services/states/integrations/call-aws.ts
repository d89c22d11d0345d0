import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../errors.ts';
import type { Json, JsonObject } from '../../../json.ts';
import { runtimeError, StateFailure } from '../errors.ts';
import { errorExists, inputSchema, outputSchema } from './schemas.ts';
import { fromSdk, toSdk } from './translate.ts';
import type { TaskCall } from './integration.ts';

/** How an integration names a service and its errors. */
export interface ErrorSpelling {
  /** Before the dot: `DynamoDb` (aws-sdk integrations), `DynamoDB` (optimized ones). */
  readonly prefix: string;
  /** After the dot for an error that the service's model does not name, e.g. `DynamoDbException`. */
  readonly unmodelled: string;
  /** The words in brackets that the SDK behind the integration adds to a message. */
  trailer(error: AwsError): string;
}

/** A call to a service of the local cloud, in Step Functions' spelling (PascalCase) both ways. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly arguments: Json;
  readonly spelling: ErrorSpelling;
}

/**
 * Makes a call with the machine's role.
 * @throws StateFailure spelled as the integration spells errors; `States.Runtime` for arguments that do not fit
 */
export async function callAws(task: TaskCall, call: AwsCall): Promise<JsonObject> {
  const api = task.gateway.describe(call.service);
  const schema = api && inputSchema(api, call.operation);
  if (!schema) throw runtimeError(`${call.service}:${call.operation} is not supported locally`);
  const input = toSdk(schema, call.arguments);
  let output: unknown;
  try {
    output = await task.gateway.handle({ service: call.service, operation: call.operation, input }, task.principal);
  } catch (error) {
    throw spell(error, call.spelling, error instanceof AwsError && errorExists(api, error.code));
  }
  const answered = outputSchema(api, call.operation);
  return answered ? fromSdk(answered, output) : {};
}

/** An error of a service as a Task state sees it. Exceptions are named as in the SDKs for Java. */
export function spell(error: unknown, spelling: ErrorSpelling, isModelled: boolean): StateFailure {
  if (!(error instanceof AwsError)) {
    const cause = error instanceof Error ? error.message : String(error);
    return new StateFailure({ error: `${spelling.prefix}.SdkClientException`, cause });
  }
  // Nothing may retry or catch what the local cloud lacks: it would look like an error that AWS gives.
  if (error.code === 'NotImplemented') return runtimeError(error.message);
  const name = isModelled ? exceptionName(error.code) : spelling.unmodelled;
  return new StateFailure({
    error: `${spelling.prefix}.${name}`,
    cause: `${error.message} (${spelling.trailer(error)})`,
  });
}

function exceptionName(code: string): string {
  const name = code.replace(/^.*[#.]/, '').replace(/Fault$/, '');
  return name.endsWith('Exception') ? name : `${name}Exception`;
}

/** The spelling of the SDK for Java 1, which the optimized integrations use. */
export function optimizedSpelling(prefix: string, sdkService: string, unmodelled: string): ErrorSpelling {
  return {
    prefix,
    unmodelled,
    trailer: (error) =>
      `Service: ${sdkService}; Status Code: ${error.httpStatus}; Error Code: ${error.code}; Request ID: ${randomUUID()}; Proxy: null`,
  };
}

/** What optimized integrations add to a result about the HTTP answer that they had. */
export function sdkMetadata(): JsonObject {
  return { SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: randomUUID() } };
}

/** Replaces members that AWS takes as text and Step Functions also as JSON by their text. */
export function withTexts(value: Json, members: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const texts = members.flatMap((name) => {
    const member = value[name];
    return member === undefined || typeof member === 'string' ? [] : [[name, JSON.stringify(member)] as const];
  });
  return { ...value, ...Object.fromEntries(texts) };
}
