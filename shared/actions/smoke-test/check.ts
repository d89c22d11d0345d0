import type * as z from 'zod/mini';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { smokeTest, smokeTestState } from './declaration.ts';

/** What the smoke test is asked to do. */
export type SmokeTestParameters = z.output<typeof smokeTest.parameters>;

/** What it has seen so far. */
export type SmokeTestState = z.output<typeof smokeTestState>;

/** One answer of the site: how long it took, and what was wrong with it. */
export interface Probe {
  readonly latencyMs: number;
  readonly problem: string | undefined;
}

/** How many failures are told in words. */
const namedFailures = 5;

/** How many latencies are kept; later ones replace the oldest. */
const keptLatencies = 5_000;

/** The state before the first request. */
export function beginning(startedAt: string): SmokeTestState {
  return { startedAt, requestCount: 0, failureCount: 0, failures: [], latenciesMs: [] };
}

/** The state after one more answer. */
export function record(state: SmokeTestState, { latencyMs, problem }: Probe): SmokeTestState {
  return {
    ...state,
    requestCount: state.requestCount + 1,
    failureCount: state.failureCount + (problem === undefined ? 0 : 1),
    failures: problem === undefined ? state.failures : [...state.failures, problem].slice(0, namedFailures),
    latenciesMs: [...state.latenciesMs, latencyMs].slice(-keptLatencies),
  };
}

/** The latency that 95 of 100 requests did not exceed (nearest rank), in milliseconds; 0 without requests. */
export function percentile95(latenciesMs: readonly number[]): number {
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

/** What to do next. */
export type Verdict =
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'passed' }
  | { readonly kind: 'goes-on'; readonly percentComplete: number };

/** Decides after a check: too many failures end the test at once; slowness is judged at the end, over all requests. */
export function judge(state: SmokeTestState, parameters: SmokeTestParameters, nowMs: number): Verdict {
  if (state.failureCount > parameters.allowedFailures) {
    return {
      kind: 'failed',
      reason: `${state.failureCount} of ${state.requestCount} requests failed: ${state.failures.join('; ')}`,
    };
  }
  const elapsedRatio = (nowMs - Date.parse(state.startedAt)) / (parameters.durationSeconds * 1000);
  if (elapsedRatio < 1) return { kind: 'goes-on', percentComplete: Math.max(0, Math.floor(elapsedRatio * 100)) };
  const p95Ms = percentile95(state.latenciesMs);
  return p95Ms > parameters.maxLatencyMs
    ? {
        kind: 'failed',
        reason: `the 95th percentile of the latency is ${p95Ms} ms, allowed are ${parameters.maxLatencyMs} ms`,
      }
    : { kind: 'passed' };
}

/** How long a request may take: ten times the allowed latency, at most 10 s. */
export function longestProbeMs({ maxLatencyMs }: SmokeTestParameters): number {
  return Math.min(10_000, maxLatencyMs * 10);
}

/** Sends one request and looks at the answer. Redirects are followed. */
export async function probe(parameters: SmokeTestParameters, clock: Clock, signal: AbortSignal): Promise<Probe> {
  const startedMs = clock.nowMs();
  const limit = AbortSignal.timeout(longestProbeMs(parameters));
  try {
    const response = await fetch(parameters.url, {
      signal: AbortSignal.any([signal, limit]),
      headers: { 'cache-control': 'no-cache' },
    });
    const body = await response.text();
    return { latencyMs: clock.nowMs() - startedMs, problem: problemOf(response.status, body, parameters) };
  } catch (error) {
    return {
      latencyMs: clock.nowMs() - startedMs,
      problem: limit.aborted ? 'no answer in time' : `no answer (${causeOf(error)})`,
    };
  }
}

function problemOf(status: number, body: string, parameters: SmokeTestParameters): string | undefined {
  if (status !== parameters.expectedStatus) return `status ${status}, expected ${parameters.expectedStatus}`;
  if (parameters.bodyIncludes === undefined || body.includes(parameters.bodyIncludes)) return undefined;
  return `the page does not hold "${parameters.bodyIncludes}"`;
}

/** fetch hides the reason (a refused connection, an unknown host) in the cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause ?? error);
}
