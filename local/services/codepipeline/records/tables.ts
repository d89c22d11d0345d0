import type { Store } from '../../../store/store.ts';

/**
 * A pipeline has versions; a pipeline execution runs one of them and stands at one stage; a stage execution is one attempt
 * at a stage; an action execution is one run of an action; its jobs are handed out one after the other. Only what is in
 * progress is ever changed; history is kept until the pipeline is deleted.
 */
export function makeTables(store: Store): void {
  store.migrate('codepipeline', [
    `CREATE TABLE codepipeline_pipelines (name TEXT PRIMARY KEY, version INTEGER NOT NULL, created_ms INTEGER NOT NULL,
       updated_ms INTEGER NOT NULL, tags TEXT NOT NULL) STRICT`,
    `CREATE TABLE codepipeline_versions (pipeline TEXT NOT NULL, version INTEGER NOT NULL, declaration TEXT NOT NULL,
       PRIMARY KEY (pipeline, version)) STRICT, WITHOUT ROWID`,
    `CREATE TABLE codepipeline_executions (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
       pipeline TEXT NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL, stage TEXT, phase TEXT,
       trigger_type TEXT NOT NULL, trigger_detail TEXT NOT NULL, variables TEXT NOT NULL, source_revisions TEXT NOT NULL,
       request_token TEXT, stop TEXT, started_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT`,
    `CREATE UNIQUE INDEX codepipeline_request_tokens ON codepipeline_executions (pipeline, request_token)`,
    `CREATE INDEX codepipeline_open_executions ON codepipeline_executions (pipeline, sequence)
       WHERE status IN ('InProgress', 'Stopping')`,
    `CREATE INDEX codepipeline_execution_history ON codepipeline_executions (pipeline, sequence)`,
    `CREATE TABLE codepipeline_stages (sequence INTEGER PRIMARY KEY AUTOINCREMENT, execution TEXT NOT NULL,
       pipeline TEXT NOT NULL, stage TEXT NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL,
       started_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, UNIQUE (execution, stage, attempt)) STRICT`,
    `CREATE INDEX codepipeline_stage_history ON codepipeline_stages (pipeline, stage, sequence)`,
    `CREATE TABLE codepipeline_actions (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
       execution TEXT NOT NULL, pipeline TEXT NOT NULL, stage TEXT NOT NULL, action TEXT NOT NULL, attempt INTEGER NOT NULL,
       status TEXT NOT NULL, token TEXT UNIQUE, started_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
       input TEXT NOT NULL, output TEXT NOT NULL) STRICT`,
    `CREATE INDEX codepipeline_action_history ON codepipeline_actions (pipeline, stage, action, sequence)`,
    `CREATE INDEX codepipeline_execution_actions ON codepipeline_actions (execution, sequence)`,
    `CREATE TABLE codepipeline_jobs (id TEXT PRIMARY KEY, action_execution TEXT NOT NULL, status TEXT NOT NULL,
       continuation_token TEXT, created_ms INTEGER NOT NULL) STRICT`,
    `CREATE INDEX codepipeline_action_jobs ON codepipeline_jobs (action_execution)`,
    `CREATE TABLE codepipeline_artifacts (execution TEXT NOT NULL, name TEXT NOT NULL, action TEXT NOT NULL,
       bucket TEXT NOT NULL, key TEXT NOT NULL, revision TEXT, PRIMARY KEY (execution, name)) STRICT, WITHOUT ROWID`,
    `CREATE TABLE codepipeline_transitions (pipeline TEXT NOT NULL, stage TEXT NOT NULL, type TEXT NOT NULL,
       enabled INTEGER NOT NULL, changed_by TEXT NOT NULL, changed_ms INTEGER NOT NULL, reason TEXT,
       PRIMARY KEY (pipeline, stage, type)) STRICT, WITHOUT ROWID`,
    `ALTER TABLE codepipeline_stages ADD COLUMN retry_trigger TEXT`,
    `ALTER TABLE codepipeline_actions ADD COLUMN is_retried INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE codepipeline_executions ADD COLUMN rollback TEXT`,
    `ALTER TABLE codepipeline_actions ADD COLUMN condition TEXT`,
    `CREATE TABLE codepipeline_overrides (execution TEXT NOT NULL, stage TEXT NOT NULL, condition TEXT NOT NULL,
       made_ms INTEGER NOT NULL, PRIMARY KEY (execution, stage, condition)) STRICT, WITHOUT ROWID`,
  ]);
}
