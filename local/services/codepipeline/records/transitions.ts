import type { StageTransitionType } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';

/** How a transition into (`Inbound`) or out of (`Outbound`) a stage stands; one that was never changed has no record. */
export interface TransitionRecord {
  readonly stage: string;
  readonly type: StageTransitionType;
  readonly isEnabled: boolean;
  readonly changedBy: string;
  readonly changedMs: number;
  /** Why it is disabled. */
  readonly reason?: string;
}

/** Keeps how a transition stands from now on. */
export function putTransition(store: Store, pipeline: string, transition: TransitionRecord): void {
  const { stage, type, isEnabled, changedBy, changedMs, reason } = transition;
  store
    .statement(
      `INSERT OR REPLACE INTO codepipeline_transitions (pipeline, stage, type, enabled, changed_by, changed_ms, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(pipeline, stage, type, isEnabled ? 1 : 0, changedBy, changedMs, reason ?? null);
}

/** The transitions of a pipeline that have ever been changed. */
export function transitionsOf(store: Store, pipeline: string): TransitionRecord[] {
  const rows = store.statement('SELECT * FROM codepipeline_transitions WHERE pipeline = ?').all(pipeline);
  // The columns are STRICT and written only in this file.
  return (rows as unknown as TransitionRow[]).map((row) => ({
    stage: row.stage,
    type: row.type,
    isEnabled: row.enabled === 1,
    changedBy: row.changed_by,
    changedMs: row.changed_ms,
    ...(row.reason !== null && { reason: row.reason }),
  }));
}

/** The stages that no execution may enter: their inbound transition is disabled, or the outbound one before them. */
export function closedStages(transitions: readonly TransitionRecord[], stages: readonly string[]): Set<string> {
  const disabled = transitions.filter((transition) => !transition.isEnabled);
  return new Set(disabled.flatMap(({ stage, type }) => behind(stages, stage, type) ?? []));
}

/** The stage that a transition leads into; undefined behind the last one. */
export function behind(stages: readonly string[], stage: string, type: StageTransitionType): string | undefined {
  return type === 'Inbound' ? stage : stages[stages.indexOf(stage) + 1];
}

interface TransitionRow {
  readonly stage: string;
  readonly type: StageTransitionType;
  readonly enabled: number;
  readonly changed_by: string;
  readonly changed_ms: number;
  readonly reason: string | null;
}
