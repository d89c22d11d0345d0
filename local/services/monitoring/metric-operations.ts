import type {
  CloudWatch,
  Datapoint,
  MetricDataResult,
  MetricDatum,
  Metric as ApiMetric,
} from '@aws-sdk/client-cloudwatch';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { pageOf } from '../events/paging.ts';
import { checkPeriod, readDimensions } from './alarm-input.ts';
import type { Metric, Sample } from './metric-store.ts';
import type { MonitoringState } from './monitoring-state.ts';
import { checkStatistic, statisticOf } from './statistics.ts';

const maximumData = 1000;
const maximumValues = 150;
const twoWeeksMs = 14 * 86_400_000;
const twoHoursMs = 2 * 3_600_000;

/** Operations on metrics. */
export function metricOperations(state: MonitoringState): Operations<CloudWatch> {
  const { metrics, context } = state;
  return {
    PutMetricData(input) {
      const { Namespace: namespace = '', MetricData: data = [] } = input;
      if (input.EntityMetricData !== undefined) throw notSupportedLocally('EntityMetricData');
      if (!/^[^:][^\p{Cc}]{0,254}$/u.test(namespace)) throw invalid(`The namespace ${namespace} is not valid.`);
      if (data.length > maximumData) throw invalid(`MetricData has more than ${maximumData} entries.`);
      const read = data.map((datum) => readDatum(namespace, datum, context.clock.nowMs()));
      context.store.transaction(() => {
        for (const { metric, samples, resolution } of read) {
          for (const sample of samples) metrics.add(metric, sample, resolution);
          state.evaluations.onData(metric);
        }
      });
      return {};
    },
    ListMetrics(input) {
      const { Namespace: namespace, MetricName: name, Dimensions: wanted = [] } = input;
      const found = metrics
        .list()
        .filter(
          (metric) => (namespace ?? metric.namespace) === metric.namespace && (name ?? metric.name) === metric.name,
        )
        .filter(({ dimensions }) =>
          wanted.every(
            ({ Name = '', Value }) => Name in dimensions && (Value ?? dimensions[Name]) === dimensions[Name],
          ),
        );
      const page = pageOf(found, { Limit: 500, NextToken: input.NextToken });
      return { Metrics: page.items.map((metric) => describe(metric)), ...page.token };
    },
    ...statisticOperations(state),
  };
}

function statisticOperations(state: MonitoringState): Operations<CloudWatch> {
  return {
    GetMetricStatistics(input) {
      const { Statistics: plain = [], ExtendedStatistics: percentiles = [], Period: period = 0 } = input;
      if (plain.length + percentiles.length === 0) throw invalid('Statistics or ExtendedStatistics are required.');
      for (const statistic of [...plain, ...percentiles]) checkStatistic(statistic);
      const buckets = readBuckets(state, readMetric(input), { ...rangeOf(input), period });
      if (buckets.length > 1440) throw invalid('More than 1440 data points were asked for.');
      const datapoints = buckets.map(({ atMs, samples }): Datapoint => {
        const values = plain.map((name) => [name, statisticOf(name, samples)]);
        const extended = percentiles.map((name) => [name, statisticOf(name, samples) ?? 0]);
        return {
          Timestamp: new Date(atMs),
          ...Object.fromEntries(values),
          ...(extended.length > 0 ? { ExtendedStatistics: Object.fromEntries(extended) } : {}),
          Unit: 'None',
        };
      });
      return { Label: input.MetricName, Datapoints: datapoints };
    },
    GetMetricData(input) {
      const ascending = input.ScanBy === 'TimestampAscending';
      const shown = (input.MetricDataQueries ?? []).filter(({ ReturnData: isShown }) => isShown !== false);
      const results = shown.map(({ Id: id, Label: label, MetricStat: stat }): MetricDataResult => {
        if (!stat) throw notSupportedLocally(`metric math (query ${id})`);
        const { Stat: statistic = '', Period: period = 0 } = stat;
        checkStatistic(statistic);
        const found = readBuckets(state, readMetric(stat.Metric ?? {}), { ...rangeOf(input), period });
        const buckets = ascending ? found : found.toReversed();
        return {
          Id: id,
          Label: label ?? stat.Metric?.MetricName,
          Timestamps: buckets.map(({ atMs }) => new Date(atMs)),
          Values: buckets.map(({ samples }) => statisticOf(statistic, samples) ?? 0),
          StatusCode: 'Complete',
        };
      });
      return { MetricDataResults: results, Messages: [] };
    },
  };
}

interface ReadDatum {
  readonly metric: Metric;
  readonly samples: readonly Sample[];
  readonly resolution: 1 | 60;
}

function readDatum(namespace: string, datum: MetricDatum, nowMs: number): ReadDatum {
  const { MetricName: name = '', Timestamp: at, StorageResolution: resolution = 60 } = datum;
  if (name.length < 1 || name.length > 255) throw invalid('MetricName must have 1 to 255 characters.');
  if (resolution !== 1 && resolution !== 60) throw invalid('StorageResolution must be 1 or 60.');
  if (datum.StatisticValues !== undefined) throw notSupportedLocally('StatisticValues of PutMetricData');
  const atMs = at?.getTime() ?? nowMs;
  if (atMs < nowMs - twoWeeksMs || atMs > nowMs + twoHoursMs) {
    throw invalid('Timestamp must be within the last two weeks and the next two hours.');
  }
  const metric = { namespace, name, dimensions: readDimensions(datum.Dimensions) };
  return { metric, resolution, samples: readValues(datum).map((value) => ({ ...value, atMs })) };
}

function readValues({ Value: value, Values: values, Counts: counts }: MetricDatum): { value: number; count: number }[] {
  if ((value === undefined) === (values === undefined)) throw invalid('Exactly one of Value and Values is required.');
  const all = values ?? [value ?? 0];
  if (all.length > maximumValues) throw invalid(`Values has more than ${maximumValues} entries.`);
  if (counts && counts.length !== all.length) throw invalid('Values and Counts must have the same length.');
  if (all.some((each) => !Number.isFinite(each))) throw invalid('NaN and infinite values are not supported.');
  return all.map((each, index) => ({ value: each, count: counts?.[index] ?? 1 }));
}

function readMetric({ Namespace: namespace = '', MetricName: name = '', Dimensions: dimensions }: ApiMetric): Metric {
  return { namespace, name, dimensions: readDimensions(dimensions) };
}

function rangeOf(input: { StartTime?: Date | undefined; EndTime?: Date | undefined }): {
  fromMs: number;
  toMs: number;
} {
  const { StartTime: from, EndTime: to } = input;
  if (!from || !to || from >= to) throw invalid('StartTime must be before EndTime.');
  return { fromMs: from.getTime(), toMs: to.getTime() };
}

interface Bucket {
  readonly atMs: number;
  readonly samples: readonly Sample[];
}

/** The periods that have data, oldest first. */
function readBuckets(
  { metrics }: MonitoringState,
  metric: Metric,
  { fromMs, toMs, period }: { fromMs: number; toMs: number; period: number },
): Bucket[] {
  if (![1, 5].includes(period)) checkPeriod(period);
  const periodMs = period * 1000;
  const beginMs = Math.floor(fromMs / periodMs) * periodMs;
  const buckets = new Map<number, Sample[]>();
  for (const sample of metrics.samples(metric, beginMs, toMs)) {
    const atMs = Math.floor(sample.atMs / periodMs) * periodMs;
    const known = buckets.get(atMs);
    if (known) known.push(sample);
    else buckets.set(atMs, [sample]);
  }
  return [...buckets].map(([atMs, samples]) => ({ atMs, samples }));
}

function describe({ namespace, name, dimensions }: Metric): ApiMetric {
  const list = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace: namespace, MetricName: name, Dimensions: list };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
