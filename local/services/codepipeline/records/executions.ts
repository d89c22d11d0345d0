import type { PipelineExecutionStatus, SourceRevisionType, TriggerType } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import type { Phase } from '../engine/step.ts';

/** One pipeline execution. Where it stands (`stage`, `phase`) is also what locks a stage and what waits before it. */
export interface ExecutionRecord {
  /** Grows with every start: a higher one is the newer execution. */
  readonly sequence: number;
  readonly id: string;
  readonly pipeline: string;
  readonly version: number;
  readonly status: PipelineExecutionStatus;
  readonly stage?: string;
  readonly phase?: Phase;
  readonly trigger: { readonly type: TriggerType; readonly detail: string };
  /** Pipeline-level variables with their values for this execution. */
  readonly variables: Readonly<Record<string, string>>;
  readonly sourceRevisions: readonly SourceRevisionRequest[];
  readonly stop?: StopRequest;
  /** For an execution of the type ROLLBACK: the one stage that it runs, and whose revisions and variables it takes. */
  readonly rollback?: Rollback;
  readonly startedMs: number;
  readonly updatedMs: number;
}

/** The revision that a start asked for, by source action. */
export interface SourceRevisionRequest {
  readonly actionName: string;
  readonly revisionType: SourceRevisionType;
  readonly revisionValue: string;
  /** The branch that the commit was pushed to, where a trigger asked for it. */
  readonly branch?: string;
}

/** What a rollback runs again. */
export interface Rollback {
  readonly stage: string;
  readonly target: string;
}

/** A request to stop: wait for what runs, or abandon it. */
export interface StopRequest {
  readonly abandon: boolean;
  readonly reason?: string;
}

/** What a new execution is made of. */
export interface NewExecution {
  readonly id: string;
  readonly pipeline: string;
  readonly version: number;
  readonly trigger: ExecutionRecord['trigger'];
  readonly variables: Readonly<Record<string, string>>;
  readonly sourceRevisions: readonly SourceRevisionRequest[];
  readonly requestToken?: string;
  readonly rollback?: Rollback;
  readonly nowMs: number;
}

/** Adds an execution that stands nowhere yet. */
export function addExecution(store: Store, made: NewExecution): void {
  store
    .statement(
      `INSERT INTO codepipeline_executions (id, pipeline, version, status, trigger_type, trigger_detail, variables,
         source_revisions, request_token, rollback, started_ms, updated_ms)
       VALUES (?, ?, ?, 'InProgress', ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      made.id,
      made.pipeline,
      made.version,
      made.trigger.type,
      made.trigger.detail,
      JSON.stringify(made.variables),
      JSON.stringify(made.sourceRevisions),
      made.requestToken ?? null,
      made.rollback ? JSON.stringify(made.rollback) : null,
      made.nowMs,
      made.nowMs,
    );
}

/** The execution of that id, if there is one. */
export function findExecution(store: Store, id: string): ExecutionRecord | undefined {
  return read(store, 'SELECT * FROM codepipeline_executions WHERE id = ?', id)[0];
}

/** The execution of that id, which exists. */
export function executionOf(store: Store, id: string): ExecutionRecord {
  const found = findExecution(store, id);
  if (!found) throw new Error(`there is no pipeline execution ${id}`);
  return found;
}

/** The execution that a start with this client request token made. */
export function findByRequestToken(store: Store, pipeline: string, token: string): ExecutionRecord | undefined {
  return read(
    store,
    'SELECT * FROM codepipeline_executions WHERE pipeline = ? AND request_token = ?',
    pipeline,
    token,
  )[0];
}

/** A pipeline's executions that have not ended, oldest first. */
export function openExecutions(store: Store, pipeline: string): ExecutionRecord[] {
  return read(
    store,
    `SELECT * FROM codepipeline_executions WHERE pipeline = ? AND status IN ('InProgress', 'Stopping') ORDER BY sequence`,
    pipeline,
  );
}

/** A pipeline's executions, newest first, from below a sequence number. */
export function executionsBefore(store: Store, pipeline: string, before: number): ExecutionRecord[] {
  return read(
    store,
    'SELECT * FROM codepipeline_executions WHERE pipeline = ? AND sequence < ? ORDER BY sequence DESC',
    pipeline,
    before,
  );
}

/** How many months a pipeline's history goes back (User Guide, quotas). */
const historyMonths = 12;

/** When the history that lists tell begins: what started before is not told. */
export function historyStartMs(nowMs: number): number {
  const start = new Date(nowMs);
  return start.setUTCMonth(start.getUTCMonth() - historyMonths);
}

/** When the newest execution of a pipeline started. */
export function lastStartMs(store: Store, pipeline: string): number | undefined {
  const row = store
    .statement('SELECT started_ms FROM codepipeline_executions WHERE pipeline = ? ORDER BY sequence DESC LIMIT 1')
    .get(pipeline);
  return row && Number(row['started_ms']);
}

/** Says where an execution stands. */
export function moveExecution(store: Store, id: string, at: { stage: string; phase: Phase; nowMs: number }): void {
  store
    .statement('UPDATE codepipeline_executions SET stage = ?, phase = ?, updated_ms = ? WHERE id = ?')
    .run(at.stage, at.phase, at.nowMs, id);
}

/** Sets an execution's status. */
export function setExecutionStatus(store: Store, id: string, status: PipelineExecutionStatus, nowMs: number): void {
  store.statement('UPDATE codepipeline_executions SET status = ?, updated_ms = ? WHERE id = ?').run(status, nowMs, id);
}

/** Puts an execution that has ended back to work; a stop that was asked for is over. */
export function reopenExecution(store: Store, id: string): void {
  store.statement("UPDATE codepipeline_executions SET status = 'InProgress', stop = NULL WHERE id = ?").run(id);
}

/** Keeps a request to stop. */
export function setStopRequest(store: Store, id: string, stop: StopRequest): void {
  store.statement('UPDATE codepipeline_executions SET stop = ? WHERE id = ?').run(JSON.stringify(stop), id);
}

function read(store: Store, sql: string, ...parameters: (string | number)[]): ExecutionRecord[] {
  // The columns are STRICT and written only in this file.
  return (store.statement(sql).all(...parameters) as unknown as ExecutionRow[]).map(fromRow);
}

interface ExecutionRow {
  readonly sequence: number;
  readonly id: string;
  readonly pipeline: string;
  readonly version: number;
  readonly status: PipelineExecutionStatus;
  readonly stage: string | null;
  readonly phase: Phase | null;
  readonly trigger_type: TriggerType;
  readonly trigger_detail: string;
  readonly variables: string;
  readonly source_revisions: string;
  readonly stop: string | null;
  readonly rollback: string | null;
  readonly started_ms: number;
  readonly updated_ms: number;
}

function fromRow(row: ExecutionRow): ExecutionRecord {
  return {
    sequence: row.sequence,
    id: row.id,
    pipeline: row.pipeline,
    version: row.version,
    status: row.status,
    ...(row.stage !== null && { stage: row.stage }),
    ...(row.phase !== null && { phase: row.phase }),
    trigger: { type: row.trigger_type, detail: row.trigger_detail },
    // The JSON columns were written by addExecution and setStopRequest from these types.
    variables: JSON.parse(row.variables) as Record<string, string>,
    sourceRevisions: JSON.parse(row.source_revisions) as SourceRevisionRequest[],
    ...(row.stop !== null && { stop: JSON.parse(row.stop) as StopRequest }),
    ...(row.rollback !== null && { rollback: JSON.parse(row.rollback) as Rollback }),
    startedMs: row.started_ms,
    updatedMs: row.updated_ms,
  };
}
