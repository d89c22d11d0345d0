import type * as z from 'zod/mini';
import type { loadTest } from './declaration.ts';

/** What was seen under load. */
export interface Measured {
  readonly connections: number;
  readonly elapsedMs: number;
  readonly sentCount: number;
  /** Connections that failed, and requests without an answer in time. */
  readonly failureCount: number;
  /** Answers that closed their connection. */
  readonly closedCount: number;
  /** How many answers there were of each status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How many answers took so many milliseconds, rounded up. */
  readonly latencies: ReadonlyMap<number, number>;
  /** The load ended early, since hardly anything was answered. */
  readonly isGone: boolean;
}

/** What was seen, in the numbers that thresholds are about. */
export interface LoadResult {
  readonly requestCount: number;
  readonly errorPercent: number;
  readonly requestsPerSecond: number;
  readonly latencyP50Ms: number;
  readonly latencyP95Ms: number;
  readonly latencyP99Ms: number;
}

type Thresholds = Pick<
  z.output<typeof loadTest.parameters>,
  'maxLatencyP50Ms' | 'maxLatencyP95Ms' | 'maxLatencyP99Ms' | 'maxErrorPercent' | 'minRequestsPerSecond'
>;

/**
 * Sums up what was seen. A request counts once it was answered, has failed or was lost; those under way at the end, one for
 * each connection at the most, do not. An error is any but an answer between 200 and 299.
 */
export function sumUp({ statuses, latencies, ...seen }: Measured): LoadResult {
  const answerCount = sum(statuses.values());
  const goodCount = sum([...statuses].filter(([status]) => status >= 200 && status <= 299).map(([, count]) => count));
  const lostCount = seen.sentCount - answerCount - seen.failureCount - seen.closedCount - seen.connections;
  const requestCount = answerCount + seen.failureCount + Math.max(0, lostCount);
  return {
    requestCount,
    errorPercent: requestCount === 0 ? 100 : rounded((100 * (requestCount - goodCount)) / requestCount),
    requestsPerSecond: rounded((1000 * goodCount) / Math.max(1, seen.elapsedMs)),
    latencyP50Ms: percentile(latencies, 50),
    latencyP95Ms: percentile(latencies, 95),
    latencyP99Ms: percentile(latencies, 99),
  };
}

/** The latency that so many of 100 answers did not exceed (nearest rank), in milliseconds; 0 without answers. */
export function percentile(latencies: ReadonlyMap<number, number>, percent: number): number {
  const sorted = [...latencies].toSorted(([left], [right]) => left - right);
  let left = Math.ceil((sum(latencies.values()) * percent) / 100);
  for (const [latencyMs, count] of sorted) {
    left -= count;
    if (left <= 0) return latencyMs;
  }
  return 0;
}

/** Which thresholds were missed, in words; a test that measured nothing misses. */
export function missed(measured: Measured, thresholds: Thresholds): readonly string[] {
  const result = sumUp(measured);
  if (sum(measured.statuses.values()) === 0) return ['no request was answered'];
  const { maxErrorPercent, minRequestsPerSecond } = thresholds;
  const slow = (
    [
      ['50', 'P50'],
      ['95', 'P95'],
      ['99', 'P99'],
    ] as const
  ).flatMap(([percent, name]) => {
    const [actual, most] = [result[`latency${name}Ms`], thresholds[`maxLatency${name}Ms`]];
    if (most === undefined || actual <= most) return [];
    return [`${percent} % of the answers took up to ${actual} ms, allowed are ${most} ms`];
  });
  const few = minRequestsPerSecond !== undefined && result.requestsPerSecond < minRequestsPerSecond;
  return [
    ...(measured.isGone ? [`the load ended early after ${measured.failureCount} failed connections`] : []),
    ...(result.errorPercent > maxErrorPercent
      ? [`${result.errorPercent} % of the requests failed (${statusesOf(measured)}), allowed are ${maxErrorPercent} %`]
      : []),
    ...slow,
    ...(few ? [`${result.requestsPerSecond} good answers a second, asked for are ${minRequestsPerSecond}`] : []),
  ];
}

function statusesOf({ statuses, failureCount }: Measured): string {
  const counts = [...statuses].toSorted(([left], [right]) => left - right);
  return [...counts.map(([status, count]) => `${count} of status ${status}`), `${failureCount} unanswered`].join(', ');
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function rounded(number: number): number {
  return Math.round(number * 100) / 100;
}
