import type { AlarmHistoryItem, CloudWatch, CompositeAlarm, MetricAlarm, StateValue } from '@aws-sdk/client-cloudwatch';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { pageOf } from '../events/paging.ts';
import { readWatch } from './alarm-input.ts';
import type { Alarm, HistoryItem } from './alarm-store.ts';
import { metricKey } from './metric-store.ts';
import {
  namesAlarm,
  putCompositeAlarm,
  putMetricAlarm,
  removeAlarm,
  type MonitoringState,
} from './monitoring-state.ts';
import { typeOf } from './transitions.ts';

const states: readonly string[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** Operations on alarms. */
export function alarmOperations(state: MonitoringState): Operations<CloudWatch> {
  const { alarms, evaluations, context } = state;
  return {
    PutMetricAlarm: (input) => (putMetricAlarm(input, state), {}),
    PutCompositeAlarm: (input) => (putCompositeAlarm(input, state), {}),
    DeleteAlarms({ AlarmNames: names = [] }) {
      const found = names.map((name) => alarms.find(name) ?? refuseUnknown(name));
      for (const alarm of found) {
        const parent = alarms.list().find((other) => namesAlarm(other, alarm.name) && !names.includes(other.name));
        if (parent) throw validation(`${alarm.name} cannot be deleted: the composite alarm ${parent.name} names it.`);
      }
      context.store.transaction(() => found.forEach((alarm) => removeAlarm(alarm, state)));
      return {};
    },
    SetAlarmState(input) {
      const alarm = alarms.find(input.AlarmName ?? '') ?? refuseUnknown(input.AlarmName);
      const value = input.StateValue ?? '';
      if (!states.includes(value)) throw validation(`StateValue ${value} is not valid.`);
      if (input.StateReasonData !== undefined) checkJson(input.StateReasonData);
      context.store.transaction(() => {
        const { StateReason: reason = '', StateReasonData: reasonData } = input;
        // It is one of the three.
        const to = { value: value as StateValue, reason, ...(reasonData === undefined ? {} : { reasonData }) };
        evaluations.transitions.change(alarm, to);
        // The next evaluation decides again.
        evaluations.arm(alarms.find(alarm.name) ?? alarm);
      });
      return {};
    },
    EnableAlarmActions: ({ AlarmNames: names = [] }) => (switchActions(names, true, state), {}),
    DisableAlarmActions: ({ AlarmNames: names = [] }) => (switchActions(names, false, state), {}),
    ...readOperations(state),
  };
}

function readOperations({ alarms }: MonitoringState): Operations<CloudWatch> {
  return {
    DescribeAlarms(input) {
      const { ChildrenOfAlarmName: parent, ParentsOfAlarmName: child } = input;
      if (parent !== undefined || child !== undefined) throw notSupportedLocally('DescribeAlarms by parent or child');
      const { AlarmNames: names, AlarmNamePrefix: prefix = '', ActionPrefix: action, StateValue: value } = input;
      const types: readonly string[] = input.AlarmTypes ?? ['MetricAlarm'];
      const found = alarms
        .list()
        .filter((alarm) => types.includes(typeOf(alarm)))
        .filter((alarm) => (names ? names.includes(alarm.name) : alarm.name.startsWith(prefix)))
        .filter((alarm) => value === undefined || alarm.state.value === value)
        .filter((alarm) => action === undefined || actionsOf(alarm).some((arn) => arn.startsWith(action)));
      const page = pageOf(found, { Limit: input.MaxRecords, NextToken: input.NextToken });
      return {
        MetricAlarms: page.items.flatMap((alarm) => describeMetricAlarm(alarm)),
        CompositeAlarms: page.items.flatMap((alarm) => describeCompositeAlarm(alarm)),
        ...page.token,
      };
    },
    DescribeAlarmsForMetric(input) {
      const dimensions = Object.fromEntries((input.Dimensions ?? []).map(({ Name, Value }) => [Name, Value ?? '']));
      const wanted = metricKey({ namespace: input.Namespace ?? '', name: input.MetricName ?? '', dimensions });
      const found = alarms.list().filter(({ definition }) => {
        if (definition.kind !== 'metric') return false;
        const { metric, statistic, periodSeconds } = readWatch(definition.input);
        const asked = input.Statistic ?? input.ExtendedStatistic ?? statistic;
        return metricKey(metric) === wanted && asked === statistic && (input.Period ?? periodSeconds) === periodSeconds;
      });
      return { MetricAlarms: found.flatMap((alarm) => describeMetricAlarm(alarm)) };
    },
    DescribeAlarmHistory(input) {
      const { AlarmName: name, HistoryItemType: kind, StartDate: from, EndDate: to } = input;
      const types: readonly string[] = input.AlarmTypes ?? ['MetricAlarm'];
      const found = alarms
        .history()
        .filter(
          (item) =>
            (name === undefined ? true : item.alarm === name) &&
            types.includes(item.alarmType) &&
            (kind === undefined || item.kind === kind) &&
            item.atMs >= (from?.getTime() ?? 0) &&
            item.atMs <= (to?.getTime() ?? Infinity),
        );
      const ordered = input.ScanBy === 'TimestampAscending' ? found.toReversed() : found;
      const page = pageOf(ordered, { Limit: input.MaxRecords, NextToken: input.NextToken });
      return { AlarmHistoryItems: page.items.map((item) => describeHistory(item)), ...page.token };
    },
  };
}

function describeHistory(item: HistoryItem): AlarmHistoryItem {
  return {
    AlarmName: item.alarm,
    AlarmType: item.alarmType,
    Timestamp: new Date(item.atMs),
    HistoryItemType: item.kind,
    HistorySummary: item.summary,
    HistoryData: item.data,
  };
}

function describeState({ arn, state, configuredAtMs }: Alarm) {
  return {
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAtMs),
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.updatedAtMs),
    StateTransitionedTimestamp: new Date(state.changedAtMs),
  };
}

const noActions = { OKActions: [], AlarmActions: [], InsufficientDataActions: [] };

function describeMetricAlarm(alarm: Alarm): MetricAlarm[] {
  if (alarm.definition.kind !== 'metric') return [];
  return [{ ActionsEnabled: true, ...noActions, Dimensions: [], ...alarm.definition.input, ...describeState(alarm) }];
}

function describeCompositeAlarm(alarm: Alarm): CompositeAlarm[] {
  if (alarm.definition.kind !== 'composite') return [];
  return [{ ActionsEnabled: true, ...noActions, ...alarm.definition.input, ...describeState(alarm) }];
}

function actionsOf({ definition: { input } }: Alarm): string[] {
  return [...(input.AlarmActions ?? []), ...(input.OKActions ?? []), ...(input.InsufficientDataActions ?? [])];
}

function switchActions(names: readonly string[], isOn: boolean, { alarms, context }: MonitoringState): void {
  context.store.transaction(() => {
    for (const name of names) {
      const alarm = alarms.find(name);
      if (!alarm) continue;
      const { definition } = alarm;
      const ActionsEnabled = isOn;
      const changed =
        definition.kind === 'metric'
          ? { kind: definition.kind, input: { ...definition.input, ActionsEnabled } }
          : { kind: definition.kind, input: { ...definition.input, ActionsEnabled } };
      alarms.save(name, changed, context.clock.nowMs());
    }
  });
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('InvalidFormat', 'StateReasonData is no JSON.');
  }
}

function refuseUnknown(name: string | undefined): never {
  throw new AwsError('ResourceNotFound', `There is no alarm ${name}.`, { httpStatus: 404 });
}

function validation(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
