import { RollbackStageInput$, type CodePipeline, type RollbackStageInput } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../gateway/principal.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { addRollback } from '../engine/rollback.ts';
import { settle } from '../engine/settle.ts';
import { historyStartMs, openExecutions, type ExecutionRecord } from '../records/executions.ts';
import type { PipelineRecord } from '../records/pipelines.ts';
import { succeededInStage } from '../records/stages.ts';
import type { Structure } from '../structure/structure.ts';
import { currentStructure, knownExecution, knownPipeline, knownStage } from './known.ts';

/** Runs a stage again as an earlier execution ran it, under a new execution id. */
export function rollbackOperations(engine: Engine): Operations<CodePipeline> {
  return { RollbackStage: (input, { principal }) => ({ pipelineExecutionId: rollBack(engine, input, principal) }) };
}

function rollBack(engine: Engine, input: RollbackStageInput, principal: Principal): string {
  checkInput(RollbackStageInput$, input);
  const { store } = engine.context;
  const pipeline = knownPipeline(engine, input.pipelineName);
  const structure = currentStructure(engine, pipeline);
  const stage = knownStage(structure, input.stageName).name;
  const target = knownExecution(engine, pipeline.name, input.targetPipelineExecutionId);
  checkStage(engine, structure, stage);
  checkTarget(engine, { pipeline, stage, target });
  return store.transaction(() => {
    const trigger = { type: 'ManualRollback' as const, detail: principal.arn };
    const id = addRollback(engine, target, { stage, trigger });
    settle(engine, id);
    return id;
  });
}

function checkStage({ context }: Engine, { name, stages, executionMode }: Structure, stage: string): void {
  if (executionMode === 'PARALLEL') throw unable('Stage rollback is not available in the execution mode PARALLEL');
  if (stages[0]?.name === stage) throw unable(`Stage '${stage}' is the source stage, which cannot be rolled back`);
  const inside = openExecutions(context.store, name).find((other) => other.stage === stage && other.phase === 'inside');
  if (inside) throw unable(`Stage '${stage}' is running pipeline execution '${inside.id}'`);
}

/**
 * The target must be one that the history still tells, of the pipeline's current version, no rollback itself, and good.
 * @throws AwsError `PipelineExecutionOutdatedException`, `UnableToRollbackStageException`
 */
function checkTarget(
  { context }: Engine,
  { pipeline, stage, target }: { pipeline: PipelineRecord; stage: string; target: ExecutionRecord },
): void {
  const { id, version, rollback } = target;
  if (target.startedMs < historyStartMs(context.clock.nowMs())) {
    throw new AwsError('PipelineExecutionOutdatedException', `Pipeline execution '${id}' is older than the history`);
  }
  if (version !== pipeline.version) {
    throw unable(
      `Pipeline execution '${id}' ran in version ${version} of the pipeline, which is now ${pipeline.version}`,
    );
  }
  if (rollback) throw unable(`Pipeline execution '${id}' is itself a rollback`);
  if (succeededInStage(context.store, pipeline.name, stage).has(id)) return;
  throw unable(`Pipeline execution '${id}' has not succeeded in stage '${stage}'`);
}

function unable(message: string): AwsError {
  return new AwsError('UnableToRollbackStageException', message);
}
