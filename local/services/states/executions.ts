import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { Store } from '../../store/store.ts';
import { countEvents, deleteEvents } from './history.ts';

/** An execution as it is stored. Input and output are JSON texts. */
export interface Execution {
  readonly sequence: number;
  readonly arn: string;
  readonly machineArn: string;
  /** The revision that it runs, whatever happens to the machine. */
  readonly revision: number;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly versionArn?: string;
  readonly aliasArn?: string;
  readonly traceHeader?: string;
  readonly startedAtMs: number;
  readonly stoppedAtMs?: number;
  /** How many events its history has. */
  readonly events: number;
  readonly redriveCount: number;
  readonly redrivenAtMs?: number;
}

/** What of a running execution is read over and over: not the texts that it carries, which may be large. */
export type ExecutionHead = Pick<
  Execution,
  'sequence' | 'arn' | 'machineArn' | 'revision' | 'name' | 'startedAtMs' | 'events' | 'redriveCount' | 'redrivenAtMs'
>;

/** What an execution begins with. */
export type NewExecution = Pick<
  Execution,
  'arn' | 'machineArn' | 'revision' | 'name' | 'input' | 'versionArn' | 'aliasArn' | 'traceHeader' | 'startedAtMs'
>;

/** How an execution ends. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING' | 'PENDING_REDRIVE'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The execution with this ARN, if there is one. */
export function findExecution(store: Store, arn: string): Execution | undefined {
  const row = store.statement('SELECT * FROM states_executions WHERE arn = ?').get(arn);
  return row && toExecution(store, row);
}

/** Writes a new execution, running, and gives its sequence. */
export function insertExecution(store: Store, execution: NewExecution): number {
  const { lastInsertRowid } = store
    .statement(
      `INSERT INTO states_executions (arn, machine_arn, revision, name, status, input, version_arn, alias_arn, trace_header,
         started_at_ms) VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?, ?, ?)`,
    )
    .run(
      execution.arn,
      execution.machineArn,
      execution.revision,
      execution.name,
      execution.input,
      execution.versionArn ?? null,
      execution.aliasArn ?? null,
      execution.traceHeader ?? null,
      execution.startedAtMs,
    );
  return Number(lastInsertRowid);
}

/** Removes an execution with all that belongs to it; its frames and timers are gone already. */
export function deleteExecution(store: Store, arn: string): void {
  const row = store.statement('SELECT sequence FROM states_executions WHERE arn = ?').get(arn);
  if (!row) return;
  deleteEvents(store, Number(row['sequence']));
  for (const table of ['states_tokens', 'states_frames', 'states_redrives']) {
    store.statement(`DELETE FROM ${table} WHERE execution_arn = ?`).run(arn);
  }
  store.statement('DELETE FROM states_executions WHERE arn = ?').run(arn);
}

/** Writes how a running execution ended. */
export function endExecution(store: Store, arn: string, ending: Ending, nowMs: number): void {
  store
    .statement(
      `UPDATE states_executions SET status = ?, output = ?, error = ?, cause = ?, stopped_at_ms = ?
       WHERE arn = ? AND status = 'RUNNING'`,
    )
    .run(ending.status, ending.output ?? null, ending.error ?? null, ending.cause ?? null, nowMs, arn);
}

/** Which executions a list shows. */
export interface ExecutionFilter {
  readonly machineArn: string;
  readonly versionArn?: string;
  readonly aliasArn?: string;
  readonly status?: ExecutionStatus;
  readonly isRedriven?: boolean;
}

/** Executions of a machine, the most recent one first: by start while they run, then by their end. */
export function listExecutions(
  store: Store,
  filter: ExecutionFilter,
  page: { readonly offset: number; readonly count: number },
): Execution[] {
  return store
    .statement(
      `SELECT * FROM states_executions WHERE machine_arn = ?1 AND (?2 IS NULL OR version_arn = ?2)
         AND (?3 IS NULL OR alias_arn = ?3) AND (?4 IS NULL OR status = ?4) AND (?7 IS NULL OR (redrive_count > 0) = ?7)
       ORDER BY coalesce(stopped_at_ms, started_at_ms) DESC, sequence DESC LIMIT ?5 OFFSET ?6`,
    )
    .all(
      filter.machineArn,
      filter.versionArn ?? null,
      filter.aliasArn ?? null,
      filter.status ?? null,
      page.count,
      page.offset,
      filter.isRedriven === undefined ? null : Number(filter.isRedriven),
    )
    .map((row) => toExecution(store, row));
}

/** Makes an ended execution run again; its redrives are counted. */
export function resumeExecution(store: Store, arn: string, nowMs: number): void {
  store
    .statement(
      `UPDATE states_executions SET status = 'RUNNING', error = NULL, cause = NULL, stopped_at_ms = NULL,
         redrive_count = redrive_count + 1, redriven_at_ms = ? WHERE arn = ?`,
    )
    .run(nowMs, arn);
}

/** Whether a machine has executions that run. */
export function hasRunning(store: Store, machineArn: string): boolean {
  const sql = "SELECT 1 FROM states_executions WHERE machine_arn = ? AND status = 'RUNNING' LIMIT 1";
  return store.statement(sql).get(machineArn) !== undefined;
}

function toExecution(store: Store, row: Record<string, unknown>): Execution {
  const text = (column: string): string | undefined => (row[column] === null ? undefined : String(row[column]));
  const optional = {
    output: text('output'),
    error: text('error'),
    cause: text('cause'),
    versionArn: text('version_arn'),
    aliasArn: text('alias_arn'),
    traceHeader: text('trace_header'),
    stoppedAtMs: row['stopped_at_ms'] === null ? undefined : Number(row['stopped_at_ms']),
    redrivenAtMs: row['redriven_at_ms'] === null ? undefined : Number(row['redriven_at_ms']),
  };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    sequence: Number(row['sequence']),
    arn: String(row['arn']),
    machineArn: String(row['machine_arn']),
    revision: Number(row['revision']),
    name: String(row['name']),
    // Only written by this file, with these values.
    status: row['status'] as ExecutionStatus,
    input: String(row['input']),
    startedAtMs: Number(row['started_at_ms']),
    events: countEvents(store, Number(row['sequence'])),
    redriveCount: Number(row['redrive_count']),
    ...present,
  };
}
