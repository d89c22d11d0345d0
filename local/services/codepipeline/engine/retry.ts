import type { RetryTrigger, StageRetryMode } from '@aws-sdk/client-codepipeline';
import { latestActions, markRetried } from '../records/actions.ts';
import { moveExecution, reopenExecution, type ExecutionRecord } from '../records/executions.ts';
import { addStage } from '../records/stages.ts';
import { forgetConditions } from './conditions.ts';
import type { Engine } from './engine.ts';
import { tellPipeline, tellStage } from './events.ts';

/** How a stage is retried. */
export interface StageRetry {
  readonly stage: string;
  readonly mode: StageRetryMode;
  readonly trigger: RetryTrigger;
}

/**
 * Begins a further attempt of an execution at a stage, which locks it again, in the open transaction. What has failed or
 * was abandoned is run again (or every action); what still runs goes on. The caller settles the execution afterwards.
 */
export function retryStage(engine: Engine, execution: ExecutionRecord, { stage, mode, trigger }: StageRetry): void {
  const { store, clock } = engine.context;
  const nowMs = clock.nowMs();
  for (const { id, status } of latestActions(store, execution.id, stage).values()) {
    const isOver = status === 'Failed' || status === 'Abandoned';
    if (isOver || mode === 'ALL_ACTIONS') markRetried(store, id);
  }
  forgetConditions(store, execution.id, stage);
  addStage(store, { execution: execution.id, pipeline: execution.pipeline, stage, nowMs, retryTrigger: trigger });
  resumeExecution(engine, execution, stage);
}

/** Puts an execution back into a stage that it has left or is in, and tells of it. */
export function resumeExecution(engine: Engine, execution: ExecutionRecord, stage: string): void {
  const { store, clock } = engine.context;
  const hadEnded = execution.status !== 'InProgress';
  reopenExecution(store, execution.id);
  moveExecution(store, execution.id, { stage, phase: 'inside', nowMs: clock.nowMs() });
  if (hadEnded) tellPipeline(engine, execution, 'RESUMED');
  tellStage(engine, execution, stage, 'RESUMED');
}
