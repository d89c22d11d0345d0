import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { InvalidInput, SlipwayError, type ErrorKind } from '../errors.ts';
import { log, logInvocation } from './log.ts';

/** A request at the HTTP API. Header names are in lower case. */
export interface HttpRequest {
  /** As the API declares it: `GET /api/releases/{id}`. */
  readonly route: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The exact bytes. */
  readonly body: Uint8Array;
  /** What the authorizer handed on, unread. */
  readonly authorizer: unknown;
  /** One id from here to the last message. */
  readonly traceId: string;
}

/** A JSON answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: object;
}

/** What API Gateway takes as an answer. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const texts = z.pipe(
  z.nullish(z.record(z.string(), z.optional(z.string()))),
  z.transform((read) => read ?? {}),
);

/** The fields of payload format 2.0 that are used. */
const eventSchema = z.object({
  routeKey: z.string(),
  headers: texts,
  pathParameters: texts,
  queryStringParameters: texts,
  body: z.nullish(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({
    requestId: z.string(),
    authorizer: z.optional(z.object({ lambda: z.unknown() })),
  }),
});

const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unavailable: 503,
  internal: 500,
};

/**
 * The chain of a function behind a route: reads the event, answers JSON, and turns an error into a status with a reason.
 * Neither a body nor a header is ever logged.
 */
export function http(
  respond: (request: HttpRequest) => Promise<HttpAnswer>,
): (event: unknown, context: Context) => Promise<HttpResult> {
  const run = async (event: unknown): Promise<HttpResult> => {
    const { status, body } = await respond(readRequest(event));
    return toResult(status, body);
  };
  return middy(run)
    .before((request) => logInvocation(request.context))
    .onError((request) => {
      request.response = refusal(request.error);
    });
}

/** Reads a JSON body; none at all is an empty object. @throws InvalidInput */
export function readJson({ body }: HttpRequest): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new InvalidInput('the body is not JSON; send an object as application/json', { cause });
  }
}

function readRequest(event: unknown): HttpRequest {
  const read = eventSchema.parse(event);
  const headers = Object.fromEntries(Object.entries(read.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    route: read.routeKey,
    headers,
    path: read.pathParameters,
    query: read.queryStringParameters,
    body: Buffer.from(read.body ?? '', read.isBase64Encoded ? 'base64' : 'utf8'),
    authorizer: read.requestContext.authorizer?.lambda,
    traceId: traceOf(headers['x-amzn-trace-id']) ?? read.requestContext.requestId,
  };
}

/** The root that API Gateway gives every request: `Root=1-67891233-abcdef012345678912345678`. */
function traceOf(header: string | undefined): string | undefined {
  return /Root=([0-9a-f-]{1,64})/.exec(header ?? '')?.[1];
}

function refusal(thrown: unknown): HttpResult {
  if (!(thrown instanceof SlipwayError)) {
    log.error('the request failed', thrown);
    return toResult(500, {
      error: 'InternalError',
      message: 'something unexpected failed; the log of this function says what',
    });
  }
  const status = statuses[thrown.kind];
  if (status >= 500) log.error('the request failed', thrown, { status });
  else log.info('the request was refused', { status, errorName: thrown.name, reason: thrown.message });
  return toResult(status, { error: thrown.name, message: thrown.message });
}

function toResult(statusCode: number, body: object): HttpResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
