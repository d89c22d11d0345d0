import type { RetryTrigger, StageExecutionStatus } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';

/** One attempt of a pipeline execution at a stage. */
export interface StageRecord {
  readonly execution: string;
  readonly stage: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly status: StageExecutionStatus;
  /** What began it, if it is a retry. */
  readonly retryTrigger?: RetryTrigger;
}

/** Adds the next attempt of an execution at a stage, in progress. */
export function addStage(
  store: Store,
  entered: { execution: string; pipeline: string; stage: string; nowMs: number; retryTrigger?: RetryTrigger },
): void {
  const attempt = (latestAttempt(store, entered.execution, entered.stage)?.attempt ?? 0) + 1;
  store
    .statement(
      `INSERT INTO codepipeline_stages (execution, pipeline, stage, attempt, status, retry_trigger,
         started_ms, updated_ms) VALUES (?, ?, ?, ?, 'InProgress', ?, ?, ?)`,
    )
    .run(
      entered.execution,
      entered.pipeline,
      entered.stage,
      attempt,
      entered.retryTrigger ?? null,
      entered.nowMs,
      entered.nowMs,
    );
}

/** The newest attempt of an execution at a stage. */
export function latestAttempt(store: Store, execution: string, stage: string): StageRecord | undefined {
  return read(
    store,
    'SELECT * FROM codepipeline_stages WHERE execution = ? AND stage = ? ORDER BY attempt DESC LIMIT 1',
    execution,
    stage,
  )[0];
}

/** All attempts of an execution at a stage, oldest first. */
export function attemptsOf(store: Store, execution: string, stage: string): StageRecord[] {
  return read(
    store,
    'SELECT * FROM codepipeline_stages WHERE execution = ? AND stage = ? ORDER BY attempt',
    execution,
    stage,
  );
}

/** The execution that was in a stage last. */
export function latestInStage(store: Store, pipeline: string, stage: string): StageRecord | undefined {
  return read(
    store,
    'SELECT * FROM codepipeline_stages WHERE pipeline = ? AND stage = ? ORDER BY sequence DESC LIMIT 1',
    pipeline,
    stage,
  )[0];
}

/** The ids of the executions that succeeded in a stage. */
export function succeededInStage(store: Store, pipeline: string, stage: string): Set<string> {
  const rows = store
    .statement(`SELECT execution FROM codepipeline_stages WHERE pipeline = ? AND stage = ? AND status = 'Succeeded'`)
    .all(pipeline, stage);
  return new Set(rows.map((row) => String(row['execution'])));
}

/** Sets the status of an execution's newest attempt at a stage. */
export function setStageStatus(
  store: Store,
  at: { execution: string; stage: string },
  status: StageExecutionStatus,
  nowMs: number,
): void {
  store
    .statement(
      `UPDATE codepipeline_stages SET status = ?, updated_ms = ? WHERE execution = ? AND stage = ?
       AND attempt = (SELECT max(attempt) FROM codepipeline_stages WHERE execution = ? AND stage = ?)`,
    )
    .run(status, nowMs, at.execution, at.stage, at.execution, at.stage);
}

function read(store: Store, sql: string, ...parameters: string[]): StageRecord[] {
  // The columns are STRICT and written only in this file.
  return (store.statement(sql).all(...parameters) as unknown as StageRow[]).map((row) => ({
    execution: row.execution,
    stage: row.stage,
    attempt: row.attempt,
    status: row.status,
    ...(row.retry_trigger !== null && { retryTrigger: row.retry_trigger }),
  }));
}

interface StageRow {
  readonly execution: string;
  readonly stage: string;
  readonly attempt: number;
  readonly status: StageExecutionStatus;
  readonly retry_trigger: RetryTrigger | null;
}
