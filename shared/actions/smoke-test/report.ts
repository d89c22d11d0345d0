import { toJUnit, type JUnitCase } from '../junit.ts';
import type { Check } from './probe.ts';
import { certificateProblem, slowness, type SmokeTestParameters, type SmokeTestState } from './seen.ts';

/**
 * The smoke test as a JUnit report: a test for each check, one for the latency, and one for the certificate. What was not
 * measured, since the test ended before, is skipped.
 */
export function report(seen: SmokeTestState, parameters: SmokeTestParameters, checks: readonly Check[]): string {
  const cases = seen.checks.flatMap((each, index): JUnitCase[] => {
    const check = checks[index];
    return check ? [checkCase(check, each)] : [];
  });
  const latency: JUnitCase = {
    name: `95th percentile of the latency is at most ${parameters.maxLatencyMs} ms`,
    seconds: 0,
    failure: slowness(seen, parameters),
    ...(seen.requestCount === 0 && notMade),
  };
  return toJUnit({ name: 'smoke-test', cases: [...cases, latency, ...certificateCase(seen, parameters)] });
}

const notMade = { skipped: 'not measured: the smoke test had failed before' } as const;

function checkCase(
  { method, url }: Check,
  { requestCount, failureCount, totalMs, firstProblem }: SmokeTestState['checks'][number],
): JUnitCase {
  return {
    name: `${method} ${new URL(url).pathname}`,
    seconds: totalMs / 1000,
    ...(requestCount === 0 && notMade),
    ...(firstProblem !== undefined && {
      failure: `${failureCount} of ${requestCount} requests failed, the first: ${firstProblem}`,
    }),
  };
}

function certificateCase(seen: SmokeTestState, parameters: SmokeTestParameters): JUnitCase[] {
  if (parameters.certificateDays === undefined) return [];
  const name = `the certificate is valid for ${parameters.certificateDays} more days`;
  return [{ name, seconds: 0, failure: certificateProblem(seen, parameters) }];
}
