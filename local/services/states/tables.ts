/**
 * The tables of this service. A revision is what a machine was at one time; executions and versions point to theirs, so
 * an update changes none of them. A frame is one thread of control: a machine has one, and each branch of a Parallel or
 * item of a Map adds a child of its parent.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE states_revisions (id INTEGER PRIMARY KEY, machine_arn TEXT NOT NULL, revision_id TEXT, definition TEXT NOT NULL,
     role_arn TEXT NOT NULL, logging TEXT NOT NULL, tracing TEXT NOT NULL, created_at_ms INTEGER NOT NULL) STRICT;
   CREATE INDEX states_revisions_machine ON states_revisions (machine_arn);
   CREATE TABLE states_machines (arn TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, revision INTEGER NOT NULL,
     last_version INTEGER NOT NULL, tags TEXT NOT NULL, created_at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE states_versions (machine_arn TEXT NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL,
     description TEXT, created_at_ms INTEGER NOT NULL, PRIMARY KEY (machine_arn, number)) STRICT;
   CREATE TABLE states_aliases (arn TEXT PRIMARY KEY, machine_arn TEXT NOT NULL, name TEXT NOT NULL, description TEXT,
     routing TEXT NOT NULL, created_at_ms INTEGER NOT NULL, updated_at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE states_executions (sequence INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, machine_arn TEXT NOT NULL,
     revision INTEGER NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
     version_arn TEXT, alias_arn TEXT, trace_header TEXT, started_at_ms INTEGER NOT NULL, stopped_at_ms INTEGER,
     events INTEGER NOT NULL) STRICT;
   CREATE INDEX states_executions_machine ON states_executions (machine_arn, sequence);
   CREATE INDEX states_executions_running ON states_executions (machine_arn) WHERE status = 'RUNNING';
   CREATE TABLE states_frames (id INTEGER PRIMARY KEY AUTOINCREMENT, execution_arn TEXT NOT NULL, parent INTEGER, branch INTEGER,
     path TEXT NOT NULL, item TEXT, turn INTEGER NOT NULL, phase TEXT NOT NULL, state TEXT NOT NULL, input TEXT NOT NULL,
     variables TEXT NOT NULL, entered_at_ms INTEGER NOT NULL, entered_event INTEGER NOT NULL, last_event INTEGER NOT NULL,
     retries TEXT NOT NULL, work TEXT NOT NULL) STRICT;
   CREATE INDEX states_frames_execution ON states_frames (execution_arn);
   CREATE TABLE states_events (execution_arn TEXT NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL, type TEXT NOT NULL,
     at_ms INTEGER NOT NULL, details TEXT NOT NULL, PRIMARY KEY (execution_arn, id)) STRICT, WITHOUT ROWID;
   CREATE TABLE states_tokens (hash TEXT PRIMARY KEY, execution_arn TEXT NOT NULL, frame INTEGER NOT NULL, turn INTEGER NOT NULL)
     STRICT, WITHOUT ROWID;
   CREATE INDEX states_tokens_execution ON states_tokens (execution_arn);`,
  'CREATE INDEX states_frames_parent ON states_frames (parent, phase) WHERE parent IS NOT NULL',
  `CREATE TABLE states_nested (child_arn TEXT PRIMARY KEY, frame INTEGER NOT NULL, turn INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX states_nested_frame ON states_nested (frame);`,
  `DROP INDEX states_frames_parent;
   CREATE INDEX states_frames_parent ON states_frames (parent, phase, branch) WHERE parent IS NOT NULL;`,
  `ALTER TABLE states_machines ADD COLUMN type TEXT NOT NULL DEFAULT 'STANDARD';
   ALTER TABLE states_executions ADD COLUMN redrive_count INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE states_executions ADD COLUMN redriven_at_ms INTEGER;
   CREATE TABLE states_redrives (execution_arn TEXT NOT NULL, client_token TEXT NOT NULL, redriven_at_ms INTEGER NOT NULL,
     PRIMARY KEY (execution_arn, client_token)) STRICT, WITHOUT ROWID;`,
  'CREATE TABLE states_callers (execution_arn TEXT PRIMARY KEY) STRICT, WITHOUT ROWID',
  // One row for events that were written together, in place of one for each; see history.ts for its id.
  `CREATE TABLE states_history (id INTEGER PRIMARY KEY, last INTEGER NOT NULL, at_ms INTEGER NOT NULL, events TEXT NOT NULL)
     STRICT;
   INSERT INTO states_history SELECT executions.sequence * 16777216 + events.id, events.id, events.at_ms,
     json_array(json_array(events.previous, events.type, json(events.details)))
     FROM states_events AS events JOIN states_executions AS executions ON executions.arn = events.execution_arn
     ORDER BY executions.sequence, events.id;
   DROP TABLE states_events;
   ALTER TABLE states_executions DROP COLUMN events;`,
];
