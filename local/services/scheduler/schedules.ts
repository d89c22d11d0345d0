import { AwsError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { Schedule, ScheduleDefinition } from './schedule.ts';

/** The schedules of one account. */
export interface Schedules {
  find(group: string, name: string): Schedule | undefined;
  /** @throws AwsError ResourceNotFoundException */
  get(group: string, name: string): Schedule;
  list(group?: string): Schedule[];
  save(group: string, name: string, definition: ScheduleDefinition): Schedule;
  setNextRun(schedule: Schedule, nextRunMs: number | undefined): void;
  delete(schedule: Schedule): void;
}

/** Where schedules stand and what time it is. */
export interface SchedulerPlace {
  readonly account: string;
  readonly region: string;
  nowMs(): number;
}

/** Opens the table of schedules. */
export function openSchedules(store: Store, place: SchedulerPlace): Schedules {
  const schedules: Schedules = {
    find(group, name) {
      const row = store
        .statement('SELECT * FROM scheduler_schedules WHERE group_name = ? AND name = ?')
        .get(group, name);
      return row && toSchedule(row, place);
    },
    get(group, name) {
      const schedule = schedules.find(group, name);
      if (schedule) return schedule;
      throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, { httpStatus: 404 });
    },
    list: (group) =>
      store
        .statement('SELECT * FROM scheduler_schedules ORDER BY group_name, name')
        .all()
        .map((row) => toSchedule(row, place))
        .filter((schedule) => group === undefined || schedule.group === group),
    save(group, name, definition) {
      const nowMs = place.nowMs();
      store
        .statement(
          `INSERT INTO scheduler_schedules (group_name, name, definition, created_at_ms, modified_at_ms)
           VALUES (?, ?, ?, ?, ?) ON CONFLICT (group_name, name)
           DO UPDATE SET definition = excluded.definition, modified_at_ms = excluded.modified_at_ms`,
        )
        .run(group, name, JSON.stringify(definition), nowMs, nowMs);
      return schedules.get(group, name);
    },
    setNextRun: ({ group, name }, nextRunMs) =>
      void store
        .statement('UPDATE scheduler_schedules SET next_run_ms = ? WHERE group_name = ? AND name = ?')
        .run(nextRunMs ?? null, group, name),
    delete: ({ group, name }) =>
      void store.statement('DELETE FROM scheduler_schedules WHERE group_name = ? AND name = ?').run(group, name),
  };
  return schedules;
}

function toSchedule(row: Record<string, unknown>, { account, region }: SchedulerPlace): Schedule {
  const group = String(row['group_name']);
  const name = String(row['name']);
  const next = row['next_run_ms'];
  return {
    group,
    name,
    arn: `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`,
    // Written only by save.
    definition: JSON.parse(String(row['definition'])) as ScheduleDefinition,
    createdAtMs: Number(row['created_at_ms']),
    modifiedAtMs: Number(row['modified_at_ms']),
    nextRunMs: typeof next === 'number' ? next : undefined,
  };
}
