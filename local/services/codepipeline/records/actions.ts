import type { ActionExecutionStatus } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import type { ConditionKind } from '../engine/gate.ts';
import type { ArtifactLocation, ArtifactRevision } from './artifacts.ts';

/** The API's words, and one for an action whose provider is not run locally: it has no status there. */
export type RecordedStatus = ActionExecutionStatus | 'NotRun';

/** One run of an action. */
export interface ActionRecord {
  readonly sequence: number;
  readonly id: string;
  readonly execution: string;
  readonly pipeline: string;
  readonly stage: string;
  /** The action's name, or the rule's. */
  readonly action: string;
  /** The condition that it is a rule of; absent for an action. */
  readonly condition?: ConditionKind;
  /** The attempt of the stage execution that it belongs to. */
  readonly attempt: number;
  readonly status: RecordedStatus;
  /** Whether a retry of the stage runs the action again. */
  readonly isRetried: boolean;
  /** What an approval is answered with. */
  readonly token?: string;
  readonly startedMs: number;
  readonly updatedMs: number;
  readonly input: ActionInput;
  readonly output: ActionOutput;
}

/** What was fixed when the action started. */
export interface ActionInput {
  /** Every `#{…}` replaced; as declared when that failed. */
  readonly resolvedConfiguration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly StoredArtifact[];
  readonly outputArtifacts: readonly StoredArtifact[];
  /** When the action fails unless it has ended, if it has such a limit. */
  readonly expiresAtMs?: number;
}

/** An artifact by name, and where it is or will be. */
export interface StoredArtifact extends ArtifactLocation {
  readonly name: string;
  /** Null while no source action has named one. */
  readonly revisionId: string | null;
}

/** What is known of the run so far. */
export interface ActionOutput {
  readonly summary?: string;
  readonly externalExecutionId?: string;
  readonly externalExecutionUrl?: string;
  readonly percentComplete?: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly outputVariables?: Readonly<Record<string, string>>;
  /** The revision that a source action fetched. */
  readonly revision?: ArtifactRevision;
  /** Who answered, for an approval. */
  readonly updatedBy?: string;
}

/** Adds an action execution, in progress. */
export function addAction(
  store: Store,
  made: Omit<ActionRecord, 'sequence' | 'status' | 'isRetried' | 'startedMs' | 'updatedMs' | 'output'> & {
    nowMs: number;
  },
): void {
  store
    .statement(
      `INSERT INTO codepipeline_actions (id, execution, pipeline, stage, action, condition, attempt, status, token,
         started_ms, updated_ms, input, output) VALUES (?, ?, ?, ?, ?, ?, ?, 'InProgress', ?, ?, ?, ?, '{}')`,
    )
    .run(
      made.id,
      made.execution,
      made.pipeline,
      made.stage,
      made.action,
      made.condition ?? null,
      made.attempt,
      made.token ?? null,
      made.nowMs,
      made.nowMs,
      JSON.stringify(made.input),
    );
}

/** Sets an action execution's status and adds to what is known of it. */
export function updateAction(
  store: Store,
  record: ActionRecord,
  change: { status: RecordedStatus; output: ActionOutput; nowMs: number },
): ActionRecord {
  const output = { ...record.output, ...change.output };
  store
    .statement('UPDATE codepipeline_actions SET status = ?, output = ?, updated_ms = ? WHERE id = ?')
    .run(change.status, JSON.stringify(output), change.nowMs, record.id);
  return { ...record, status: change.status, output, updatedMs: change.nowMs };
}

/** Says that an action is run again by a retry of its stage. */
export function markRetried(store: Store, id: string): void {
  store.statement('UPDATE codepipeline_actions SET is_retried = 1 WHERE id = ?').run(id);
}

/** The action execution of that id, if there is one. */
export function findAction(store: Store, id: string): ActionRecord | undefined {
  return readActions(store, 'SELECT * FROM codepipeline_actions WHERE id = ?', id)[0];
}

/** The action execution that waits, or waited, for an answer with this token. */
export function findByToken(store: Store, token: string): ActionRecord | undefined {
  return readActions(store, 'SELECT * FROM codepipeline_actions WHERE token = ?', token)[0];
}

/** All action executions of a pipeline execution, oldest first. */
export function actionsOfExecution(store: Store, execution: string): ActionRecord[] {
  return readActions(
    store,
    'SELECT * FROM codepipeline_actions WHERE execution = ? AND condition IS NULL ORDER BY sequence',
    execution,
  );
}

/** The newest execution of each action of a stage in one pipeline execution, by the action's name. */
export function latestActions(store: Store, execution: string, stage: string): ReadonlyMap<string, ActionRecord> {
  const records = readActions(
    store,
    'SELECT * FROM codepipeline_actions WHERE execution = ? AND stage = ? AND condition IS NULL ORDER BY sequence',
    execution,
    stage,
  );
  return new Map(records.map((record) => [record.action, record]));
}

/** The newest execution of an action in any pipeline execution. */
export function latestOfAction(
  store: Store,
  pipeline: string,
  stage: string,
  action: string,
): ActionRecord | undefined {
  return readActions(
    store,
    `SELECT * FROM codepipeline_actions WHERE pipeline = ? AND stage = ? AND action = ? AND condition IS NULL
     ORDER BY sequence DESC LIMIT 1`,
    pipeline,
    stage,
    action,
  )[0];
}

/** A pipeline's action executions, newest first. */
export function actionsOfPipeline(store: Store, pipeline: string): ActionRecord[] {
  return readActions(
    store,
    'SELECT * FROM codepipeline_actions WHERE pipeline = ? AND condition IS NULL ORDER BY sequence DESC',
    pipeline,
  );
}

/** The action executions, or runs of rules, that a query finds. */
export function readActions(store: Store, sql: string, ...parameters: (string | number)[]): ActionRecord[] {
  // The columns are STRICT and written only in this file.
  return (store.statement(sql).all(...parameters) as unknown as ActionRow[]).map(fromRow);
}

interface ActionRow {
  readonly sequence: number;
  readonly id: string;
  readonly execution: string;
  readonly pipeline: string;
  readonly stage: string;
  readonly action: string;
  readonly condition: ConditionKind | null;
  readonly attempt: number;
  readonly status: RecordedStatus;
  readonly is_retried: number;
  readonly token: string | null;
  readonly started_ms: number;
  readonly updated_ms: number;
  readonly input: string;
  readonly output: string;
}

function fromRow({
  token,
  condition,
  is_retried,
  started_ms,
  updated_ms,
  input,
  output,
  ...row
}: ActionRow): ActionRecord {
  return {
    ...row,
    isRetried: is_retried === 1,
    ...(condition !== null && { condition }),
    ...(token !== null && { token }),
    startedMs: started_ms,
    updatedMs: updated_ms,
    // Written by addAction and updateAction from these types.
    input: JSON.parse(input) as ActionInput,
    output: JSON.parse(output) as ActionOutput,
  };
}
