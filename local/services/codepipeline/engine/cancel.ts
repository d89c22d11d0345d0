import { latestActions } from '../records/actions.ts';
import { openExecutions, type ExecutionRecord } from '../records/executions.ts';
import { setStageStatus } from '../records/stages.ts';
import { abandonRules } from './conditions.ts';
import { recordEnd } from './end-action.ts';
import type { Engine } from './engine.ts';
import { tellStage } from './events.ts';
import { endExecution } from './settle.ts';

/** Cancels every execution of a pipeline that has not ended: its definition has changed or is gone. */
export function cancelExecutions(engine: Engine, pipeline: string): void {
  for (const execution of openExecutions(engine.context.store, pipeline)) {
    if (execution.stage !== undefined && execution.phase === 'inside') cancelStage(engine, execution, execution.stage);
    endExecution(engine, execution, 'Cancelled');
  }
}

function cancelStage(engine: Engine, execution: ExecutionRecord, stage: string): void {
  const { store, clock } = engine.context;
  abandonRules(engine, execution.id, stage);
  for (const record of latestActions(store, execution.id, stage).values()) {
    // The API has no word for a cancelled action; its event has.
    recordEnd(engine, record, { status: 'Abandoned', output: {}, event: 'CANCELED' });
  }
  setStageStatus(store, { execution: execution.id, stage }, 'Cancelled', clock.nowMs());
  tellStage(engine, execution, stage, 'CANCELED');
}
