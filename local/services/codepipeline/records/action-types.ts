import type { CreateCustomActionTypeInput } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import type { ActionTypeName } from '../structure/structure.ts';

/** A custom action type as it was created; a deleted one is kept, because its version is never free again. */
export interface ActionTypeRecord {
  readonly definition: CreateCustomActionTypeInput;
  readonly isDeleted: boolean;
}

/** Makes the tables of custom action types and of what workers have been handed. */
export function makeWorkerTables(store: Store): void {
  store.migrate('codepipeline-workers', [
    `CREATE TABLE codepipeline_action_types (category TEXT NOT NULL, provider TEXT NOT NULL, version TEXT NOT NULL,
       definition TEXT NOT NULL, is_deleted INTEGER NOT NULL, PRIMARY KEY (category, provider, version)) STRICT`,
    `CREATE TABLE codepipeline_handouts (job TEXT PRIMARY KEY, nonce TEXT NOT NULL, again_ms INTEGER NOT NULL) STRICT`,
  ]);
}

/** Adds a custom action type, or puts a deleted one back; its tags come with it. */
export function putActionType(store: Store, definition: CreateCustomActionTypeInput): void {
  const { category = '', provider = '', version = '' } = definition;
  store
    .statement(
      `INSERT OR REPLACE INTO codepipeline_action_types (category, provider, version, definition, is_deleted)
       VALUES (?, ?, ?, ?, 0)`,
    )
    .run(category, provider, version, JSON.stringify(definition));
}

/** Marks a custom action type as deleted; one that does not exist is no error. */
export function markActionTypeDeleted(
  store: Store,
  { category, provider, version }: Omit<ActionTypeName, 'owner'>,
): void {
  store
    .statement(
      'UPDATE codepipeline_action_types SET is_deleted = 1 WHERE category = ? AND provider = ? AND version = ?',
    )
    .run(category, provider, version);
}

/** The custom action type of that name, deleted or not. */
export function findActionType(store: Store, type: Omit<ActionTypeName, 'owner'>): ActionTypeRecord | undefined {
  const row = store
    .statement('SELECT * FROM codepipeline_action_types WHERE category = ? AND provider = ? AND version = ?')
    .get(type.category, type.provider, type.version);
  return row && fromRow(row);
}

/** All custom action types that are not deleted, by name. */
export function allActionTypes(store: Store): ActionTypeRecord[] {
  const rows = store
    .statement('SELECT * FROM codepipeline_action_types WHERE is_deleted = 0 ORDER BY category, provider, version')
    .all();
  return rows.map(fromRow);
}

function fromRow(row: Record<string, unknown>): ActionTypeRecord {
  return {
    // Written by putActionType from a definition that had been checked.
    definition: JSON.parse(String(row['definition'])) as CreateCustomActionTypeInput,
    isDeleted: row['is_deleted'] === 1,
  };
}
