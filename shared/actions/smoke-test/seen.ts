import type * as z from 'zod/mini';
import type { CertificateSeen } from './certificate.ts';
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
export function beginning(startedAt: string, checkCount: number, certificate?: CertificateSeen): SmokeTestState {
  const checks = Array.from({ length: checkCount }, () => ({ requestCount: 0, failureCount: 0, totalMs: 0 }));
  return { startedAt, requestCount: 0, failureCount: 0, failures: [], latenciesMs: [], checks, ...certificate };
}

/** Which check is next: they take turns, over all invocations. */
export function nextCheck({ requestCount, checks }: SmokeTestState): number {
  return requestCount % checks.length;
}

/** The state after one more answer to the next check. */
export function record(state: SmokeTestState, { latencyMs, problem }: Probe): SmokeTestState {
  const failed = problem === undefined ? 0 : 1;
  const turn = nextCheck(state);
  return {
    ...state,
    requestCount: state.requestCount + 1,
    failureCount: state.failureCount + failed,
    failures: problem === undefined ? state.failures : [...state.failures, problem].slice(0, namedFailures),
    latenciesMs: [...state.latenciesMs, latencyMs].slice(-keptLatencies),
    checks: state.checks.map((check, index) => {
      if (index !== turn) return check;
      const firstProblem = check.firstProblem ?? problem;
      return {
        requestCount: check.requestCount + 1,
        failureCount: check.failureCount + failed,
        totalMs: check.totalMs + latencyMs,
        ...(firstProblem !== undefined && { firstProblem }),
      };
    }),
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

/**
 * Decides after each answer: a certificate that ends too soon or is not shown, and too many failures end the test at once. Slowness is
 * judged at the end over all requests, and the end comes when the time is over and every check was made.
 */
export function judge(state: SmokeTestState, parameters: SmokeTestParameters, nowMs: number): Verdict {
  const certificate = certificateProblem(state, parameters);
  if (certificate !== undefined) return { kind: 'failed', reason: certificate };
  if (state.failureCount > parameters.allowedFailures) {
    return {
      kind: 'failed',
      reason: `${state.failureCount} of ${state.requestCount} requests failed: ${state.failures.join('; ')}`,
    };
  }
  const elapsedRatio = (nowMs - Date.parse(state.startedAt)) / (parameters.durationSeconds * 1000);
  if (elapsedRatio < 1 || state.requestCount < state.checks.length)
    return { kind: 'goes-on', percentComplete: Math.min(99, Math.max(0, Math.floor(elapsedRatio * 100))) };
  const slow = slowness(state, parameters);
  return slow === undefined ? { kind: 'passed' } : { kind: 'failed', reason: slow };
}

/** What is wrong with the certificate. */
export function certificateProblem(
  { certificateDaysLeft: left, certificateUnread }: SmokeTestState,
  { certificateDays }: SmokeTestParameters,
): string | undefined {
  if (certificateUnread !== undefined) return certificateUnread;
  if (left === undefined || certificateDays === undefined || left >= certificateDays) return undefined;
  const ends = left < 0 ? `has been invalid for ${-left} days` : `is valid for ${left} more days`;
  return `the certificate ${ends}, asked for are at least ${certificateDays}; renew it`;
}

/** What is wrong with the latency of all requests. */
export function slowness({ latenciesMs }: SmokeTestState, { maxLatencyMs }: SmokeTestParameters): string | undefined {
  const p95Ms = percentile95(latenciesMs);
  return p95Ms > maxLatencyMs
    ? `the 95th percentile of the latency is ${p95Ms} ms, allowed are ${maxLatencyMs} ms`
    : undefined;
}
