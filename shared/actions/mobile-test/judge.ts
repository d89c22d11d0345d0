import type { RunCounts, RunSeen } from '../gateways/device-farm.ts';
import { cut, fail, succeed, type Failure, type Success } from '../result.ts';

/** The run's page in the console; the address is in no documentation, and is that of the console in 2025. */
export function consoleUrl(runArn: string): string {
  const [, , , region = '', , , ids = ''] = runArn.split(':');
  const [project = '', run = ''] = ids.split('/');
  return `https://${region}.console.aws.amazon.com/devicefarm/home?region=${region}#/mobile/projects/${project}/runs/${run}`;
}

/** What a run that has ended means: only `passed`, and `warned` if that may be. */
export function judge(
  run: RunSeen,
  { failOnWarnings }: { readonly failOnWarnings: boolean },
):
  | Success<
      'runArn' | 'url' | 'result' | 'totalCount' | 'passedCount' | 'failedCount' | 'erroredCount' | 'skippedCount'
    >
  | Failure {
  const url = consoleUrl(run.arn);
  const text = `${describe(run.counts)} on ${run.deviceCount} devices`;
  if (run.result !== 'passed' && (run.result !== 'warned' || failOnWarnings)) {
    const why = run.message === undefined ? '' : `: ${cut(run.message, 1_000)}`;
    return fail('JobFailed', `the run on Device Farm ${verb(run.result)}${why}; ${text}; see ${url}`);
  }
  const { total, passed, failed, errored, skipped } = run.counts;
  return succeed({
    outputs: {
      ...{ runArn: run.arn, url, result: run.result },
      ...{ totalCount: String(total), passedCount: String(passed), failedCount: String(failed) },
      ...{ erroredCount: String(errored), skippedCount: String(skipped) },
    },
    summary: `${text}; see ${url}`,
  });
}

/** Counts in words, without those that are none. */
export function describe({ total, ...counts }: RunCounts): string {
  const named = Object.entries(counts).filter(([, count]) => count > 0);
  return [`${total} tests`, ...named.map(([name, count]) => `${count} ${name}`)].join(', ');
}

function verb(result: string): string {
  return ['failed', 'errored', 'stopped'].includes(result) ? result : `was ${result}`;
}
