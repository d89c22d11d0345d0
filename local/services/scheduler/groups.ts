import { AwsError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { SchedulerPlace } from './schedules.ts';

/** A schedule group. */
export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
}

/** The schedule groups of one account; `default` is always there. */
export interface Groups {
  find(name: string): Group | undefined;
  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Group;
  list(prefix: string): Group[];
  add(name: string): Group;
  delete(name: string): void;
}

/** Opens the table of groups. */
export function openGroups(store: Store, place: SchedulerPlace): Groups {
  const toGroup = (row: Record<string, unknown>): Group => ({
    name: String(row['name']),
    arn: `arn:aws:scheduler:${place.region}:${place.account}:schedule-group/${String(row['name'])}`,
    createdAtMs: Number(row['created_at_ms']),
  });
  const groups: Groups = {
    find(name) {
      const row = store.statement('SELECT * FROM scheduler_groups WHERE name = ?').get(name);
      return row && toGroup(row);
    },
    get(name) {
      const group = groups.find(name);
      if (group) return group;
      throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, { httpStatus: 404 });
    },
    list: (prefix) =>
      store
        .statement('SELECT * FROM scheduler_groups ORDER BY name')
        .all()
        .map((row) => toGroup(row))
        .filter(({ name }) => name.startsWith(prefix)),
    add(name) {
      store
        .statement('INSERT INTO scheduler_groups (name, created_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING')
        .run(name, place.nowMs());
      return groups.get(name);
    },
    delete: (name) => void store.statement('DELETE FROM scheduler_groups WHERE name = ?').run(name),
  };
  groups.add('default');
  return groups;
}
