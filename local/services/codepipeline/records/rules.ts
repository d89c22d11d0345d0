import type { Store } from '../../../store/store.ts';
import type { ConditionKind } from '../engine/gate.ts';
import { readActions, type ActionRecord } from './actions.ts';

/** The runs of a condition's rules in the current attempt of an execution at a stage. */
export function currentRules(store: Store, execution: string, stage: string, condition: ConditionKind): ActionRecord[] {
  return readActions(
    store,
    `SELECT * FROM codepipeline_actions WHERE execution = ? AND stage = ? AND condition = ? AND is_retried = 0
     ORDER BY sequence`,
    execution,
    stage,
    condition,
  );
}

/** All runs of rules in a pipeline, newest first. */
export function rulesOfPipeline(store: Store, pipeline: string): ActionRecord[] {
  return readActions(
    store,
    'SELECT * FROM codepipeline_actions WHERE pipeline = ? AND condition IS NOT NULL ORDER BY sequence DESC',
    pipeline,
  );
}

/** Says that a person lets an execution pass a condition. */
export function putOverride(
  store: Store,
  at: { execution: string; stage: string; condition: ConditionKind },
  nowMs: number,
): void {
  store
    .statement(
      'INSERT OR REPLACE INTO codepipeline_overrides (execution, stage, condition, made_ms) VALUES (?, ?, ?, ?)',
    )
    .run(at.execution, at.stage, at.condition, nowMs);
}

/** Whether a condition was overridden for an execution. */
export function isOverridden(store: Store, execution: string, stage: string, condition: ConditionKind): boolean {
  return (
    store
      .statement('SELECT 1 FROM codepipeline_overrides WHERE execution = ? AND stage = ? AND condition = ?')
      .get(execution, stage, condition) !== undefined
  );
}
