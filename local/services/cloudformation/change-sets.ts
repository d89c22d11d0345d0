import type { Change, ChangeSetStatus, ExecutionStatus } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../gateway/principal.ts';
import type { Store } from '../../store/store.ts';
import type { OnFailure, StackInput } from './stack.ts';

/** A change set: what a stack is to become, and what that would change. */
export interface ChangeSet extends StackInput {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly status: ChangeSetStatus;
  readonly statusReason?: string | undefined;
  readonly executionStatus: ExecutionStatus;
  readonly description?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly createdAtMs: number;
  readonly onFailure?: OnFailure | undefined;
  readonly clientToken?: string | undefined;
  readonly principal: Principal;
  readonly changes: readonly Change[];
}

/** The change sets of all stacks. */
export interface ChangeSets {
  /** By id, or by name together with a stack's id. */
  find(nameOrId: string, stackId: string | undefined): ChangeSet | undefined;
  /** @throws AwsError ChangeSetNotFoundException */
  get(nameOrId: string, stackId: string | undefined): ChangeSet;
  /** Oldest first. */
  list(stackId: string): ChangeSet[];
  save(changeSet: ChangeSet): void;
  delete(id: string): void;
}

/** The table of change sets. */
export const changeSetMigrations: readonly string[] = [
  `CREATE TABLE cloudformation_change_sets (id TEXT PRIMARY KEY, stack_id TEXT NOT NULL, name TEXT NOT NULL,
     record TEXT NOT NULL, UNIQUE (stack_id, name)) STRICT`,
];

/** Opens the table of change sets. */
export function openChangeSets(store: Store): ChangeSets {
  const toChangeSet = (row: Record<string, unknown>): ChangeSet =>
    // Written only by save.
    JSON.parse(String(row['record'])) as ChangeSet;
  const find = (nameOrId: string, stackId: string | undefined): ChangeSet | undefined => {
    const row = nameOrId.startsWith('arn:')
      ? store.statement('SELECT record FROM cloudformation_change_sets WHERE id = ?').get(nameOrId)
      : store
          .statement('SELECT record FROM cloudformation_change_sets WHERE stack_id = ? AND name = ?')
          .get(stackId ?? '', nameOrId);
    return row && toChangeSet(row);
  };
  return {
    find,
    get(nameOrId, stackId) {
      const found = find(nameOrId, stackId);
      if (found) return found;
      throw new AwsError('ChangeSetNotFoundException', `ChangeSet [${nameOrId}] does not exist`, { httpStatus: 404 });
    },
    list: (stackId) =>
      store
        .statement('SELECT record FROM cloudformation_change_sets WHERE stack_id = ? ORDER BY rowid')
        .all(stackId)
        .map(toChangeSet),
    save: (changeSet) =>
      void store
        .statement(
          `INSERT INTO cloudformation_change_sets (id, stack_id, name, record) VALUES (?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
        )
        .run(changeSet.id, changeSet.stackId, changeSet.name, JSON.stringify(changeSet)),
    delete: (id) => void store.statement('DELETE FROM cloudformation_change_sets WHERE id = ?').run(id),
  };
}
