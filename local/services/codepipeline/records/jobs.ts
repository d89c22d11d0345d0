import type { JobStatus } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';

/** One job of an action execution; a continuation token makes the next one. */
export interface JobRecord {
  readonly id: string;
  readonly actionExecution: string;
  readonly status: JobStatus;
  readonly continuationToken?: string;
}

/** Adds a queued job. */
export function addJob(store: Store, made: Omit<JobRecord, 'status'> & { nowMs: number }): void {
  store
    .statement(
      `INSERT INTO codepipeline_jobs (id, action_execution, status, continuation_token, created_ms)
       VALUES (?, ?, 'Queued', ?, ?)`,
    )
    .run(made.id, made.actionExecution, made.continuationToken ?? null, made.nowMs);
}

/** The job of that id, if there is one. */
export function findJob(store: Store, id: string): JobRecord | undefined {
  return read(store, 'SELECT * FROM codepipeline_jobs WHERE id = ?', id)[0];
}

/** The jobs of an action execution that have not ended: at most one. */
export function openJobs(store: Store, actionExecution: string): JobRecord[] {
  return read(
    store,
    `SELECT * FROM codepipeline_jobs WHERE action_execution = ?
       AND status IN ('Created', 'Queued', 'Dispatched', 'InProgress')`,
    actionExecution,
  );
}

/** Sets a job's status. */
export function setJobStatus(store: Store, id: string, status: JobStatus): void {
  store.statement('UPDATE codepipeline_jobs SET status = ? WHERE id = ?').run(status, id);
}

function read(store: Store, sql: string, parameter: string): JobRecord[] {
  // The columns are STRICT and written only in this file.
  return (store.statement(sql).all(parameter) as unknown as JobRow[]).map((row) => ({
    id: row.id,
    actionExecution: row.action_execution,
    status: row.status,
    ...(row.continuation_token !== null && { continuationToken: row.continuation_token }),
  }));
}

interface JobRow {
  readonly id: string;
  readonly action_execution: string;
  readonly status: JobStatus;
  readonly continuation_token: string | null;
}
