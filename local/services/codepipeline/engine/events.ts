import type { ActionRecord, StoredArtifact } from '../records/actions.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import type { ActionStructure } from '../structure/structure.ts';
import type { JsonObject } from '../../../json.ts';
import { pipelineArn, type Engine } from './engine.ts';

/** States of a pipeline execution in events: other words than the API's, and one L in CANCELED. */
export type PipelineEventState =
  'STARTED' | 'SUCCEEDED' | 'FAILED' | 'RESUMED' | 'CANCELED' | 'SUPERSEDED' | 'STOPPING' | 'STOPPED';
/** States of a stage execution in events. */
export type StageEventState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'RESUMED' | 'CANCELED' | 'STOPPING' | 'STOPPED';
/** States of an action execution in events. */
export type ActionEventState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'ABANDONED';

/** Tells of a pipeline execution's change; `STARTED` says what started it, `STOPPING` why. */
export function tellPipeline(engine: Engine, execution: ExecutionRecord, state: PipelineEventState): void {
  const { type, detail } = execution.trigger;
  deliver(engine, 'CodePipeline Pipeline Execution State Change', execution, {
    ...(state === 'STARTED' && { 'execution-trigger': { 'trigger-type': type, 'trigger-detail': detail } }),
    ...(state === 'STOPPING' && execution.stop?.reason && { 'stop-execution-comments': execution.stop.reason }),
    state,
  });
}

/** Tells of a stage execution's change. */
export function tellStage(engine: Engine, execution: ExecutionRecord, stage: string, state: StageEventState): void {
  deliver(engine, 'CodePipeline Stage Execution State Change', execution, { stage, state });
}

/** Tells of an action execution's change: with what it was given when it starts, with what came of it when it ends. */
export function tellAction(
  engine: Engine,
  execution: ExecutionRecord,
  told: { record: ActionRecord; action: ActionStructure; state: ActionEventState },
): void {
  const { record, action, state } = told;
  const result = executionResult(record);
  const { owner, provider, category, version } = action.type;
  deliver(engine, 'CodePipeline Action Execution State Change', execution, {
    stage: record.stage,
    'action-execution-id': record.id,
    ...(state === 'STARTED' && { 'input-artifacts': record.input.inputArtifacts.map(artifact) }),
    ...(state === 'SUCCEEDED' && { 'output-artifacts': record.input.outputArtifacts.map(artifact) }),
    ...(state !== 'STARTED' && Object.keys(result).length > 0 && { 'execution-result': result }),
    action: record.action,
    state,
    region: action.region ?? engine.context.region,
    type: { owner, provider, category, version },
  });
}

function executionResult({ output, token }: ActionRecord): JsonObject {
  return {
    ...(output.externalExecutionUrl !== undefined && { 'external-execution-url': output.externalExecutionUrl }),
    ...((output.error?.message ?? output.summary) !== undefined && {
      'external-execution-summary': output.error?.message ?? output.summary ?? '',
    }),
    // An approval's token is its external id for the API; an event goes to more eyes.
    ...(output.externalExecutionId !== undefined &&
      token === undefined && { 'external-execution-id': output.externalExecutionId }),
    ...(output.error && { 'error-code': output.error.code }),
  };
}

function artifact({ name, bucket, key }: StoredArtifact): JsonObject {
  return { name, s3location: { bucket, key } };
}

/** `detail.version` is a number, `detail.type.version` a string; the time is cut to whole seconds. */
function deliver(engine: Engine, detailType: string, execution: ExecutionRecord, detail: JsonObject): void {
  engine.context.deliverEvent({
    source: 'aws.codepipeline',
    'detail-type': detailType,
    resources: [pipelineArn(engine, execution.pipeline)],
    time: `${new Date(engine.context.clock.nowMs()).toISOString().slice(0, 19)}Z`,
    detail: { pipeline: execution.pipeline, 'execution-id': execution.id, ...detail, version: execution.version },
  });
}
