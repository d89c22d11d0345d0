import type { GetScheduleGroupOutput, Scheduler } from '@aws-sdk/client-scheduler';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { pageOf } from '../events/paging.ts';
import type { Group } from './groups.ts';
import { checkName, invalidSchedule } from './read-definition.ts';
import { removeSchedule, type SchedulerState } from './scheduler-state.ts';

/** Operations on schedule groups. */
export function groupOperations(state: SchedulerState): Operations<Scheduler> {
  const { groups } = state;
  return {
    CreateScheduleGroup(input) {
      const name = checkName(input.Name);
      if (groups.find(name)) {
        throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, { httpStatus: 409 });
      }
      return { ScheduleGroupArn: groups.add(name).arn };
    },
    GetScheduleGroup: (input) => describe(groups.get(checkName(input.Name))),
    DeleteScheduleGroup(input) {
      const { name } = groups.get(checkName(input.Name));
      if (name === 'default') throw invalidSchedule('The default schedule group cannot be deleted.');
      removeGroup(name, state);
      return {};
    },
    ListScheduleGroups(input) {
      const { items, token } = pageOf(groups.list(input.NamePrefix ?? ''), {
        Limit: input.MaxResults,
        NextToken: input.NextToken,
      });
      return { ScheduleGroups: items.map((group) => describe(group)), ...token };
    },
  };
}

/** Deletes a group with its schedules. */
export function removeGroup(name: string, state: SchedulerState): void {
  state.context.store.transaction(() => {
    for (const schedule of state.schedules.list(name)) removeSchedule(schedule, state);
    state.groups.delete(name);
  });
}

function describe(group: Group): GetScheduleGroupOutput {
  return {
    Name: group.name,
    Arn: group.arn,
    State: 'ACTIVE',
    CreationDate: new Date(group.createdAtMs),
    LastModificationDate: new Date(group.createdAtMs),
  };
}
