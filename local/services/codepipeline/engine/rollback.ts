import { randomUUID } from 'node:crypto';
import { artifactsOf, putArtifact } from '../records/artifacts.ts';
import { addExecution, executionOf, executionsBefore, type ExecutionRecord } from '../records/executions.ts';
import { succeededInStage } from '../records/stages.ts';
import type { Engine } from './engine.ts';
import { tellPipeline } from './events.ts';

/** The execution that an automatic rollback goes back to: the newest that succeeded in the stage, if there is one. */
export function rollbackTarget(
  { context }: Engine,
  failed: ExecutionRecord,
  stage: string,
): ExecutionRecord | undefined {
  const succeeded = succeededInStage(context.store, failed.pipeline, stage);
  return executionsBefore(context.store, failed.pipeline, Number.MAX_SAFE_INTEGER).find(
    ({ id, version, rollback }) => id !== failed.id && version === failed.version && !rollback && succeeded.has(id),
  );
}

/**
 * Adds, in the open transaction, an execution of the type ROLLBACK: it runs one stage with the variables, revisions and
 * artifacts of `target`. The caller settles it; its id.
 */
export function addRollback(
  engine: Engine,
  target: ExecutionRecord,
  { stage, trigger }: { stage: string; trigger: ExecutionRecord['trigger'] },
): string {
  const { store, clock } = engine.context;
  const id = randomUUID();
  const { pipeline, version, variables, sourceRevisions } = target;
  const rollback = { stage, target: target.id };
  addExecution(store, { id, pipeline, version, variables, sourceRevisions, trigger, rollback, nowMs: clock.nowMs() });
  for (const artifact of artifactsOf(store, target.id).values()) putArtifact(store, id, artifact);
  tellPipeline(engine, executionOf(store, id), 'STARTED');
  return id;
}
