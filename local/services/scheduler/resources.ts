import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';
import type { JsonObject } from '../../json.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import { removeGroup } from './group-operations.ts';
import { readDefinition } from './read-definition.ts';
import { removeSchedule, saveSchedule, type SchedulerState } from './scheduler-state.ts';

/** The resource types of EventBridge Scheduler. */
export function schedulerResources(state: SchedulerState): ResourceType[] {
  return [scheduleType(state), groupType(state)];
}

function scheduleType(state: SchedulerState): ResourceType {
  const put = (name: string, properties: JsonObject): Provisioned => {
    const group = textOf(properties['GroupName']) ?? 'default';
    const schedule = saveSchedule({ group, name }, readDefinition(asInput(properties)), state);
    return { physicalId: name, attributes: { Arn: schedule.arn } };
  };
  const removeAt = (arn: unknown): void => {
    const [, group = '', name = ''] = String(arn).split(':').at(-1)?.split('/') ?? [];
    const schedule = state.schedules.find(group, name);
    if (schedule) removeSchedule(schedule, state);
  };
  return {
    type: 'AWS::Scheduler::Schedule',
    replacedBy: ['Name'],
    create: (properties, context) => put(textOf(properties['Name']) ?? context.generateName(64), properties),
    update(current, properties) {
      const updated = put(current.physicalId, properties);
      // Another group is another schedule under the same name.
      if (updated.attributes['Arn'] !== current.attributes['Arn']) removeAt(current.attributes['Arn']);
      return updated;
    },
    delete: (current) => removeAt(current.attributes['Arn']),
  };
}

/** The template's members are those of the API, with dates as text. */
function asInput(properties: JsonObject): CreateScheduleInput {
  const { StartDate: start, EndDate: end, ...others } = properties;
  const dates = {
    ...(typeof start === 'string' ? { StartDate: new Date(start) } : {}),
    ...(typeof end === 'string' ? { EndDate: new Date(end) } : {}),
  };
  // readDefinition checks what it takes from it.
  return { ...others, ...dates } as unknown as CreateScheduleInput;
}

function groupType(state: SchedulerState): ResourceType {
  return {
    type: 'AWS::Scheduler::ScheduleGroup',
    replacedBy: ['Name'],
    create(properties, context) {
      const group = state.groups.add(textOf(properties['Name']) ?? context.generateName(64));
      const createdAt = new Date(group.createdAtMs).toISOString();
      const attributes = { Arn: group.arn, State: 'ACTIVE', CreationDate: createdAt, LastModificationDate: createdAt };
      return { physicalId: group.name, attributes };
    },
    update: (current) => current,
    delete: ({ physicalId }) => removeGroup(physicalId, state),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
