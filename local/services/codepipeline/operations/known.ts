import { AwsError } from '../../../errors.ts';
import type { Engine } from '../engine/engine.ts';
import { findExecution, type ExecutionRecord } from '../records/executions.ts';
import { findPipeline, structureOf, type PipelineRecord } from '../records/pipelines.ts';
import type { StageStructure, Structure } from '../structure/structure.ts';

/**
 * The pipeline of that name.
 * @throws AwsError `PipelineNotFoundException`
 */
export function knownPipeline({ context }: Engine, name: string | undefined): PipelineRecord {
  const pipeline = findPipeline(context.store, name ?? '');
  if (pipeline) return pipeline;
  throw new AwsError(
    'PipelineNotFoundException',
    `Account '${context.account}' does not have a pipeline with name '${name}'`,
  );
}

/** The structure of the pipeline's current version. */
export function currentStructure({ context }: Engine, { name, version }: PipelineRecord): Structure {
  return structureOf(context.store, name, version);
}

/**
 * The stage of that name in the pipeline's current version.
 * @throws AwsError `StageNotFoundException`
 */
export function knownStage(structure: Structure, name: string | undefined): StageStructure {
  const stage = structure.stages.find((candidate) => candidate.name === name);
  if (stage) return stage;
  throw new AwsError('StageNotFoundException', `Pipeline '${structure.name}' has no stage '${name}'`);
}

/**
 * The execution of that id in that pipeline.
 * @throws AwsError `PipelineNotFoundException`, `PipelineExecutionNotFoundException`
 */
export function knownExecution(engine: Engine, pipeline: string | undefined, id: string | undefined): ExecutionRecord {
  const { name } = knownPipeline(engine, pipeline);
  const execution = findExecution(engine.context.store, id ?? '');
  if (execution?.pipeline === name) return execution;
  throw new AwsError(
    'PipelineExecutionNotFoundException',
    `Pipeline execution with id '${id}' does not exist for pipeline with name '${name}'`,
  );
}
