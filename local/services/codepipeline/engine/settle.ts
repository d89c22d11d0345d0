import { executionOf, moveExecution, openExecutions, setExecutionStatus } from '../records/executions.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';
import { addStage, setStageStatus } from '../records/stages.ts';
import { actionOf, stageOf } from '../structure/structure.ts';
import { advance } from './advance.ts';
import type { Step } from './step.ts';
import { retryStage } from './retry.ts';
import { addRollback, rollbackTarget } from './rollback.ts';
import { startRules } from './conditions.ts';
import type { Engine } from './engine.ts';
import { tellPipeline, tellStage } from './events.ts';
import { readSituation } from './situation.ts';
import { startAction } from './start-action.ts';
import { tellResult } from './tell-result.ts';

/**
 * Brings an execution as far as it can go, and then those that wait for a stage it has left. Runs in the open
 * transaction: whatever must follow outside of it is a timer by the time this returns.
 */
export function settle(engine: Engine, executionId: string): void {
  const { store } = engine.context;
  const due = [executionId];
  for (let id = due.shift(); id !== undefined; id = due.shift()) {
    for (let step = advance(readSituation(store, id)); step; step = advance(readSituation(store, id))) {
      due.push(...carryOut(engine, executionOf(store, id), step));
    }
  }
}

/** Ends an execution with its event. */
export function endExecution(
  engine: Engine,
  execution: ExecutionRecord,
  status: 'Succeeded' | 'Failed' | 'Stopped' | 'Superseded' | 'Cancelled',
): void {
  const { store, clock } = engine.context;
  setExecutionStatus(store, execution.id, status, clock.nowMs());
  tellPipeline(engine, execution, executionEvents[status]);
  tellResult(engine, execution, status);
}

const executionEvents = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Stopped: 'STOPPED',
  Superseded: 'SUPERSEDED',
  Cancelled: 'CANCELED',
} as const;

/** Does one step; returns the executions that it may have set free. */
function carryOut(engine: Engine, execution: ExecutionRecord, step: Step): string[] {
  const { store, clock } = engine.context;
  switch (step.kind) {
    case 'arrive':
      for (const other of step.supersedes) endExecution(engine, executionOf(store, other), 'Superseded');
      moveExecution(store, execution.id, { stage: step.stage, phase: 'waiting', nowMs: clock.nowMs() });
      return [];
    case 'enter':
      enter(engine, execution, step.stage);
      return [];
    case 'start':
      start(engine, execution, step);
      return [];
    case 'evaluate':
      startRules(engine, execution, step.stage, step.condition);
      return [];
    case 'retry':
      retryFailed(engine, execution, step.stage);
      return [];
    case 'leave':
      return leave(engine, execution, step);
    case 'finish':
      endExecution(engine, execution, step.status);
      return [];
  }
}

function enter(engine: Engine, execution: ExecutionRecord, stage: string): void {
  const { store, clock } = engine.context;
  addStage(store, { execution: execution.id, pipeline: execution.pipeline, stage, nowMs: clock.nowMs() });
  moveExecution(store, execution.id, { stage, phase: 'inside', nowMs: clock.nowMs() });
  tellStage(engine, execution, stage, 'STARTED');
}

function start(engine: Engine, execution: ExecutionRecord, step: Step & { kind: 'start' }): void {
  const structure = structureOf(engine.context.store, execution.pipeline, execution.version);
  for (const name of step.actions) {
    startAction(engine, execution, { structure, stage: step.stage, action: actionOf(structure, step.stage, name) });
  }
}

const stageEndings = {
  succeeded: { status: 'Succeeded', event: 'SUCCEEDED' },
  failed: { status: 'Failed', event: 'FAILED' },
  stopped: { status: 'Stopped', event: 'STOPPED' },
  // No event has a word for a skipped stage.
  skipped: { status: 'Skipped', event: undefined },
} as const;

function retryFailed(engine: Engine, execution: ExecutionRecord, stage: string): void {
  const { store, clock } = engine.context;
  setStageStatus(store, { execution: execution.id, stage }, 'Failed', clock.nowMs());
  tellStage(engine, execution, stage, 'FAILED');
  const structure = structureOf(store, execution.pipeline, execution.version);
  const mode = stageOf(structure, stage).onFailure?.retryMode ?? 'FAILED_ACTIONS';
  retryStage(engine, execution, { stage, mode, trigger: 'AutomatedStageRetry' });
}

function leave(engine: Engine, execution: ExecutionRecord, step: Step & { kind: 'leave' }): string[] {
  const { store, clock } = engine.context;
  const { status, event } = stageEndings[step.phase];
  setStageStatus(store, { execution: execution.id, stage: step.stage }, status, clock.nowMs());
  moveExecution(store, execution.id, { stage: step.stage, phase: step.phase, nowMs: clock.nowMs() });
  if (event) tellStage(engine, execution, step.stage, event);
  const waiting = openExecutions(store, execution.pipeline).filter(
    (other) => other.stage === step.stage && other.phase === 'waiting',
  );
  // A rollback enters before those that wait.
  return [...rollBack(engine, execution, step), ...waiting.map((other) => other.id)];
}

function rollBack(engine: Engine, execution: ExecutionRecord, step: Step & { kind: 'leave' }): string[] {
  const target = step.rollBack ? rollbackTarget(engine, execution, step.stage) : undefined;
  if (!target) return [];
  const detail = JSON.stringify({ FailedPipelineExecutionId: execution.id });
  return [addRollback(engine, target, { stage: step.stage, trigger: { type: 'AutomatedRollback', detail } })];
}
