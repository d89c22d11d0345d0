import type { CloudContext } from '../service-module.ts';
import type { Groups } from './groups.ts';
import type { Runs } from './runs.ts';
import type { Schedule, ScheduleDefinition } from './schedule.ts';
import type { Schedules } from './schedules.ts';

/** What the operations of EventBridge Scheduler share. */
export interface SchedulerState {
  readonly context: CloudContext;
  readonly schedules: Schedules;
  readonly groups: Groups;
  readonly runs: Runs;
}

/** Writes a schedule and arms it, as one write. @throws AwsError if the group does not exist */
export function saveSchedule(
  place: { group: string; name: string },
  definition: ScheduleDefinition,
  state: SchedulerState,
): Schedule {
  const group = state.groups.get(place.group).name;
  return state.context.store.transaction(() => {
    const schedule = state.schedules.save(group, place.name, definition);
    state.runs.arm(schedule);
    return schedule;
  });
}

/** Deletes a schedule; an invocation under way goes on. */
export function removeSchedule(schedule: Schedule, state: SchedulerState): void {
  state.context.store.transaction(() => {
    state.runs.disarm(schedule);
    state.schedules.delete(schedule);
  });
}
