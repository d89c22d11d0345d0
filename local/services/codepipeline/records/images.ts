import type { Store } from '../../../store/store.ts';

/** Makes the tables of what sources have told: pushed images, where refs of repositories stood, what polling has found. */
export function makeSourceTables(store: Store): void {
  store.migrate('codepipeline-sources', [
    `CREATE TABLE codepipeline_images (repository TEXT NOT NULL, tag TEXT NOT NULL, digest TEXT NOT NULL,
       PRIMARY KEY (repository, tag)) STRICT, WITHOUT ROWID`,
    `CREATE TABLE codepipeline_refs (repository TEXT NOT NULL, name TEXT NOT NULL, commit_id TEXT NOT NULL,
       PRIMARY KEY (repository, name)) STRICT, WITHOUT ROWID`,
    `CREATE INDEX codepipeline_running_outside ON codepipeline_actions (json_extract(output, '$.externalExecutionId'))
       WHERE status = 'InProgress'`,
    `CREATE TABLE codepipeline_polled (pipeline TEXT NOT NULL, action TEXT NOT NULL, place TEXT NOT NULL,
       revision TEXT NOT NULL, PRIMARY KEY (pipeline, action)) STRICT, WITHOUT ROWID`,
  ]);
}

/** Keeps the image that was pushed last under a tag. */
export function putImage(store: Store, image: { repository: string; tag: string; digest: string }): void {
  store
    .statement('INSERT OR REPLACE INTO codepipeline_images (repository, tag, digest) VALUES (?, ?, ?)')
    .run(image.repository, image.tag, image.digest);
}

/** The digest of the image that was pushed last under a tag. */
export function findImage(store: Store, repository: string, tag: string): string | undefined {
  const row = store
    .statement('SELECT digest FROM codepipeline_images WHERE repository = ? AND tag = ?')
    .get(repository, tag);
  return row && String(row['digest']);
}

/** The ids of action executions in progress that wait for what has this id outside. */
export function actionsWaitingFor(store: Store, externalExecutionId: string): string[] {
  const rows = store
    .statement(
      `SELECT id FROM codepipeline_actions WHERE status = 'InProgress'
         AND json_extract(output, '$.externalExecutionId') = ?`,
    )
    .all(externalExecutionId);
  return rows.map((row) => String(row['id']));
}
