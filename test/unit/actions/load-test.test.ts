import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../../shared/actions/runner/job.ts';
import { isAllowed } from '../../../shared/actions/web/allowed-hosts.ts';
import { load } from '../../../shared/actions/load-test/load.ts';
import { missed, percentile, sumUp, type Measured } from '../../../shared/actions/load-test/measured.ts';
import loadTest from '../../../shared/actions/load-test/run.ts';
import { actionBench, type ActionBenchOptions } from '../../../shared/actions/testing/testing.ts';
import { testCertificate } from '../../support/certificate.ts';
import { webServer, type WebReply, type WebServer } from '../../support/web-server.ts';

let site: WebServer;
let reply: (path: string, count: number) => WebReply;
beforeEach(async () => {
  reply = () => ({ status: 200, body: 'open' });
  site = await webServer(({ path }, count) => reply(path, count));
});
afterEach(() => site.close());

const secrets = { read: async () => 'Bearer s3cr3t-of-the-site' };

async function run(parameters: object, options: ActionBenchOptions = {}): Promise<Answer> {
  const { answers } = await actionBench(loadTest, { gateways: { secrets }, ...options }).deliver({
    parameters: { url: `${site.url}/`, allowedHosts: ['127.0.0.1'], durationSeconds: 1, connections: 2, ...parameters },
  });
  expect(answers).toHaveLength(1);
  expect(JSON.stringify(answers)).not.toContain('s3cr3t');
  return answers[0]?.answer as Answer; // there is one
}

describe('load-test', () => {
  it('passes a site that keeps to every threshold, and says what it measured', async () => {
    const answer = await run({
      ...{ secretHeaders: { authorization: 'load-token' }, headers: { 'x-tenant': 'shop' } },
      ...{ maxLatencyP99Ms: 5_000, minRequestsPerSecond: 1, requestsPerSecond: 20 },
    });
    expect(answer).toMatchObject({ kind: 'succeeded', outputs: { errorPercent: '0' } });
    // One was made before the load began.
    expect(site.requests.length).toBeGreaterThanOrEqual(20);
    expect(site.requests.length).toBeLessThanOrEqual(45);
    expect(site.requests.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer s3cr3t-of-the-site',
      'x-tenant': 'shop',
      host: new URL(site.url).host,
    });
  });

  it('fails with every threshold that was missed', async () => {
    reply = (_path, count) => ({ status: count % 2 === 0 ? 503 : 200 });
    const answer = await run({ maxLatencyP50Ms: 0.001, minRequestsPerSecond: 1_000_000, requestsPerSecond: 20 });
    expect(answer).toMatchObject({ kind: 'failed', type: 'JobFailed' });
    expect(answer).toHaveProperty(
      'message',
      expect.stringMatching(
        /under load: [\d.]+ % of the requests failed \(\d+ of status 200, \d+ of status 503, 0 unanswered\), allowed are 1 %; 50 % of the answers took up to \d+ ms, allowed are 0.001 ms; [\d.]+ good answers a second, asked for are 1000000$/,
      ),
    );
  });

  it('puts no load on a site that is down or answers badly', async () => {
    reply = () => ({ status: 500 });
    expect(await run({})).toMatchObject({ type: 'JobFailed', message: expect.stringContaining('answered 500 before') });
    expect(site.requests).toHaveLength(1);
    const { url } = site;
    await site.close();
    expect(await run({ url })).toMatchObject({
      type: 'JobFailed',
      message: expect.stringMatching(/gave no answer before the load began \(.*ECONNREFUSED/),
    });
    site = await webServer(() => 'none');
  });

  it('puts no load on a host outside the list', async () => {
    expect(await run({ allowedHosts: ['*.shop.example', 'localhost'] })).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringMatching(/parameters\.url: its host is not among allowedHosts/),
    });
    expect(site.requests).toEqual([]);
  });

  it('refuses a redirect to a host outside the list, which gets nothing, and tells no token of its URL', async () => {
    reply = () => ({ status: 302, headers: { location: 'http://localhost:1/?token=s3cr3t' } });
    expect(await run({})).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringMatching(/redirects to localhost:1, which is not among allowedHosts/),
    });
    expect(site.requests).toHaveLength(1);
  });

  it('follows a redirect to a host of the list, unless secrets would go along', async () => {
    const other = await webServer(() => ({ status: 200 }));
    reply = () => ({ status: 302, headers: { location: `${other.url}/new` } });
    expect(await run({ requestsPerSecond: 5 })).toMatchObject({ kind: 'succeeded' });
    const count = other.requests.length;
    expect(count).toBeGreaterThan(1);
    expect(await run({ secretHeaders: { authorization: 'load-token' } })).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringContaining('which its secrets are not meant for'),
    });
    expect(other.requests).toHaveLength(count);
    await other.close();
  });

  it('gives up on redirects that do not end', async () => {
    reply = () => ({ status: 302, headers: { location: '/' } });
    expect(await run({})).toMatchObject({ message: expect.stringContaining('redirects more than 5 times') });
  });

  it('tries nothing before the load that changes something', async () => {
    expect(await run({ method: 'POST', body: '{"a":1}', requestsPerSecond: 5 })).toMatchObject({ kind: 'succeeded' });
    expect(new Set(site.requests.map(({ method, text }) => `${method} ${text}`))).toEqual(new Set(['POST {"a":1}']));
  });

  it('fails at once when the function has less time than the load takes', async () => {
    expect(await run({ durationSeconds: 30 }, { remainingMs: 20_000 })).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringMatching(/30 seconds of load do not fit into the 1\d/),
    });
  });
});

describe('load-test of a site with a certificate', () => {
  const trusted = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(trusted));

  /** What the action answers, and what the site was sent. */
  async function load(method: string, certificate: { cert: string; key: string }) {
    const seen: string[] = [];
    const server = createTlsServer(certificate, (request, response) => {
      seen.push(`${request.method} ${request.headers.authorization}`);
      response.end('open');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`; // a TCP server's address is no string
    const secretHeaders = { authorization: 'load-token' };
    const answer = await run({ url, method, secretHeaders, connections: 1, requestsPerSecond: 2 });
    server.close();
    server.closeAllConnections();
    return { answer, seen };
  }

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'sends no %s, and so no secret, where nobody trusts it',
    async (method) => {
      const { answer, seen } = await load(method, testCertificate(new Date('2049-01-01T00:00:00Z')));
      expect(answer).toMatchObject({ type: 'JobFailed', message: expect.stringContaining('self-signed certificate') });
      expect(seen).toEqual([]);
    },
  );

  it('loads the site where it is trusted', async () => {
    const certificate = testCertificate(new Date('2049-01-01T00:00:00Z'));
    setDefaultCACertificates([...trusted, certificate.cert]);
    const { answer, seen } = await load('POST', certificate);
    expect(answer).toMatchObject({ kind: 'succeeded' });
    expect(new Set(seen)).toEqual(new Set(['POST Bearer s3cr3t-of-the-site']));
  });
});

describe('load', () => {
  const begin = (durationMs: number, signal = new AbortController().signal): Promise<Measured> =>
    load({ url: new URL(site.url), method: 'GET', headers: {}, connections: 3, durationMs, signal });

  it('counts no error when the site closes each connection behind its answer', async () => {
    reply = () => ({ status: 200, headers: { connection: 'close' }, body: 'open' });
    const result = sumUp(await begin(200));
    expect(result.requestCount).toBeGreaterThan(3);
    expect(result.errorPercent).toBe(0);
  });

  it('counts requests that are hung up on', async () => {
    reply = () => 'none';
    const measured = await begin(200);
    expect(missed(measured, { maxErrorPercent: 100 })).toEqual(['no request was answered']);
    reply = (_path, count) => (count % 2 === 0 ? 'none' : { status: 200 });
    expect(sumUp(await begin(200)).errorPercent).toBeGreaterThan(20);
  });

  it('counts redirects as errors, and follows none', async () => {
    reply = (path) => ({ status: path === '/' ? 302 : 200, headers: { location: '/elsewhere' } });
    expect(sumUp(await begin(100)).errorPercent).toBe(100);
    expect(new Set(site.requests.map(({ path }) => path))).toEqual(new Set(['/']));
  });

  it('ends when the action must, and sends nothing more', async () => {
    const abort = new AbortController();
    const running = begin(60_000, abort.signal);
    abort.abort(new Error('out of time'));
    await expect(running).rejects.toThrow('out of time');
  });

  it('ends early when the site is gone', async () => {
    const { url } = site;
    await site.close();
    const { signal } = new AbortController();
    const options = { method: 'GET', headers: {}, connections: 3, durationMs: 60_000, signal };
    expect(await load({ ...options, url: new URL(url) })).toMatchObject({ isGone: true });
    site = await webServer(() => 'none');
  });
});

describe('what a load test decides', () => {
  const measured: Measured = {
    ...{ connections: 10, elapsedMs: 2_000, sentCount: 110, failureCount: 2, closedCount: 0, isGone: false },
    statuses: new Map([
      [200, 95],
      [500, 3],
    ]),
    latencies: new Map([
      [10, 50],
      [20, 40],
      [400, 8],
    ]),
  };

  it('sums up what was seen; what was under way at the end is no error', () => {
    expect(sumUp(measured)).toEqual({
      ...{ requestCount: 100, errorPercent: 5, requestsPerSecond: 47.5 },
      ...{ latencyP50Ms: 10, latencyP95Ms: 400, latencyP99Ms: 400 },
    });
    expect(sumUp({ ...measured, sentCount: 120 })).toMatchObject({ requestCount: 110, errorPercent: 13.64 });
  });

  it('lets pass what is at a threshold, and no more', () => {
    const at = { maxErrorPercent: 5, minRequestsPerSecond: 47.5, maxLatencyP95Ms: 400 };
    expect(missed(measured, at)).toEqual([]);
    expect(missed(measured, { ...at, maxErrorPercent: 4.9 })).toHaveLength(1);
    expect(missed(measured, { ...at, minRequestsPerSecond: 47.6 })).toHaveLength(1);
    expect(missed(measured, { ...at, maxLatencyP95Ms: 399 })).toEqual([
      '95 % of the answers took up to 400 ms, allowed are 399 ms',
    ]);
    expect(missed({ ...measured, isGone: true }, at)).toHaveLength(1);
  });

  it('gives as percentile a latency that so many answers did not exceed, and fewer kept to any lower one', () => {
    const latencies = fc.array(fc.tuple(fc.nat(5_000), fc.integer({ min: 1, max: 50 })), { minLength: 1 });
    fc.assert(
      fc.property(latencies, fc.integer({ min: 1, max: 100 }), (pairs, percent) => {
        const counts = new Map(pairs);
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        const found = percentile(counts, percent);
        const upTo = (most: number): number =>
          [...counts].reduce((sum, [latencyMs, count]) => sum + (latencyMs <= most ? count : 0), 0);
        expect(counts.has(found)).toBe(true);
        expect((100 * upTo(found)) / total).toBeGreaterThanOrEqual(percent - 1e-9);
        expect((100 * upTo(found - 1)) / total).toBeLessThan(percent);
      }),
    );
  });

  it.each([
    ['http://shop.example/', ['shop.example'], true],
    ['http://SHOP.example:8080/', ['shop.example'], true],
    ['http://a.b.shop.example/', ['*.shop.example'], true],
    ['http://shop.example/', ['*.shop.example'], false],
    ['http://evilshop.example/', ['*.shop.example'], false],
    ['http://shop.example.evil.example/', ['shop.example', '*.shop.example'], false],
    ['http://shop.example@evil.example/', ['shop.example'], false],
    ['http://[::1]:80/', ['[::1]'], true],
  ])('about %s in the list %s: %s', (url, allowedHosts, expected) => {
    expect(isAllowed(new URL(url), allowedHosts)).toBe(expected);
  });
});
