import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import type { UnsignedRoute, WireRequest, WireResponse } from '../../../local/gateway/service.ts';
import type { Json, JsonObject } from '../../../local/json.ts';
import { openApiGateway } from '../../../local/services/apigateway/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

let cloud: TestCloud;
let route: UnsignedRoute;
let apiId: string;
/** What each function answers, and the events that it was given. */
let functions: Record<string, (event: JsonObject) => Json | Promise<Json>>;
let events: JsonObject[];

beforeEach(async () => {
  events = [];
  functions = {
    hook: () => ({ statusCode: 202, body: 'ok' }),
    authorize: () => ({ isAuthorized: true, context: { principal: 'ann' } }),
  };
  cloud = await testCloud({
    services: [
      (context) => {
        const module = openApiGateway(context);
        const [first] = module.routes ?? [];
        if (!first) throw new Error('the service has a route');
        route = first;
        return module;
      },
    ],
  });
  cloud.answer('lambda', 'Invoke', async ({ FunctionName, Payload }: { FunctionName: string; Payload: Uint8Array }) => {
    const event = JSON.parse(Buffer.from(Payload).toString()) as JsonObject;
    events.push(event);
    const run = functions[FunctionName.split(':').at(-1) ?? ''];
    if (!run) throw new AwsError('ResourceNotFoundException', `no function ${FunctionName}`);
    try {
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(await run(event))) };
    } catch (error) {
      return {
        StatusCode: 200,
        FunctionError: 'Unhandled',
        Payload: Buffer.from(JSON.stringify({ errorMessage: String(error) })),
      };
    }
  });
  await provisionApi();
});

afterEach(async () => {
  vi.useRealTimers();
  await cloud.close();
});

async function provisionApi(): Promise<void> {
  const api = await cloud.provision('AWS::ApiGatewayV2::Api', 'Api', { Name: 'Api', ProtocolType: 'HTTP' });
  apiId = api.physicalId;
  expect(api.attributes).toEqual({ ApiId: apiId, ApiEndpoint: `http://127.0.0.1:4566/_api/${apiId}` });
  const integration = await cloud.provision('AWS::ApiGatewayV2::Integration', 'Integration', {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionArn('hook'),
    PayloadFormatVersion: '2.0',
  });
  const authorizer = await cloud.provision('AWS::ApiGatewayV2::Authorizer', 'Authorizer', {
    ApiId: apiId,
    Name: 'Bearer',
    AuthorizerType: 'REQUEST',
    AuthorizerPayloadFormatVersion: '2.0',
    AuthorizerResultTtlInSeconds: 0,
    EnableSimpleResponses: true,
    IdentitySource: ['$request.header.Authorization'],
    AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn('authorize')}/invocations`,
  });
  const target = { ApiId: apiId, Target: `integrations/${integration.physicalId}` };
  await cloud.provision('AWS::ApiGatewayV2::Route', 'Hook', {
    ...target,
    RouteKey: 'POST /webhooks/github',
    AuthorizationType: 'NONE',
  });
  await cloud.provision('AWS::ApiGatewayV2::Route', 'Read', {
    ...target,
    RouteKey: 'GET /api/releases/{id}',
    AuthorizationType: 'CUSTOM',
    AuthorizerId: authorizer.physicalId,
  });
  await cloud.provision('AWS::ApiGatewayV2::Stage', 'Stage', {
    ApiId: apiId,
    StageName: '$default',
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:a',
      Format: '{"route":"$context.routeKey","status":"$context.status","error":"$context.integrationErrorMessage"}',
    },
    DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    RouteSettings: { 'POST /webhooks/github': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 3 } },
  });
}

function send(method: string, path: string, options: Partial<WireRequest> = {}): Promise<WireResponse> {
  const headers = { host: '127.0.0.1:4566', 'user-agent': 'test', ...options.headers };
  return route.serve({
    method,
    path: `/_api/${apiId}${path}`,
    query: options.query ?? '',
    headers,
    body: options.body ?? new Uint8Array(),
    sourceIp: '127.0.0.1',
  });
}

const text = (response: WireResponse): string => Buffer.from(response.body).toString();

test('[apigateway.proxy-event] a function gets the event of payload format 2.0', async () => {
  const body = Buffer.from('{"ref":"refs/heads/main"}');
  const response = await send('POST', '/webhooks/github', {
    body,
    query: 'a=1&a=2&b=x%20y',
    headers: { 'content-type': 'application/json', 'x-github-event': 'push', cookie: 'one=1; two=2' },
  });
  expect(response).toMatchObject({ status: 202, body: 'ok' });
  expect(events).toEqual([
    {
      version: '2.0',
      routeKey: 'POST /webhooks/github',
      rawPath: '/webhooks/github',
      rawQueryString: 'a=1&a=2&b=x%20y',
      cookies: ['one=1', 'two=2'],
      headers: {
        host: '127.0.0.1:4566',
        'user-agent': 'test',
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-695b7d90-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '4566',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2', b: 'x y' },
      requestContext: {
        accountId: '123456789012',
        apiId,
        domainName: '127.0.0.1:4566',
        domainPrefix: apiId,
        http: {
          method: 'POST',
          path: '/webhooks/github',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.any(String),
        routeKey: 'POST /webhooks/github',
        stage: '$default',
        time: '05/Jan/2026:09:00:00 +0000',
        timeEpoch: Date.UTC(2026, 0, 5, 9),
      },
      body: '{"ref":"refs/heads/main"}',
      isBase64Encoded: false,
    },
  ]);
  expect(cloud.calls.at(-1)?.principal).toEqual({
    kind: 'service',
    arn: 'apigateway.amazonaws.com',
    service: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/$default/POST/webhooks/github`,
  });
});

test('[apigateway.proxy-event.base64] a body that is not text comes as base64', async () => {
  await send('POST', '/webhooks/github', {
    body: Buffer.from('a=1'),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  await send('POST', '/webhooks/github', { body: new Uint8Array([0xff]), headers: { 'content-type': 'text/plain' } });
  expect(events.map(({ body, isBase64Encoded }) => [body, isBase64Encoded])).toEqual([
    ['YT0x', true],
    ['/w==', true],
  ]);
});

test('[apigateway.authorizer] the authorizer is asked with its identity source, and its context reaches the function', async () => {
  const response = await send('GET', '/api/releases/r-1', { headers: { authorization: 'Bearer t' } });
  expect(response.status).toBe(202);
  expect(events[0]).toMatchObject({
    version: '2.0',
    type: 'REQUEST',
    routeArn: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/$default/GET/api/releases/r-1`,
    identitySource: ['Bearer t'],
    routeKey: 'GET /api/releases/{id}',
    pathParameters: { id: 'r-1' },
  });
  expect(events[0]).not.toHaveProperty('isBase64Encoded');
  expect(events[1]).toMatchObject({
    requestContext: { authorizer: { lambda: { principal: 'ann' } } },
    pathParameters: { id: 'r-1' },
  });
});

test('[apigateway.authorizer.identity-source] refuses a request without the identity source as 401, and asks no function', async () => {
  const response = await send('GET', '/api/releases/r-1');
  expect([response.status, text(response)]).toEqual([401, '{"message":"Unauthorized"}']);
  expect(events).toEqual([]);
});

test('[apigateway.authorizer.refused] refuses as 403 what the authorizer refuses', async () => {
  functions['authorize'] = () => ({ isAuthorized: false });
  const response = await send('GET', '/api/releases/r-1', { headers: { authorization: 'Bearer t' } });
  expect([response.status, text(response)]).toEqual([403, '{"message":"Forbidden"}']);
  expect(events).toHaveLength(1);
});

test.each<[string, () => Json]>([
  ['returns no decision', () => ({ isAuthorized: 'true' })],
  ['throws', () => raise()],
])('[apigateway.authorizer.failed] an authorizer that %s is a 500, never a way in', async (_what, authorizer) => {
  functions['authorize'] = authorizer;
  const response = await send('GET', '/api/releases/r-1', { headers: { authorization: 'Bearer t' } });
  expect([response.status, text(response)]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect(events).toHaveLength(1);
});

function raise(): never {
  throw new Error('failed');
}

test.each<[string, () => Json]>([
  ['throws', () => raise()],
  ['answers malformed', () => ({ statusCode: 'ok' })],
])('[apigateway.integration.failed] a function that %s is a 500', async (_what, hook) => {
  functions['hook'] = hook;
  const response = await send('POST', '/webhooks/github');
  expect([response.status, text(response)]).toEqual([500, '{"message":"Internal Server Error"}']);
});

test('[apigateway.integration.timeout] a function that takes longer than 30 s is a 503', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  functions['hook'] = () => new Promise(() => undefined);
  let response: WireResponse | undefined;
  void send('POST', '/webhooks/github').then((value) => (response = value));
  await vi.advanceTimersByTimeAsync(29_999);
  expect(response).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(response).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' });
});

test('[apigateway.limits] refuses what is over the size limits', async () => {
  expect((await send('POST', '/webhooks/github', { body: new Uint8Array(10 * 1024 * 1024 + 1) })).status).toBe(413);
  expect((await send('POST', '/webhooks/github', { headers: { 'x-large': 'a'.repeat(10_240) } })).status).toBe(431);
  expect(events).toEqual([]);
});

test('[apigateway.throttle] a route lets its burst through, and then as many as its rate', async () => {
  const statuses = async (count: number): Promise<number[]> => {
    const all = [];
    for (let index = 0; index < count; index++) all.push((await send('POST', '/webhooks/github')).status);
    return all;
  };
  expect(await statuses(4)).toEqual([202, 202, 202, 429]);
  await cloud.advance(1_000);
  expect(await statuses(2)).toEqual([202, 429]);
});

test('[apigateway.routes.none] what no route is for is a 404, and so is an API that is not there', async () => {
  expect(text(await send('PUT', '/webhooks/github'))).toBe('{"message":"Not Found"}');
  apiId = 'none';
  expect((await send('POST', '/webhooks/github')).status).toBe(404);
});

test('[apigateway.access-log] the access log has a line per request, which a request cannot break', async () => {
  await send('POST', '/webhooks/github');
  await send('PUT', '/x"\n');
  functions['hook'] = () => raise();
  await send('POST', '/webhooks/github');
  const log = readFileSync(join(cloud.context.folder, 'logs', `api-${apiId}.log`), 'utf8');
  expect(log.trimEnd().split('\n')).toEqual([
    '{"route":"POST /webhooks/github","status":"202","error":"-"}',
    '{"route":"-","status":"404","error":"-"}',
    '{"route":"POST /webhooks/github","status":"500","error":"The function failed"}',
  ]);
});

test('an API is served again after a restart', async () => {
  cloud = await cloud.restart();
  cloud.answer('lambda', 'Invoke', () => ({ StatusCode: 200, Payload: Buffer.from('"back"') }));
  expect(text(await send('POST', '/webhooks/github'))).toBe('back');
});

test.each([
  [
    'AWS::ApiGatewayV2::Api',
    { ProtocolType: 'WEBSOCKET' },
    'Part: ProtocolType "WEBSOCKET" of AWS::ApiGatewayV2::Api is not supported locally',
  ],
  [
    'AWS::ApiGatewayV2::Api',
    { CorsConfiguration: {} },
    'Part: CorsConfiguration of AWS::ApiGatewayV2::Api is not supported locally',
  ],
  ['AWS::ApiGatewayV2::Route', { ApiId: 'a', RouteKey: 'GET' }, "the route key 'GET' is not valid"],
])('[apigateway.template.refused] refuses by name what %s has no behaviour for', async (type, properties, text) => {
  await expect(cloud.provision(type, 'Part', properties)).rejects.toThrow(text);
});
