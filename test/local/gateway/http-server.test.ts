import { request } from 'node:http';
import { connect } from 'node:net';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import { afterEach, expect, test } from 'vitest';
import { createClock } from '../../../local/clock/clock.ts';
import { openCredentials } from '../../../local/gateway/credentials.ts';
import { createGateway } from '../../../local/gateway/gateway.ts';
import { startHttpServer } from '../../../local/gateway/http-server.ts';
import { waitOnServiceTime } from '../../../local/gateway/request-hold.ts';
import { defineService, type UnsignedRoute } from '../../../local/gateway/service.ts';
import { openStore } from '../../../local/store/store.ts';
import { gatewayOverHttp, person, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

let cloud: GatewayOverHttp | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const echo: UnsignedRoute = {
  prefix: '/_api/',
  serve: ({ method, path, query, headers, body }) =>
    Promise.resolve({
      status: 201,
      headers: { 'set-cookie': ['a=1', 'b=2'], 'content-type': 'application/json' },
      body: JSON.stringify({ method, path, query, host: headers['host'], length: body.length }),
    }),
};

function getWithHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/_api/a', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('unsigned requests go to the route with the longest prefix', async () => {
  const other: UnsignedRoute = {
    prefix: '/_api/b/',
    serve: () => Promise.resolve({ status: 204, headers: {}, body: '' }),
  };
  cloud = await gatewayOverHttp([], { routes: [echo, other] });
  const response = await fetch(`${cloud.endpoint}/_api/a%2Fb?x=1`, { method: 'POST', body: 'four' });
  expect(response.status).toBe(201);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.json()).toEqual({
    method: 'POST',
    path: '/_api/a%2Fb',
    query: 'x=1',
    host: `127.0.0.1:${cloud.port}`,
    length: 4,
  });
  expect((await fetch(`${cloud.endpoint}/_api/b/c`)).status).toBe(204);
});

test('refuses an unsigned request that no route is for', async () => {
  cloud = await gatewayOverHttp([], { routes: [echo] });
  const response = await fetch(cloud.endpoint);
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual({
    message: 'Missing Authentication Token: sign the request, or use one of /_api/',
  });
});

test('a route that fails is a 500 without its reason, which is reported', async () => {
  const broken: UnsignedRoute = { prefix: '/_api/', serve: () => Promise.reject(new Error('the reason')) };
  cloud = await gatewayOverHttp([], { routes: [broken] });
  const response = await fetch(`${cloud.endpoint}/_api/a`);
  expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect(cloud.reported.join()).toContain('GET /_api/a failed: Error: the reason');
});

test.each(['example.com', '127.0.0.1.example.com', 'localhost.evil.test:80'])(
  '[gateway.host] refuses the Host header %s',
  async (host) => {
    cloud = await gatewayOverHttp([], { routes: [echo] });
    expect(await getWithHost(cloud.port, host)).toBe(403);
  },
);

test.each(['127.0.0.1', 'localhost:4566', '[::1]:4566'])('[gateway.host] takes the Host header %s', async (host) => {
  cloud = await gatewayOverHttp([], { routes: [echo] });
  expect(await getWithHost(cloud.port, host)).toBe(201);
});

test('refuses a body of an unsigned request over 10 MiB', async () => {
  cloud = await gatewayOverHttp([], { routes: [echo] });
  const response = await fetch(`${cloud.endpoint}/_api/a`, {
    method: 'POST',
    body: new Uint8Array(10 * 1024 * 1024 + 1),
  });
  expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
});

test('what is not HTTP is answered with a 400', async () => {
  cloud = await gatewayOverHttp([], { routes: [echo] });
  const { port } = cloud;
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    socket.on('data', (data) => resolve(data.toString()));
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
});

test('[gateway.port-taken] refuses to start on a taken port, and says so', async () => {
  cloud = await gatewayOverHttp([]);
  const { gateway, credentials, clock, port } = cloud;
  const second = startHttpServer({ gateway, credentials, clock, region: 'us-east-1', port, report: () => undefined });
  await expect(second).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
});

test('says that it is starting until it is opened', async () => {
  const clock = createClock({ kind: 'real' });
  const store = openStore(':memory:');
  const report = (): void => undefined;
  const gateway = createGateway({ clock, report });
  const server = await startHttpServer({
    gateway,
    credentials: openCredentials(store, clock),
    clock,
    report,
    region: 'us-east-1',
    port: 0,
  });
  const response = await fetch(server.endpoint);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  await server.close();
  store.close();
});

test.each(['AKIAUNKNOWN', 'test'])(
  '[gateway.unknown-key] refuses the access key id %s and says which credentials to use',
  async (accessKeyId) => {
    cloud = await gatewayOverHttp([
      defineService<ssm.SSM>({ name: 'ssm', schemas: ssm, protocol: { kind: 'json', version: '1.1' }, operations: {} }),
    ]);
    const client = new ssm.SSM({ ...cloud.client, credentials: { accessKeyId, secretAccessKey: 'test' } });
    await expect(client.getParameter({ Name: 'a' })).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: expect.stringContaining('Use the credentials that it printed when it started'),
    });
    expect(cloud.gateway.recentCalls()).toEqual([]);
  },
);

test('[gateway.region] refuses another region, and names its own', async () => {
  cloud = await gatewayOverHttp([
    defineService<ssm.SSM>({ name: 'ssm', schemas: ssm, protocol: { kind: 'json', version: '1.1' }, operations: {} }),
  ]);
  const client = new ssm.SSM({ ...cloud.client, region: 'eu-west-1' });
  await expect(client.getParameter({ Name: 'a' })).rejects.toThrow(
    'this local cloud is us-east-1, got eu-west-1; set AWS_REGION',
  );
});

test('[gateway.signature.kept] credentials of a principal are the same after a restart, and two principals never share theirs', () => {
  const store = openStore(':memory:');
  const clock = createClock({ kind: 'virtual', startMs: 0 });
  const issued = openCredentials(store, clock).issue(person);
  const again = openCredentials(store, clock);
  expect(again.issue(person)).toEqual(issued);
  expect(again.find(issued.accessKeyId)?.principal).toEqual(person);
  expect(again.issue({ ...person, arn: 'arn:other' }).accessKeyId).not.toBe(issued.accessKeyId);
  store.close();
});

test('[clock.held] a request holds the clock, except while it waits on service time', async () => {
  const clock = createClock({ kind: 'virtual', startMs: 0 });
  const held: boolean[] = [];
  cloud = await gatewayOverHttp(
    [
      defineService<sqs.SQS>({
        name: 'sqs',
        schemas: sqs,
        protocol: { kind: 'json', version: '1.0' },
        operations: {
          ReceiveMessage: async () => {
            held.push(clock.isHeld());
            await waitOnServiceTime(Promise.resolve().then(() => held.push(clock.isHeld())));
            held.push(clock.isHeld());
            return {};
          },
        },
      }),
    ],
    { clock },
  );
  await new sqs.SQS(cloud.client).receiveMessage({ QueueUrl: `${cloud.endpoint}/123456789012/q` });
  expect(held).toEqual([true, false, true]);
  expect(clock.isHeld()).toBe(false);
});
