import { randomBytes } from 'node:crypto';
import type { WireRequest, WireResponse } from '../../gateway/service.ts';
import type { JsonObject } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import { accessLogLine, appendAccessLog, type AccessLogValues } from './access-log.ts';
import type { ApiStore } from './api-store.ts';
import { authorize } from './authorize.ts';
import { findTarget, numberOf, objectOf, throttleLimit, type FoundRoute, type Target } from './find-target.ts';
import { functionArnOf, invokeFunction } from './invoke-function.ts';
import { commonLogTime, proxyEvent, type ProxyRequest } from './proxy-event.ts';
import { proxyResponse } from './proxy-response.ts';
import { requestMetrics } from './request-metrics.ts';
import type { Throttle } from './throttle.ts';

/** What serving needs. */
export interface ApiServer {
  readonly context: CloudContext;
  readonly store: ApiStore;
  readonly throttle: Throttle;
}

/** An answer, and what the access log says of how it came about. */
interface Served {
  readonly response: WireResponse;
  readonly log?: AccessLogValues;
}

/** Documented limits: the payload, and the request line with all headers. */
const maxPayloadBytes = 10 * 1024 * 1024;
const maxHeaderBytes = 10_240;
/** The longest that an HTTP API waits for an integration; it cannot be raised. */
const maxIntegrationMs = 30_000;

/** Answers one request to an HTTP API as API Gateway would, and writes its access log. */
export async function serveApi(server: ApiServer, wire: WireRequest): Promise<WireResponse> {
  const target = findTarget(server.store, wire);
  if (!target) return message(404, 'Not Found').response;
  const request = proxyRequest(server, target, wire);
  const { response, log } = await serveTarget(server, target, request);
  writeAccessLog(server, target, request, { ...log, ...responseValues(response) });
  server.context.putMetrics(requestMetrics(target, response.status));
  return { ...response, headers: { ...response.headers, 'apigw-requestid': request.requestId } };
}

function proxyRequest({ context }: ApiServer, target: Target, wire: WireRequest): ProxyRequest {
  const atMs = context.clock.nowMs();
  const seconds = Math.floor(atMs / 1000).toString(16);
  const variables = Object.entries(objectOf(target.stage.properties['StageVariables']));
  return {
    wire,
    path: target.path,
    accountId: context.account,
    apiId: target.apiId,
    stage: target.stage.id,
    stageVariables: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
    requestId: randomBytes(12).toString('base64url'),
    traceId: `Root=1-${seconds.padStart(8, '0')}-${randomBytes(12).toString('hex')}`,
    atMs,
    routeKey: target.route?.routeKey ?? '',
    pathParameters: target.route?.pathParameters ?? {},
  };
}

async function serveTarget(server: ApiServer, target: Target, request: ProxyRequest): Promise<Served> {
  const { wire } = request;
  if (headerBytes(wire) > maxHeaderBytes) return message(431, 'Request Header Fields Too Large');
  if (wire.body.length > maxPayloadBytes) return message(413, 'Request Entity Too Large');
  const { route } = target;
  if (!route) return message(404, 'Not Found');
  const limit = throttleLimit(target.stage.properties, route.routeKey);
  const bucket = `${target.apiId}/${target.stage.id}/${route.routeKey}`;
  if (!server.throttle.take(bucket, limit)) return message(429, 'Too Many Requests');
  return serveRoute(server, route, request);
}

function headerBytes(wire: WireRequest): number {
  const lines = Object.entries(wire.headers).map(([name, value]) => name.length + value.length + 4);
  return lines.reduce((sum, length) => sum + length, wire.method.length + wire.path.length + wire.query.length + 12);
}

async function serveRoute(server: ApiServer, route: FoundRoute, request: ProxyRequest): Promise<Served> {
  if (route.properties['AuthorizationType'] !== 'CUSTOM') return integrate(server, route, request, undefined);
  const authorizer = server.store.find('authorizer', request.apiId, String(route.properties['AuthorizerId']));
  if (!authorizer) return message(500, 'Internal Server Error', { 'authorizer.error': 'The authorizer is gone' });
  const { context } = server;
  const authorization = await authorize(context.gateway, authorizer.properties, request, {
    route: apiArn(server, request, `${request.stage}/${request.wire.method}${request.path}`),
    authorizer: apiArn(server, request, `authorizers/${authorizer.id}`),
  });
  switch (authorization.kind) {
    case 'granted':
      return integrate(server, route, request, authorization.context);
    case 'unauthenticated':
      return message(401, 'Unauthorized');
    case 'refused':
      return message(403, 'Forbidden');
    case 'failed':
      return message(500, 'Internal Server Error', { 'authorizer.error': authorization.reason });
  }
}

async function integrate(
  server: ApiServer,
  route: FoundRoute,
  request: ProxyRequest,
  authorizer: JsonObject | undefined,
): Promise<Served> {
  const id = String(route.properties['Target']).replace(/^integrations\//, '');
  const integration = server.store.find('integration', request.apiId, id);
  if (!integration) return failed('The integration is gone');
  const { IntegrationUri, TimeoutInMillis } = integration.properties;
  const timeoutMs = Math.min(numberOf(TimeoutInMillis, maxIntegrationMs), maxIntegrationMs);
  const functionArn = functionArnOf(String(IntegrationUri));
  const sourceArn = apiArn(server, request, routeSource(request));
  const event = proxyEvent(request, authorizer);
  const answer = await invokeFunction(server.context.gateway, { functionArn, sourceArn, timeoutMs }, event);
  if (answer.kind === 'timed-out') {
    return message(503, 'Service Unavailable', errorValues('Endpoint request timed out'));
  }
  if (answer.kind === 'failed') return failed(answer.reason);
  const response = proxyResponse(answer.payload);
  return response ? { response } : failed('The response of the function is malformed');
}

function apiArn({ context }: ApiServer, { apiId }: ProxyRequest, path: string): string {
  return `arn:aws:execute-api:${context.region}:${context.account}:${apiId}/${path}`;
}

/** What permissions name: the route's own path, parameters in braces, not the path that was asked for. */
function routeSource({ routeKey, stage, wire }: ProxyRequest): string {
  const path = routeKey.split(' ')[1];
  return path === undefined ? `${stage}/$default` : `${stage}/${wire.method}${path}`;
}

function failed(reason: string): Served {
  return message(500, 'Internal Server Error', errorValues(reason));
}

function errorValues(reason: string): AccessLogValues {
  return { integrationErrorMessage: reason, 'integration.error': reason };
}

function message(status: number, text: string, log: AccessLogValues = {}): Served {
  const response = { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: text }) };
  return { response, log: { ...log, 'error.message': text } };
}

function responseValues({ status, body }: WireResponse): AccessLogValues {
  return { status, responseLength: typeof body === 'string' ? Buffer.byteLength(body) : body.length };
}

function writeAccessLog(server: ApiServer, target: Target, request: ProxyRequest, values: AccessLogValues): void {
  const format = objectOf(target.stage.properties['AccessLogSettings'])['Format'];
  if (typeof format !== 'string') return;
  const { context } = server;
  const { wire } = request;
  const latencyMs = context.clock.nowMs() - request.atMs;
  const line = accessLogLine(format, {
    accountId: request.accountId,
    apiId: request.apiId,
    domainName: wire.headers['host'],
    domainPrefix: request.apiId,
    httpMethod: wire.method,
    'identity.sourceIp': wire.sourceIp,
    'identity.userAgent': wire.headers['user-agent'],
    path: request.path,
    protocol: 'HTTP/1.1',
    requestId: request.requestId,
    extendedRequestId: request.requestId,
    requestTime: commonLogTime(request.atMs),
    requestTimeEpoch: request.atMs,
    responseLatency: latencyMs,
    routeKey: request.routeKey,
    stage: request.stage,
    ...values,
  });
  appendAccessLog(context.folder, request.apiId, line);
}
