import type { GetScheduleOutput, Scheduler, ScheduleSummary } from '@aws-sdk/client-scheduler';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { pageOf } from '../events/paging.ts';
import { checkName, readDefinition } from './read-definition.ts';
import type { Schedule } from './schedule.ts';
import { removeSchedule, saveSchedule, type SchedulerState } from './scheduler-state.ts';

/** Operations on schedules. */
export function scheduleOperations(state: SchedulerState): Operations<Scheduler> {
  const { schedules } = state;
  const find = (input: { Name?: string | undefined; GroupName?: string | undefined }): Schedule =>
    schedules.get(input.GroupName ?? 'default', checkName(input.Name));
  return {
    CreateSchedule(input) {
      const place = { group: input.GroupName ?? 'default', name: checkName(input.Name) };
      const definition = readDefinition(input);
      const known = schedules.find(place.group, place.name);
      const isRepeated =
        known?.definition.clientToken !== undefined && known.definition.clientToken === input.ClientToken;
      if (known && !isRepeated) {
        throw new AwsError('ConflictException', `Schedule ${place.name} already exists.`, { httpStatus: 409 });
      }
      return { ScheduleArn: (known ?? saveSchedule(place, definition, state)).arn };
    },
    UpdateSchedule(input) {
      const { group, name } = find(input);
      return { ScheduleArn: saveSchedule({ group, name }, readDefinition(input), state).arn };
    },
    GetSchedule: (input) => describe(find(input)),
    DeleteSchedule(input) {
      removeSchedule(find(input), state);
      return {};
    },
    ListSchedules(input) {
      const { GroupName: group, NamePrefix: prefix = '', State: wanted, MaxResults: limit, NextToken: token } = input;
      const found = schedules
        .list(group)
        .filter(({ name }) => name.startsWith(prefix))
        .filter(({ definition }) => wanted === undefined || wanted === stateOf(definition.isEnabled));
      const page = pageOf(found, { Limit: limit, NextToken: token });
      return { Schedules: page.items.map((schedule) => summarize(schedule)), ...page.token };
    },
  };
}

function stateOf(isEnabled: boolean): 'ENABLED' | 'DISABLED' {
  return isEnabled ? 'ENABLED' : 'DISABLED';
}

function summarize(schedule: Schedule): ScheduleSummary {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    State: stateOf(schedule.definition.isEnabled),
    CreationDate: new Date(schedule.createdAtMs),
    LastModificationDate: new Date(schedule.modifiedAtMs),
    Target: { Arn: schedule.definition.target.Arn },
  };
}

function describe(schedule: Schedule): GetScheduleOutput {
  const { definition } = schedule;
  const { startAt, endAt, windowMinutes } = definition;
  return {
    ...summarize(schedule),
    ScheduleExpression: definition.expression,
    ScheduleExpressionTimezone: definition.timeZone,
    StartDate: startAt === undefined ? undefined : new Date(startAt),
    EndDate: endAt === undefined ? undefined : new Date(endAt),
    Description: definition.description,
    KmsKeyArn: definition.kmsKeyArn,
    FlexibleTimeWindow:
      windowMinutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: windowMinutes },
    ActionAfterCompletion: definition.isDeletedWhenDone ? 'DELETE' : 'NONE',
    Target: definition.target,
  };
}
