import { latestActions } from '../records/actions.ts';
import {
  executionOf,
  setExecutionStatus,
  setStopRequest,
  type ExecutionRecord,
  type StopRequest,
} from '../records/executions.ts';
import { setStageStatus } from '../records/stages.ts';
import { abandonRules } from './conditions.ts';
import { recordEnd } from './end-action.ts';
import type { Engine } from './engine.ts';
import { tellPipeline, tellStage } from './events.ts';
import { settle } from './settle.ts';

/** Stops an execution: nothing new starts, and what runs is waited for, or abandoned at once. */
export function stopExecution(engine: Engine, { id }: ExecutionRecord, stop: StopRequest): void {
  const { store, clock } = engine.context;
  store.transaction(() => {
    const wasStopping = executionOf(store, id).status === 'Stopping';
    setStopRequest(store, id, stop);
    setExecutionStatus(store, id, 'Stopping', clock.nowMs());
    const execution = executionOf(store, id);
    if (!wasStopping) tellStopping(engine, execution);
    if (stop.abandon && execution.stage !== undefined) abandonActions(engine, execution, execution.stage);
    settle(engine, id);
  });
}

function tellStopping(engine: Engine, execution: ExecutionRecord): void {
  const { store, clock } = engine.context;
  tellPipeline(engine, execution, 'STOPPING');
  if (execution.stage === undefined || execution.phase !== 'inside') return;
  setStageStatus(store, { execution: execution.id, stage: execution.stage }, 'Stopping', clock.nowMs());
  tellStage(engine, execution, execution.stage, 'STOPPING');
}

function abandonActions(engine: Engine, execution: ExecutionRecord, stage: string): void {
  abandonRules(engine, execution.id, stage);
  for (const record of latestActions(engine.context.store, execution.id, stage).values()) {
    recordEnd(engine, record, { status: 'Abandoned', output: {} });
  }
}
