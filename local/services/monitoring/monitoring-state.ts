import type { PutCompositeAlarmInput, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { CloudContext } from '../service-module.ts';
import { checkAlarm, checkComposite, readWatch } from './alarm-input.ts';
import { alarmsOf, parseAlarmRule } from './alarm-rule.ts';
import type { Alarm, AlarmDefinition, AlarmStore } from './alarm-store.ts';
import type { Evaluations } from './evaluations.ts';
import type { MetricStore } from './metric-store.ts';

/** What the operations of CloudWatch share. */
export interface MonitoringState {
  readonly context: CloudContext;
  readonly metrics: MetricStore;
  readonly alarms: AlarmStore;
  readonly evaluations: Evaluations;
}

/** Makes or changes a metric alarm. @throws AwsError in CloudWatch's words */
export function putMetricAlarm(input: PutMetricAlarmInput, state: MonitoringState): Alarm {
  checkAlarm(input);
  readWatch(input);
  return save({ kind: 'metric', input }, state);
}

/** Makes or changes a composite alarm. @throws AwsError in CloudWatch's words */
export function putCompositeAlarm(input: PutCompositeAlarmInput, state: MonitoringState): Alarm {
  checkAlarm(input);
  checkComposite(input, state.alarms);
  return save({ kind: 'composite', input }, state);
}

function save(definition: AlarmDefinition, { context, alarms, evaluations }: MonitoringState): Alarm {
  return context.store.transaction(() => {
    const alarm = alarms.save(definition.input.AlarmName ?? '', definition, context.clock.nowMs());
    evaluations.arm(alarm);
    return alarm;
  });
}

/** Deletes an alarm; what it has sent goes on. */
export function removeAlarm(alarm: Alarm, { context, alarms, evaluations }: MonitoringState): void {
  context.store.transaction(() => {
    evaluations.disarm(alarm);
    alarms.delete(alarm.name);
  });
}

/** Whether a composite alarm's rule names another alarm. */
export function namesAlarm(parent: Alarm, child: string): boolean {
  const { input } = parent.definition;
  return 'AlarmRule' in input && alarmsOf(parseAlarmRule(input.AlarmRule ?? '')).includes(child);
}
