import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { beginning, judge, percentile95, record } from '../../../shared/actions/smoke-test/check.ts';
import smokeTest from '../../../shared/actions/smoke-test/run.ts';
import { actionBench } from '../../../shared/actions/testing.ts';

describe('smoke-test', () => {
  let server: Server;
  let url: string;
  let answer: { status: number; body: string };

  beforeEach(async () => {
    answer = { status: 200, body: 'The checkout is open.' };
    server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A listening TCP server has an address with a port.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

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
    const { answers } = await actionBench(smokeTest).deliver({ parameters: { url, bodyIncludes: 'checkout is open' } });
    expect(answers).toMatchObject([{ answer: { kind: 'failed', message: expect.stringMatching(message) } }]);
  });

  it('asks no more once too many requests have failed, or when the time left is short', async () => {
    let requestCount = 0;
    server.on('request', () => (requestCount += 1));
    const parameters = { url, requestsPerCheck: 20, maxLatencyMs: 1000 };
    await actionBench(smokeTest, { remainingMs: 11_000 }).deliver({ parameters });
    expect(requestCount, 'there was time for one').toBe(1);
    answer = { status: 500, body: '' };
    const { answers } = await actionBench(smokeTest).deliver({
      id: 'job-2',
      parameters: { ...parameters, allowedFailures: 1 },
    });
    expect(requestCount).toBe(3);
    expect(answers).toMatchObject([{ answer: { message: expect.stringContaining('2 of 2 requests failed') } }]);
  });

  it('fails when nobody answers, and says why', async () => {
    await new Promise((resolve) => server.close(resolve));
    const { answers } = await actionBench(smokeTest).deliver({ parameters: { url } });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', message: expect.stringMatching(/no answer .*ECONNREFUSED/) } },
    ]);
    server = createServer().listen(0);
  });

  it('fails at its end when the 95th percentile of the latency is too high', () => {
    const parameters = {
      url,
      durationSeconds: 1,
      requestsPerCheck: 1,
      expectedStatus: 200,
      maxLatencyMs: 100,
      allowedFailures: 0,
      bodyIncludes: undefined,
    };
    const slow = record(beginning('2026-01-05T00:00:00.000Z'), { latencyMs: 101, problem: undefined });
    expect(judge(slow, parameters, Date.UTC(2026, 0, 5, 0, 0, 1))).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('101 ms'),
    });
    expect(judge(slow, { ...parameters, maxLatencyMs: 101 }, Date.UTC(2026, 0, 5, 0, 0, 1))).toEqual({
      kind: 'passed',
    });
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
});
