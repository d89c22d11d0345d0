import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { Alarm, AlarmState } from './alarm-store.ts';
import { readWatch } from './alarm-input.ts';

/** A change of an alarm's state. */
export interface StateChange {
  readonly alarm: Alarm;
  readonly from: AlarmState;
  readonly to: AlarmState;
}

/** Where an alarm stands. */
export interface AlarmPlace {
  readonly account: string;
  readonly region: string;
}

/** A point in time as CloudWatch writes it: `2026-01-05T09:00:00.000+0000`. */
export function alarmTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

/** The detail of `CloudWatch Alarm State Change`. */
export function changeDetail({ alarm, from, to }: StateChange): JsonObject {
  return {
    alarmName: alarm.name,
    configuration: configurationOf(alarm),
    previousState: stateOf(from),
    state: stateOf(to),
  };
}

/** What a Lambda function is invoked with. */
export function lambdaEvent(change: StateChange, { account, region }: AlarmPlace): JsonObject {
  const { alarm, to } = change;
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: account,
    time: alarmTime(to.updatedAtMs),
    region,
    alarmData: changeDetail(change),
  };
}

function stateOf({ value, reason, reasonData, updatedAtMs }: AlarmState): JsonObject {
  return { value, reason, ...(reasonData === undefined ? {} : { reasonData }), timestamp: alarmTime(updatedAtMs) };
}

function configurationOf({ definition }: Alarm): JsonObject {
  const { AlarmDescription: description } = definition.input;
  const described = description === undefined ? {} : { description };
  if (definition.kind === 'composite') return { ...described, alarmRule: definition.input.AlarmRule ?? '' };
  const { metric, statistic, periodSeconds } = readWatch(definition.input);
  const { dimensions, name, namespace } = metric;
  const metricStat = {
    metric: { dimensions: { ...dimensions }, name, namespace },
    period: periodSeconds,
    stat: statistic,
  };
  return { ...described, metrics: [{ id: randomUUID(), metricStat, returnData: true }] };
}

const regionNames: Readonly<Record<string, string | undefined>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
};

/** The message to an SNS topic. */
export function topicMessage(change: StateChange, place: AlarmPlace): { subject: string; message: string } {
  const { alarm, from, to } = change;
  const region = regionNames[place.region] ?? place.region;
  const { input } = alarm.definition;
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: input.AlarmDescription ?? null,
    AWSAccountId: place.account,
    AlarmConfigurationUpdatedTimestamp: alarmTime(alarm.configuredAtMs),
    NewStateValue: to.value,
    NewStateReason: to.reason,
    StateChangeTime: alarmTime(to.updatedAtMs),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: from.value,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
    ...triggerOf(alarm),
  };
  return { subject: `${to.value}: "${alarm.name}" in ${region}`.slice(0, 100), message: JSON.stringify(message) };
}

function triggerOf({ definition }: Alarm): JsonObject {
  if (definition.kind === 'composite') return { AlarmRule: definition.input.AlarmRule ?? '' };
  const { input } = definition;
  const { metric, statistic, periodSeconds, threshold, evaluationPeriods, datapointsToAlarm } = readWatch(input);
  const isPercentile = statistic.startsWith('p');
  return {
    Trigger: {
      MetricName: metric.name,
      Namespace: metric.namespace,
      StatisticType: isPercentile ? 'ExtendedStatistic' : 'Statistic',
      [isPercentile ? 'ExtendedStatistic' : 'Statistic']: isPercentile ? statistic : statistic.toUpperCase(),
      Unit: null,
      Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
      Period: periodSeconds,
      EvaluationPeriods: evaluationPeriods,
      DatapointsToAlarm: datapointsToAlarm,
      ComparisonOperator: input.ComparisonOperator ?? '',
      Threshold: threshold,
      TreatMissingData: input.TreatMissingData ?? 'missing',
      EvaluateLowSampleCountPercentile: '',
    },
  };
}
