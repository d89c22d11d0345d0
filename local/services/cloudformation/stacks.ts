import type { Store } from '../../store/store.ts';
import { validationError } from './errors.ts';
import type { Stack } from './stack.ts';

/** The stacks that were made through the API, also those that were deleted. */
export interface Stacks {
  /** By name, if it is not deleted, or by id. */
  find(nameOrId: string): Stack | undefined;
  /** @throws AwsError ValidationError */
  get(nameOrId: string): Stack;
  /** Latest first. */
  list(): Stack[];
  save(stack: Stack): void;
  forget(id: string): void;
}

/** The tables of stacks, in the order in which they came. */
export const stackMigrations: readonly string[] = [
  `CREATE TABLE cloudformation_stacks (id TEXT PRIMARY KEY, name TEXT NOT NULL, is_deleted INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL, record TEXT NOT NULL) STRICT`,
  'CREATE UNIQUE INDEX cloudformation_stack_names ON cloudformation_stacks (name) WHERE is_deleted = 0',
];

/** Opens the table of stacks. */
export function openStacks(store: Store): Stacks {
  const toStack = (row: Record<string, unknown>): Stack =>
    // Written only by save.
    JSON.parse(String(row['record'])) as Stack;
  const find = (nameOrId: string): Stack | undefined => {
    const sql = nameOrId.startsWith('arn:')
      ? 'SELECT record FROM cloudformation_stacks WHERE id = ?'
      : 'SELECT record FROM cloudformation_stacks WHERE name = ? AND is_deleted = 0';
    const row = store.statement(sql).get(nameOrId);
    return row && toStack(row);
  };
  return {
    find,
    get(nameOrId) {
      const stack = find(nameOrId);
      if (stack) return stack;
      throw validationError(`Stack with id ${nameOrId} does not exist`);
    },
    list: () =>
      store
        .statement('SELECT record FROM cloudformation_stacks ORDER BY created_at_ms DESC, rowid DESC')
        .all()
        .map(toStack),
    save: (stack) =>
      void store
        .statement(
          `INSERT INTO cloudformation_stacks (id, name, is_deleted, created_at_ms, record) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET is_deleted = excluded.is_deleted, record = excluded.record`,
        )
        .run(stack.id, stack.name, stack.deletedAtMs === undefined ? 0 : 1, stack.createdAtMs, JSON.stringify(stack)),
    forget: (id) => void store.statement('DELETE FROM cloudformation_stacks WHERE id = ?').run(id),
  };
}
