import type {
  ArtifactRevision,
  PipelineExecution,
  PipelineExecutionSummary,
  SourceRevision,
} from '@aws-sdk/client-codepipeline';
import type { Engine } from '../engine/engine.ts';
import { notRunSummary } from '../engine/not-run.ts';
import { artifactsOf, type ArtifactRecord } from '../records/artifacts.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';

/** An execution as GetPipelineExecution tells it, with the revisions that its sources fetched. */
export function describeExecution(engine: Engine, execution: ExecutionRecord): PipelineExecution {
  const { context } = engine;
  const statusSummary = notRunSummary(engine, execution);
  return {
    pipelineName: execution.pipeline,
    pipelineVersion: execution.version,
    pipelineExecutionId: execution.id,
    status: execution.status,
    ...(statusSummary !== undefined && { statusSummary }),
    artifactRevisions: [...artifactsOf(context.store, execution.id).values()].flatMap(artifactRevision),
    variables: Object.entries(execution.variables).map(([name, resolvedValue]) => ({ name, resolvedValue })),
    trigger: { triggerType: execution.trigger.type, triggerDetail: execution.trigger.detail },
    executionMode: structureOf(context.store, execution.pipeline, execution.version).executionMode,
    ...executionType(execution),
  };
}

/** An execution as a list tells it. */
export function summarizeExecution(engine: Engine, execution: ExecutionRecord): PipelineExecutionSummary {
  const { context } = engine;
  const statusSummary = notRunSummary(engine, execution);
  const { stop } = execution;
  return {
    pipelineExecutionId: execution.id,
    status: execution.status,
    ...(statusSummary !== undefined && { statusSummary }),
    startTime: new Date(execution.startedMs),
    lastUpdateTime: new Date(execution.updatedMs),
    sourceRevisions: [...artifactsOf(context.store, execution.id).values()].flatMap(sourceRevision),
    trigger: { triggerType: execution.trigger.type, triggerDetail: execution.trigger.detail },
    ...(stop && { stopTrigger: stop.reason === undefined ? {} : { reason: stop.reason } }),
    executionMode: structureOf(context.store, execution.pipeline, execution.version).executionMode,
    ...executionType(execution),
  };
}

function executionType({ rollback }: ExecutionRecord): Pick<PipelineExecution, 'executionType' | 'rollbackMetadata'> {
  if (!rollback) return { executionType: 'STANDARD' };
  return { executionType: 'ROLLBACK', rollbackMetadata: { rollbackTargetPipelineExecutionId: rollback.target } };
}

function artifactRevision({ name, revision }: ArtifactRecord): ArtifactRevision[] {
  if (!revision) return [];
  return [
    {
      name,
      revisionId: revision.revisionId,
      ...(revision.changeIdentifier !== undefined && { revisionChangeIdentifier: revision.changeIdentifier }),
      ...(revision.summary !== undefined && { revisionSummary: revision.summary }),
      ...(revision.createdMs !== undefined && { created: new Date(revision.createdMs) }),
      ...(revision.url !== undefined && { revisionUrl: revision.url }),
    },
  ];
}

function sourceRevision({ action, revision }: ArtifactRecord): SourceRevision[] {
  if (!revision) return [];
  return [
    {
      actionName: action,
      revisionId: revision.revisionId,
      ...(revision.summary !== undefined && { revisionSummary: revision.summary }),
      ...(revision.url !== undefined && { revisionUrl: revision.url }),
    },
  ];
}
