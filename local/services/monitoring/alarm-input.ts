import type { Dimension, PutCompositeAlarmInput, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { alarmsOf, parseAlarmRule } from './alarm-rule.ts';
import type { AlarmStore } from './alarm-store.ts';
import type { MissingData, Judgement } from './judge.ts';
import type { Metric } from './metric-store.ts';
import { checkStatistic } from './statistics.ts';

/** What a metric alarm watches, and how it judges. */
export interface Watch extends Judgement {
  readonly metric: Metric;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly threshold: number;
  readonly comparison: Comparison;
}

const comparisons = {
  GreaterThanThreshold: { holds: (value: number, threshold: number) => value > threshold, words: 'greater than' },
  GreaterThanOrEqualToThreshold: {
    holds: (value: number, threshold: number) => value >= threshold,
    words: 'greater than or equal to',
  },
  LessThanThreshold: { holds: (value: number, threshold: number) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: {
    holds: (value: number, threshold: number) => value <= threshold,
    words: 'less than or equal to',
  },
};

/** How a value is compared with the threshold, and the words for it. */
export type Comparison = (typeof comparisons)[keyof typeof comparisons];

const unsupported = [
  'ThresholdMetricId',
  'EvaluationWindow',
  'WarmUpConfiguration',
  'EvaluationCriteria',
  'EvaluationInterval',
  'ActionConfiguration',
  'EvaluateLowSampleCountPercentile',
  'Unit',
] as const;

const missingDataWords: readonly string[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** Reads what PutMetricAlarm is given. @throws AwsError in CloudWatch's words */
export function readWatch(input: PutMetricAlarmInput): Watch {
  const other = unsupported.find((name) => input[name] !== undefined);
  if (other) throw notSupportedLocally(`${other} of alarm ${input.AlarmName}`);
  const { metric, statistic, periodSeconds } = readMetric(input);
  checkStatistic(statistic);
  checkPeriod(periodSeconds);
  const evaluationPeriods = input.EvaluationPeriods ?? 0;
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  if (evaluationPeriods < 1) throw validation('EvaluationPeriods must be at least 1.');
  if (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods) {
    throw validation('DatapointsToAlarm must be 1 to EvaluationPeriods.');
  }
  const maximumSeconds = periodSeconds >= 3600 ? 604_800 : 86_400;
  if (periodSeconds * evaluationPeriods > maximumSeconds) {
    throw validation(
      `Metrics cannot be checked across more than ${maximumSeconds} seconds (EvaluationPeriods * Period).`,
    );
  }
  const missingData = input.TreatMissingData ?? 'missing';
  if (!missingDataWords.includes(missingData)) throw validation(`TreatMissingData ${missingData} is not valid.`);
  const comparison = Object.hasOwn(comparisons, input.ComparisonOperator ?? '')
    ? comparisons[input.ComparisonOperator as keyof typeof comparisons] // it is one of the keys
    : undefined;
  if (!comparison) throw notSupportedLocally(`the comparison ${input.ComparisonOperator}`);
  if (input.Threshold === undefined) throw validation('Threshold is required.');
  return {
    ...{ metric, statistic, periodSeconds, evaluationPeriods, datapointsToAlarm, comparison },
    threshold: input.Threshold,
    // It is one of the four words.
    missingData: missingData as MissingData,
  };
}

function readMetric(input: PutMetricAlarmInput): Pick<Watch, 'metric' | 'statistic' | 'periodSeconds'> {
  if (input.Metrics === undefined) {
    const { Namespace: namespace, MetricName: name, Period: period, Statistic, ExtendedStatistic } = input;
    if (!namespace || !name) throw validation('Namespace and MetricName, or Metrics, are required.');
    if ((Statistic === undefined) === (ExtendedStatistic === undefined)) {
      throw validation('Exactly one of Statistic and ExtendedStatistic is required.');
    }
    const metric = { namespace, name, dimensions: readDimensions(input.Dimensions) };
    return { metric, statistic: Statistic ?? ExtendedStatistic ?? '', periodSeconds: period ?? 0 };
  }
  const [only, ...more] = input.Metrics;
  const stat = only?.MetricStat;
  if (!stat || more.length > 0) throw notSupportedLocally(`metric math in alarm ${input.AlarmName}`);
  if (stat.Unit !== undefined) throw notSupportedLocally(`Unit of alarm ${input.AlarmName}`);
  const { Namespace: namespace = '', MetricName: name = '', Dimensions: dimensions } = stat.Metric ?? {};
  return {
    metric: { namespace, name, dimensions: readDimensions(dimensions) },
    statistic: stat.Stat ?? '',
    periodSeconds: stat.Period ?? 0,
  };
}

/** 10, 20, 30, or whole minutes. @throws AwsError */
export function checkPeriod(seconds: number): void {
  if ([10, 20, 30].includes(seconds) || (seconds >= 60 && seconds % 60 === 0)) return;
  throw validation(`The period ${seconds} is not valid: it must be 10, 20, 30 or a multiple of 60.`);
}

/** At most 30 dimensions, each once. @throws AwsError */
export function readDimensions(dimensions: readonly Dimension[] | undefined): Record<string, string> {
  const read: Record<string, string> = {};
  for (const { Name: name = '', Value: value = '' } of dimensions ?? []) {
    if (name === '' || value === '' || name in read) throw validation(`The dimension ${name} is not valid.`);
    read[name] = value;
  }
  if (Object.keys(read).length > 30) throw validation('A metric has at most 30 dimensions.');
  return read;
}

/** Checks what PutCompositeAlarm is given. @throws AwsError in CloudWatch's words */
export function checkComposite(input: PutCompositeAlarmInput, alarms: AlarmStore): void {
  if (input.ActionsSuppressor !== undefined) throw notSupportedLocally(`ActionsSuppressor of ${input.AlarmName}`);
  if (input.ActionConfiguration !== undefined) throw notSupportedLocally(`ActionConfiguration of ${input.AlarmName}`);
  const named = alarmsOf(parseAlarmRule(input.AlarmRule ?? ''));
  if (named.length > 100) throw validation('AlarmRule names more than 100 alarms.');
  const unknown = named.find((name) => name !== input.AlarmName && !alarms.find(name));
  if (unknown !== undefined) throw validation(`Could not save the composite alarm as alarm ${unknown} does not exist.`);
  if (reaches(named, input.AlarmName ?? '', alarms)) {
    throw notSupportedLocally(`the composite alarm ${input.AlarmName}, whose rule leads back to itself,`);
  }
}

function reaches(names: readonly string[], goal: string, alarms: AlarmStore): boolean {
  return names.some((name) => {
    if (name === goal) return true;
    const definition = alarms.find(name)?.definition;
    if (definition?.kind !== 'composite') return false;
    return reaches(alarmsOf(parseAlarmRule(definition.input.AlarmRule ?? '')), goal, alarms);
  });
}

/** Checks what both kinds of alarm have. @throws AwsError */
export function checkAlarm(input: PutMetricAlarmInput | PutCompositeAlarmInput): void {
  const name = input.AlarmName ?? '';
  if (name.length < 1 || name.length > 255) throw validation('AlarmName must have 1 to 255 characters.');
  if ((input.AlarmDescription?.length ?? 0) > 1024) throw validation('AlarmDescription has at most 1024 characters.');
  for (const list of [input.OKActions, input.AlarmActions, input.InsufficientDataActions]) {
    if ((list?.length ?? 0) > 5) throw validation('An alarm has at most 5 actions for each state.');
    const refused = list?.find((arn) => !/^arn:[^:]+:(sns|lambda):/.test(arn));
    if (refused !== undefined) throw notSupportedLocally(`the action ${refused} of alarm ${name}`);
  }
}

function validation(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
