import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer as JobAnswer } from '../../../shared/actions/runner/job.ts';
import type { JobContext } from '../../../shared/actions/runner/job-event.ts';
import { daysUntil } from '../../../shared/actions/smoke-test/certificate.ts';
import { smokeTest as declaration } from '../../../shared/actions/smoke-test/declaration.ts';
import { checksOf, problemOf } from '../../../shared/actions/smoke-test/probe.ts';
import { retrying } from '../../../shared/actions/smoke-test/retry.ts';
import smokeTest from '../../../shared/actions/smoke-test/run.ts';
import { beginning, judge, nextCheck, percentile95, record } from '../../../shared/actions/smoke-test/seen.ts';
import { actionBench, type TestJobOptions } from '../../../shared/actions/testing/testing.ts';
import { testCertificate } from '../../support/certificate.ts';
import { webServer, type WebReply, type WebServer } from '../../support/web-server.ts';

const context: JobContext = { pipelineExecutionId: 'e-1', pipeline: 'shop', stage: 'Verify', action: 'Smoke' };

let site: WebServer;
let url: string;
let answer: WebReply;
let answers: Record<string, WebReply>;

beforeEach(async () => {
  answer = { status: 200, body: 'The checkout is open.' };
  answers = {};
  site = await webServer(({ path }) => answers[path] ?? answer);
  url = `${site.url}/`;
});
afterEach(() => site.close());

/** What the action answers at once: its time is a second, and the clock stands behind it. */
async function smoke(parameters: object, job: TestJobOptions = {}) {
  const gateways = { secrets: { read: async (name: string) => secrets[name] ?? '' } };
  let nowMs = Date.UTC(2026, 0, 5);
  const bench = actionBench(smokeTest, { gateways, clock: { nowMs: () => (nowMs += 400) } });
  const run = await bench.deliver({
    context,
    parameters: { url, durationSeconds: 1, maxLatencyMs: 400, requestsPerCheck: 2, ...parameters },
    ...job,
  });
  return { ...run, answer: run.answers[0]?.answer as JobAnswer }; // the bench would have thrown without one
}
const secrets: Record<string, string> = { 'site-token': 'Bearer s3cr3t-of-the-site\n', 'two-lines': 'a\nb' };

describe('smoke-test', () => {
  it('goes on by continuation until its time is over, then succeeds', async () => {
    let nowMs = Date.UTC(2026, 0, 5);
    const bench = actionBench(smokeTest, { clock: { nowMs: () => nowMs } });
    const parameters = { url, durationSeconds: 40, requestsPerCheck: 2 };
    const first = await bench.deliver({ id: 'job-1', parameters });
    expect(first.answers).toMatchObject([{ answer: { kind: 'continues', token: 'v1:job-1:1', percentComplete: 0 } }]);
    nowMs += 30_000;
    const second = await bench.deliver({ id: 'job-2', parameters, continuationToken: 'v1:job-1:1' });
    expect(second.answers).toMatchObject([{ answer: { kind: 'continues', token: 'v1:job-1:2', percentComplete: 75 } }]);
    nowMs += 30_000;
    const third = await bench.deliver({ id: 'job-3', parameters, continuationToken: 'v1:job-1:2' });
    expect(third.answers).toMatchObject([
      { answer: { kind: 'succeeded', outputs: { requestCount: '6', failureCount: '0' } } },
    ]);
  });

  it.each([
    ['the wrong status', { status: 500, body: '' }, /status 500, expected 200/],
    ['another page', { status: 200, body: 'Sorry' }, /does not hold "checkout is open"/],
  ])('fails at once on %s', async (_what, wrong, message) => {
    answer = wrong;
    const failed = await smoke({ bodyIncludes: 'checkout is open', durationSeconds: 40 });
    expect(failed.answer).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) });
  });

  it('asks no more once too many requests have failed, or when the time left is short', async () => {
    const parameters = { url, requestsPerCheck: 20, maxLatencyMs: 1000 };
    await actionBench(smokeTest, { remainingMs: 11_000 }).deliver({ parameters });
    expect(site.requests, 'there was time for one').toHaveLength(1);
    answer = { status: 500, body: '' };
    const { answers: given } = await actionBench(smokeTest).deliver({
      id: 'job-2',
      parameters: { ...parameters, allowedFailures: 1 },
    });
    expect(site.requests).toHaveLength(3);
    expect(given).toMatchObject([{ answer: { message: expect.stringContaining('2 of 2 requests failed') } }]);
  });

  it('fails when nobody answers, and says why', async () => {
    await site.close();
    const failed = await smoke({});
    expect(failed.answer).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/no answer .*ECONNREFUSED/),
    });
    site = await webServer(() => 'none');
  });

  it('makes every check in turn, and names the one that failed', async () => {
    answers['/health'] = { status: 204, headers: { 'x-version': 'v42' } };
    const checks = [
      { path: '/health', expectedStatus: 204, expectedHeaders: { 'x-version': 'v42' } },
      { path: '/api' },
    ];
    expect((await smoke({ checks })).answer).toMatchObject({ kind: 'succeeded', outputs: { requestCount: '6' } });
    expect(site.requests.map(({ path }) => path)).toEqual(['/', '/health', '/api', '/', '/health', '/api']);
    answers['/health'] = { status: 204, headers: { 'x-version': 'v41' } };
    expect((await smoke({ checks })).answer).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/1 of 2 requests failed: \/health: header x-version does not hold "v42"$/),
    });
  });

  it('sends headers and the secrets that are named, and tells nobody', async () => {
    const sent = await smoke({ headers: { 'x-tenant': 'shop' }, secretHeaders: { authorization: 'site-token' } });
    expect(site.requests[0]?.headers).toMatchObject({
      'x-tenant': 'shop',
      authorization: 'Bearer s3cr3t-of-the-site',
    });
    expect(JSON.stringify(sent)).not.toContain('s3cr3t');
  });

  it.each([
    ['holds two lines', 'two-lines'],
    ['is empty', 'empty'],
  ])('fails when a secret for a header %s, without its value', async (_what, name) => {
    const failed = await smoke({ secretHeaders: { authorization: name } });
    expect(failed.answer).toEqual({
      kind: 'failed',
      type: 'ConfigurationError',
      message: `secret ${name} is no header's value; keep one line of text in it`,
    });
    expect(site.requests).toEqual([]);
  });

  it('follows a redirect to another origin without its headers', async () => {
    const other = await webServer(() => ({ status: 200, body: 'elsewhere' }));
    answer = { status: 302, headers: { location: `${other.url}/there` } };
    const followed = await smoke({ bodyIncludes: 'elsewhere', secretHeaders: { 'x-api-key': 'site-token' } });
    expect(followed.answer.kind).toBe('succeeded');
    expect(site.requests[0]?.headers['x-api-key']).toContain('s3cr3t');
    expect(other.requests[0]).toMatchObject({ path: '/there' });
    expect(other.requests[0]?.headers['x-api-key']).toBeUndefined();
    await other.close();
  });

  it('takes a redirect that is expected, and fails when they do not end', async () => {
    answer = { status: 301, headers: { location: '/' } };
    expect((await smoke({ expectedStatus: 301, expectedHeaders: { location: '/' } })).answer.kind).toBe('succeeded');
    expect((await smoke({})).answer).toMatchObject({ message: expect.stringContaining('more than 5 redirects') });
  });

  it('writes a JUnit report, also when it fails', async () => {
    const checks = [{ path: '/a<b', bodyIncludes: '<b> & "c"' }];
    const failed = await smoke({ checks }, { outputs: ['Report'] });
    expect(failed.answer.kind).toBe('failed');
    const xml = Buffer.from(failed.outputs.get('Report')?.get('smoke-test.xml') ?? []).toString('utf8');
    expect(XMLValidator.validate(xml)).toBe(true);
    const read: unknown = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml);
    expect(read).toMatchObject({
      testsuites: {
        testsuite: {
          ...{ tests: '3', failures: '1' },
          testcase: [
            { name: 'GET /' },
            { name: 'GET /a%3Cb', failure: { message: expect.stringContaining('does not hold "<b> & "c""') } },
            { name: expect.stringContaining('95th percentile') },
          ],
        },
      },
    });
    expect((await smoke({}, { outputs: ['Report'] })).outputs.has('Report')).toBe(true);
  });

  it.each([
    ['a path that leads to another host', { checks: [{ path: '//evil.example/' }] }],
    ['a path that leads there by a tab', { checks: [{ path: '/\t/evil.example/' }] }],
    ['a header of two lines', { headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['a name that is no header', { secretHeaders: { 'x a': 'site-token' } }],
    ['21 checks', { checks: Array.from({ length: 21 }, () => ({ path: '/' })) }],
  ])('refuses %s', async (_what, parameters) => {
    expect((await smoke(parameters)).answer).toMatchObject({ kind: 'failed', type: 'ConfigurationError' });
    expect(site.requests).toEqual([]);
  });
});

describe('smoke-test of a certificate', () => {
  const trusted = getCACertificates('default');
  const started: { close: () => void }[] = [];
  afterEach(() => {
    setDefaultCACertificates(trusted);
    for (const server of started.splice(0)) server.close();
  });

  async function tlsSite(end: Date): Promise<string> {
    const certificate = testCertificate(end);
    setDefaultCACertificates([...trusted, certificate.cert]);
    const server = createTlsServer(certificate, (_request, response) => response.end('open'));
    started.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`; // a TCP server's address is no string
  }

  const inDays = (days: number): Date => new Date(Date.UTC(2026, 0, 5, 12) + days * 86_400_000);

  it('tells how many days it is valid', async () => {
    // The machine's own clock judges whether it is valid at all, so it ends late in any case.
    const end = new Date('2049-01-01T00:00:00Z');
    const run = await smoke({ url: await tlsSite(end), certificateDays: 30 });
    expect(run.answer).toMatchObject({
      kind: 'succeeded',
      outputs: { certificateDaysLeft: String(daysUntil(end.toISOString(), Date.UTC(2026, 0, 5, 1))) },
    });
  });

  it('fails at once when it ends too soon, and says so in the report', async () => {
    const run = await smoke({ url: await tlsSite(inDays(10)), certificateDays: 30 }, { outputs: ['Report'] });
    expect(run.answer).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/certificate is valid for 10 more days, asked for are at least 30/),
    });
    const xml = Buffer.from(run.outputs.get('Report')?.get('smoke-test.xml') ?? []).toString('utf8');
    expect(xml).toMatch(/valid for 30 more days" time="0.000"><failure/);
  });

  it('fails when it has ended', async () => {
    const run = await smoke({ url: await tlsSite(inDays(-3)), certificateDays: 1 });
    expect(run.answer).toMatchObject({ message: expect.stringContaining('has been invalid for 3 days') });
  });

  it('fails when there is none', async () => {
    expect((await smoke({ certificateDays: 1 })).answer).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringContaining('certificateDays needs a URL with https:'),
    });
    const notTls = url.replace('http:', 'https:');
    expect((await smoke({ url: notTls, certificateDays: 1 })).answer).toMatchObject({
      type: 'JobFailed',
      message: expect.stringMatching(/127\.0\.0\.1:\d+ shows no certificate \([\w ]+\)$/),
    });
    // The requests of such a site say the same, in one line.
    expect((await smoke({ url: notTls })).answer).toMatchObject({
      message: expect.stringMatching(/no answer \([\w ]+\)/),
    });
  });

  it('says in the report why it could not be read, and skips what was not measured', async () => {
    const checks = [{ path: '/health' }];
    const parameters = { url: url.replace('http:', 'https:'), certificateDays: 1, checks };
    const { outputs } = await smoke(parameters, { outputs: ['Report'] });
    const xml = Buffer.from(outputs.get('Report')?.get('smoke-test.xml') ?? []).toString('utf8');
    expect(XMLValidator.validate(xml)).toBe(true);
    const read: unknown = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml);
    const skipped = { message: 'not measured: the smoke test had failed before' };
    expect(read).toMatchObject({
      testsuites: {
        testsuite: {
          ...{ tests: '4', failures: '1', skipped: '3' },
          testcase: [
            { name: 'GET /', skipped },
            { name: 'GET /health', skipped },
            { name: expect.stringContaining('95th percentile'), skipped },
            { name: expect.stringContaining('the certificate'), failure: expect.anything() },
          ],
        },
      },
    });
  });

  it('is looked at again as often as retries say', async () => {
    const hidden = testCertificate(inDays(90));
    let connectionCount = 0;
    const tls = createTlsServer(hidden, (_request, response) => response.end('open'));
    const server = createTcpServer((socket) => {
      connectionCount += 1;
      // The first one finds the site still starting.
      if (connectionCount === 1) socket.destroy();
      else tls.emit('connection', socket);
    });
    started.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // as above
    setDefaultCACertificates([...trusted, hidden.cert]);
    const { answer: last } = await smoke({ url: `https://127.0.0.1:${port}/`, certificateDays: 365, retries: 1 });
    expect(last).toMatchObject({ message: expect.stringContaining('is valid for 90 more days') });
  });
});

describe('what a smoke test decides', () => {
  const parameters = declaration.parameters.parse({
    url: 'https://shop.example/',
    maxLatencyMs: 100,
    durationSeconds: 1,
  });
  const afterASecond = Date.UTC(2026, 0, 5, 0, 0, 1);
  const start = '2026-01-05T00:00:00.000Z';

  it('fails at its end when the 95th percentile of the latency is too high', () => {
    const slow = record(beginning(start, 1), { latencyMs: 101, problem: undefined });
    expect(judge(slow, parameters, afterASecond)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('101 ms'),
    });
    expect(judge(slow, { ...parameters, maxLatencyMs: 101 }, afterASecond)).toEqual({ kind: 'passed' });
  });

  it('does not pass before every check was made', () => {
    const one = record(beginning(start, 2), { latencyMs: 1, problem: undefined });
    expect(nextCheck(one)).toBe(1);
    expect(judge(one, parameters, afterASecond)).toEqual({ kind: 'goes-on', percentComplete: 99 });
    expect(judge(record(one, { latencyMs: 1, problem: undefined }), parameters, afterASecond).kind).toBe('passed');
  });

  it('takes as 95th percentile a latency that at least 95 in 100 requests did not exceed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 1 }), (latencies) => {
        const p95 = percentile95(latencies);
        expect(latencies).toContain(p95);
        expect(latencies.filter((latency) => latency <= p95).length / latencies.length).toBeGreaterThanOrEqual(0.95);
      }),
    );
  });

  it('quotes no header of an answer', () => {
    const [check] = checksOf({ ...parameters, expectedHeaders: { 'set-cookie': 'theme=' } });
    const headers = { get: () => 'session=s3cr3t' };
    expect(check && problemOf({ status: 200, headers, body: '' }, check)).toBe(
      'header set-cookie does not hold "theme="',
    );
  });

  it.each([
    ['until one is good', { retries: 5, remainingMs: 60_000 }, { pauses: [1_000, 2_000], last: 3 }],
    ['as often as it may', { retries: 1, remainingMs: 60_000 }, { pauses: [1_000], last: 2 }],
    ['while there is time', { retries: 5, remainingMs: 1_500 }, { pauses: [1_000], last: 2 }],
    ['once, if it may not', { retries: 0, remainingMs: 60_000 }, { pauses: [], last: 1 }],
  ])('tries a request %s', async (_what, { retries, remainingMs }, { pauses, last }) => {
    const paused: number[] = [];
    let count = 0;
    const result = await retrying(async () => (count += 1), {
      retries,
      isGood: (tried) => tried === 3,
      remainingMs: () => remainingMs,
      signal: new AbortController().signal,
      pause: async (ms) => void paused.push(ms),
    });
    expect({ paused, result }).toEqual({ paused: pauses, result: last });
  });
});
