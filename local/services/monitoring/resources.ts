import type { PutCompositeAlarmInput, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { Json, JsonObject } from '../../json.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import type { Alarm } from './alarm-store.ts';
import { dashboardResource } from './dashboards.ts';
import { putCompositeAlarm, putMetricAlarm, removeAlarm, type MonitoringState } from './monitoring-state.ts';

/** The resource types of CloudWatch. */
export function monitoringResources(state: MonitoringState): ResourceType[] {
  return [
    alarmType('AWS::CloudWatch::Alarm', state, (input) =>
      putMetricAlarm(input as unknown as PutMetricAlarmInput, state),
    ),
    alarmType('AWS::CloudWatch::CompositeAlarm', state, (input) =>
      putCompositeAlarm(input as unknown as PutCompositeAlarmInput, state),
    ),
    dashboardResource(state.context),
  ];
}

const numbers = new Set([
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ActionsSuppressorWaitPeriod',
  'ActionsSuppressorExtensionPeriod',
]);

/** The template's properties have the members of the API's; `put` checks them. */
function alarmType(type: string, state: MonitoringState, put: (input: JsonObject) => Alarm): ResourceType {
  const save = (name: string, properties: JsonObject): Provisioned => {
    const { arn } = put({ ...typed(properties), AlarmName: name });
    return { physicalId: name, attributes: { Arn: arn } };
  };
  return {
    type,
    replacedBy: ['AlarmName'],
    create({ AlarmName: given, ...properties }, { generateName }) {
      return save(typeof given === 'string' ? given : generateName(255), properties);
    },
    update: ({ physicalId }, properties) => save(physicalId, properties),
    delete({ physicalId }) {
      const alarm = state.alarms.find(physicalId);
      if (alarm) removeAlarm(alarm, state);
    },
  };
}

/** CloudFormation takes numbers and booleans as texts, too. */
function typed(properties: JsonObject): JsonObject {
  const entries = Object.entries(properties).map(([name, value]): [string, Json] => {
    if (numbers.has(name) && typeof value === 'string') return [name, Number(value)];
    if (name === 'ActionsEnabled' && typeof value === 'string') return [name, value === 'true'];
    return [name, value];
  });
  return Object.fromEntries(entries);
}
