import {
  RetryStageExecutionInput$,
  type CodePipeline,
  type RetryStageExecutionInput,
  type StageRetryMode,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { retryStage } from '../engine/retry.ts';
import { settle } from '../engine/settle.ts';
import { latestActions } from '../records/actions.ts';
import { findExecution, type ExecutionRecord } from '../records/executions.ts';
import type { PipelineRecord } from '../records/pipelines.ts';
import { latestAttempt, latestInStage } from '../records/stages.ts';
import type { Structure } from '../structure/structure.ts';
import { currentStructure, knownPipeline, knownStage } from './known.ts';
import { checkConcurrency } from './limits.ts';

/** Runs a failed or stopped stage again under the same execution id. */
export function retryOperations(engine: Engine): Operations<CodePipeline> {
  return { RetryStageExecution: (input) => ({ pipelineExecutionId: retry(engine, input) }) };
}

function retry(engine: Engine, input: RetryStageExecutionInput): string {
  checkInput(RetryStageExecutionInput$, input);
  const { store } = engine.context;
  const { retryMode: mode = 'FAILED_ACTIONS' } = input;
  const pipeline = knownPipeline(engine, input.pipelineName);
  const structure = currentStructure(engine, pipeline);
  const stage = knownStage(structure, input.stageName).name;
  const execution = executionInStage(engine, { pipeline, structure, stage }, input.pipelineExecutionId);
  checkRetryable(engine, execution, { stage, mode });
  if (execution.status !== 'InProgress') checkConcurrency(engine, structure);
  store.transaction(() => {
    retryStage(engine, execution, { stage, mode, trigger: 'ManualStageRetry' });
    settle(engine, execution.id);
  });
  return execution.id;
}

/**
 * The execution that was the last in a stage of the pipeline's current version. Without locks, in the mode PARALLEL, no
 * execution is the last one.
 * @throws AwsError `StageNotRetryableException`, `NotLatestPipelineExecutionException`
 */
function executionInStage(
  { context }: Engine,
  { pipeline, structure, stage }: { pipeline: PipelineRecord; structure: Structure; stage: string },
  id = '',
): ExecutionRecord {
  const { store } = context;
  const execution = findExecution(store, id);
  if (execution?.pipeline !== pipeline.name || !latestAttempt(store, id, stage)) {
    throw notRetryable(`Pipeline execution '${id}' has not been in stage '${stage}' of pipeline '${pipeline.name}'`);
  }
  if (execution.version !== pipeline.version) {
    throw notRetryable(`The structure of pipeline '${pipeline.name}' has changed since pipeline execution '${id}'`);
  }
  const last = latestInStage(store, pipeline.name, stage)?.execution;
  if (structure.executionMode !== 'PARALLEL' && last !== id) {
    throw new AwsError(
      'NotLatestPipelineExecutionException',
      `Pipeline execution '${id}' is not the latest in stage '${stage}'; the latest is '${last}'`,
    );
  }
  return execution;
}

function checkRetryable(
  { context }: Engine,
  execution: ExecutionRecord,
  { stage, mode }: { stage: string; mode: StageRetryMode },
): void {
  const actions = [...latestActions(context.store, execution.id, stage).values()];
  const isFailed = actions.some(
    ({ status, isRetried }) => !isRetried && status !== 'InProgress' && status !== 'Succeeded',
  );
  const status = latestAttempt(context.store, execution.id, stage)?.status;
  if (execution.status === 'Stopping') throw notRetryable(`Pipeline execution '${execution.id}' is being stopped`);
  if (execution.stage !== stage || status === 'Succeeded' || (status !== 'Stopped' && !isFailed)) {
    throw notRetryable(`Stage '${stage}' has no failed actions in pipeline execution '${execution.id}'`);
  }
  if (mode === 'ALL_ACTIONS' && actions.some((action) => action.status === 'InProgress')) {
    throw notRetryable(`Stage '${stage}' has actions in progress; all actions can be retried once they have ended`);
  }
}

function notRetryable(message: string): AwsError {
  return new AwsError('StageNotRetryableException', message);
}
