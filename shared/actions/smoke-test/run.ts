import { nowAt } from '../../clock.ts';
import { httpClient } from '../../http-client.ts';
import { implementAction, type ActionInput } from '../action.ts';
import { readHeaders } from '../web/request-headers.ts';
import { continueLater, fail, succeed } from '../result.ts';
import { readCertificate, type CertificateSeen } from './certificate.ts';
import { smokeTest } from './declaration.ts';
import { checksOf, longestProbeMs, probe, type Check } from './probe.ts';
import { report } from './report.ts';
import { retrying } from './retry.ts';
import { beginning, judge, nextCheck, percentile95, record, type SmokeTestState } from './seen.ts';

/** The least time between two invocations; CodePipeline's own interval comes on top. */
const betweenInvocationsSeconds = 5;

type Input = ActionInput<typeof smokeTest>;

export default implementAction(smokeTest, async (input) => {
  const { parameters, clock, artifacts } = input;
  const checks = checksOf(parameters);
  const before = input.state ?? beginning(nowAt(clock), checks.length, await certificate(input));
  const seen = await probeAll(before, checks, input);
  const verdict = judge(seen, parameters, clock.nowMs());
  const p95Ms = percentile95(seen.latenciesMs);
  const summary = `${seen.requestCount} requests, ${seen.failureCount} failed, 95th percentile ${p95Ms} ms`;
  if (verdict.kind === 'goes-on') {
    const { percentComplete } = verdict;
    return continueLater(seen, { seconds: betweenInvocationsSeconds, summary, percentComplete });
  }
  if (artifacts.outputs.length > 0)
    await artifacts.write(new Map([['smoke-test.xml', Buffer.from(report(seen, parameters, checks))]]));
  if (verdict.kind === 'failed') return fail('JobFailed', `${parameters.url}: ${verdict.reason}`);
  const { certificateDaysLeft: days } = seen;
  return succeed({
    outputs: {
      requestCount: String(seen.requestCount),
      failureCount: String(seen.failureCount),
      latencyP95Ms: String(p95Ms),
      ...(days !== undefined && { certificateDaysLeft: String(days) }),
    },
    summary,
  });
});

/** What is seen of the certificate, if it was asked for. */
async function certificate({ parameters, clock, ...input }: Input): Promise<CertificateSeen | undefined> {
  if (parameters.certificateDays === undefined) return undefined;
  const limitMs = longestProbeMs(parameters);
  return retrying(() => readCertificate(parameters.url, limitMs, clock.nowMs), {
    retries: parameters.retries,
    isGood: (seen) => 'certificateDaysLeft' in seen,
    remainingMs: () => input.remainingMs() - limitMs,
    signal: input.signal,
  });
}

/** The requests of one invocation. */
async function probeAll(before: SmokeTestState, checks: readonly Check[], input: Input): Promise<SmokeTestState> {
  const { parameters, clock, gateways, signal, remainingMs } = input;
  const limitMs = longestProbeMs(parameters);
  const headers = await readHeaders(parameters, () => gateways.secrets);
  const send = httpClient();
  let seen = before;
  for (let count = 0; count < parameters.requestsPerCheck * checks.length; count += 1) {
    // The verdict is out, or another slow answer would not leave the time to give it.
    if (judge(seen, parameters, clock.nowMs()).kind === 'failed' || (count > 0 && remainingMs() < limitMs)) break;
    const check = checks[nextCheck(seen)];
    if (!check) break;
    const probed = await retrying(() => probe(check, { send, headers, limitMs, clock, signal }), {
      retries: parameters.retries,
      isGood: ({ problem }) => problem === undefined,
      remainingMs: () => remainingMs() - limitMs,
      signal,
    });
    seen = record(seen, named(probed, check, checks));
  }
  return seen;
}

/** With several checks, a problem says which of them it is of. */
function named<Probed extends { readonly problem: string | undefined }>(
  probed: Probed,
  { url }: Check,
  { length }: readonly Check[],
): Probed {
  if (probed.problem === undefined || length === 1) return probed;
  return { ...probed, problem: `${new URL(url).pathname}: ${probed.problem}` };
}
