import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Sample } from './metric-store.ts';

const plain: Readonly<Record<string, ((samples: readonly Sample[]) => number) | undefined>> = {
  SampleCount: countOf,
  Sum: sumOf,
  Average: (samples) => sumOf(samples) / countOf(samples),
  Minimum: (samples) => Math.min(...samples.map(({ value }) => value)),
  Maximum: (samples) => Math.max(...samples.map(({ value }) => value)),
};

const otherStatistics = /^(tm|wm|tc|ts|TM|WM|TC|TS|PR|IQM)/;

/** Refuses a statistic that CloudWatch does not know, or that is not supported locally. */
export function checkStatistic(statistic: string): void {
  if (plain[statistic] || percentileOf(statistic) !== undefined) return;
  if (otherStatistics.test(statistic)) throw notSupportedLocally(`the statistic ${statistic}`);
  throw new AwsError('InvalidParameterValue', `The statistic ${statistic} is not valid.`);
}

/** A statistic (`Sum`, `p99`) over samples; undefined where there are none. */
export function statisticOf(statistic: string, samples: readonly Sample[]): number | undefined {
  if (samples.length === 0) return undefined;
  const percentile = percentileOf(statistic);
  return percentile === undefined ? plain[statistic]?.(samples) : valueAt(percentile, samples);
}

function percentileOf(statistic: string): number | undefined {
  const [, digits] = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(statistic) ?? [];
  const percentile = Number(digits);
  return digits !== undefined && percentile <= 100 ? percentile : undefined;
}

/** The smallest value that at least `percentile` per cent of the samples do not pass. */
function valueAt(percentile: number, samples: readonly Sample[]): number | undefined {
  const sorted = samples.toSorted((left, right) => left.value - right.value);
  let left = (countOf(samples) * percentile) / 100;
  for (const { value, count } of sorted) {
    left -= count;
    if (left <= 0) return value;
  }
  return sorted.at(-1)?.value;
}

function countOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { count }) => sum + count, 0);
}

function sumOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { value, count }) => sum + value * count, 0);
}
