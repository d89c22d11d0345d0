import type { WireRequest } from '../../gateway/service.ts';
import type { JsonObject } from '../../json.ts';
import { decodePath } from './match-route.ts';

/** What is known of a request before any function has seen it. */
export interface ProxyRequest {
  readonly wire: WireRequest;
  /** The path below the API's URL, still encoded; a named stage is its first segment. */
  readonly path: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly traceId: string;
  readonly atMs: number;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The event of a Lambda integration, payload format 2.0. Members that have nothing to say are left out, as on AWS. */
export function proxyEvent(request: ProxyRequest, authorizer: JsonObject | undefined): JsonObject {
  const { wire } = request;
  const isText = isTextual(wire.headers['content-type'], wire.body);
  return {
    version: '2.0',
    ...requestMembers(request),
    requestContext: requestContext(request, authorizer),
    ...parameterMembers(request),
    ...(wire.body.length > 0 && { body: Buffer.from(wire.body).toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: wire.body.length > 0 && !isText,
  };
}

/** The event of a Lambda authorizer, format 2.0: the same without the body. */
export function authorizerEvent(
  request: ProxyRequest,
  routeArn: string,
  identitySource: readonly string[],
): JsonObject {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn,
    identitySource: [...identitySource],
    ...requestMembers(request),
    requestContext: requestContext(request, undefined),
    ...parameterMembers(request),
  };
}

function requestMembers(request: ProxyRequest): JsonObject {
  const { wire, routeKey } = request;
  const cookies = (wire.headers['cookie'] ?? '').split(/;\s*/).filter((cookie) => cookie !== '');
  return {
    routeKey,
    rawPath: decodePath(request.path) ?? request.path,
    rawQueryString: wire.query,
    ...(cookies.length > 0 && { cookies }),
    headers: headersOf(request),
    ...(wire.query !== '' && { queryStringParameters: queryParameters(wire.query) }),
  };
}

function parameterMembers({ pathParameters, stageVariables }: ProxyRequest): JsonObject {
  return {
    ...(Object.keys(pathParameters).length > 0 && { pathParameters: { ...pathParameters } }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables: { ...stageVariables } }),
  };
}

function headersOf({ wire, traceId }: ProxyRequest): JsonObject {
  // Cookies are in a list of their own.
  const headers = Object.fromEntries(Object.entries(wire.headers).filter(([name]) => name !== 'cookie'));
  const forwardedFor = headers['x-forwarded-for'];
  return {
    ...headers,
    'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? traceId,
    'x-forwarded-for': forwardedFor === undefined ? wire.sourceIp : `${forwardedFor}, ${wire.sourceIp}`,
    'x-forwarded-port': /:(\d+)$/.exec(headers['host'] ?? '')?.[1] ?? '80',
    'x-forwarded-proto': 'http',
  };
}

/** Values of a name that comes more than once are joined with commas. */
function queryParameters(query: string): JsonObject {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}

function requestContext(request: ProxyRequest, authorizer: JsonObject | undefined): JsonObject {
  const { wire } = request;
  return {
    accountId: request.accountId,
    apiId: request.apiId,
    ...(authorizer && { authorizer: { lambda: authorizer } }),
    domainName: wire.headers['host'] ?? '',
    domainPrefix: request.apiId,
    http: {
      method: wire.method,
      path: decodePath(request.path) ?? request.path,
      protocol: 'HTTP/1.1',
      sourceIp: wire.sourceIp,
      userAgent: wire.headers['user-agent'] ?? '',
    },
    requestId: request.requestId,
    routeKey: request.routeKey,
    stage: request.stage,
    time: commonLogTime(request.atMs),
    timeEpoch: request.atMs,
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `05/Jan/2026:09:00:00 +0000`. */
export function commonLogTime(atMs: number): string {
  const date = new Date(atMs);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${day}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}

/** Which bodies reach a function as text: these content types, as far as they are UTF-8; all others as base64. */
function isTextual(contentType: string | undefined, body: Uint8Array): boolean {
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const isText = mediaType.startsWith('text/') || /^application\/(json|xml|javascript)$/.test(mediaType);
  return isText && isUtf8(body);
}

function isUtf8(body: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
    return true;
  } catch {
    return false;
  }
}
