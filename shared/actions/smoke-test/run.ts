import { nowAt } from '../../clock.ts';
import { implementAction } from '../action.ts';
import { continueLater, fail, succeed } from '../result.ts';
import { beginning, judge, longestProbeMs, percentile95, probe, record, type SmokeTestState } from './check.ts';
import { smokeTest } from './declaration.ts';

/** The least time between two checks; CodePipeline's own interval comes on top. */
const betweenChecksSeconds = 5;

export default implementAction(smokeTest, async ({ parameters, state, clock, signal, remainingMs }) => {
  let seen: SmokeTestState = state ?? beginning(nowAt(clock));
  for (let count = 0; count < parameters.requestsPerCheck; count += 1) {
    seen = record(seen, await probe(parameters, clock, signal));
    // The verdict is out, or another slow answer would not leave the time to give it.
    if (seen.failureCount > parameters.allowedFailures || remainingMs() < longestProbeMs(parameters)) break;
  }
  const verdict = judge(seen, parameters, clock.nowMs());
  const p95Ms = percentile95(seen.latenciesMs);
  const summary = `${seen.requestCount} requests, ${seen.failureCount} failed, 95th percentile ${p95Ms} ms`;
  switch (verdict.kind) {
    case 'failed':
      return fail('JobFailed', `${parameters.url}: ${verdict.reason}`);
    case 'goes-on':
      return continueLater(seen, { seconds: betweenChecksSeconds, summary, percentComplete: verdict.percentComplete });
    case 'passed':
      return succeed({
        outputs: {
          requestCount: String(seen.requestCount),
          failureCount: String(seen.failureCount),
          latencyP95Ms: String(p95Ms),
        },
        summary,
      });
  }
});
