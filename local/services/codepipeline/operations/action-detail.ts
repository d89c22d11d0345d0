import type { ActionExecutionDetail, ActionTypeId, ArtifactDetail } from '@aws-sdk/client-codepipeline';
import type { Engine } from '../engine/engine.ts';
import type { ActionRecord, StoredArtifact } from '../records/actions.ts';
import { executionOf } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';
import { maskConfiguration } from '../structure/secrets.ts';
import { actionOf } from '../structure/structure.ts';

/** An action execution as ListActionExecutions tells it: what went in, resolved and not, and what came out. */
export function describeAction(engine: Engine, record: ActionRecord): ActionExecutionDetail {
  const { store } = engine.context;
  const { version } = executionOf(store, record.execution);
  return {
    pipelineExecutionId: record.execution,
    actionExecutionId: record.id,
    pipelineVersion: version,
    stageName: record.stage,
    actionName: record.action,
    startTime: new Date(record.startedMs),
    lastUpdateTime: new Date(record.updatedMs),
    ...(record.output.updatedBy !== undefined && { updatedBy: record.output.updatedBy }),
    // The API has no word for what is not run here: neither succeeded nor failed.
    ...(record.status !== 'NotRun' && { status: record.status }),
    input: inputOf(engine, record, version),
    output: outputOf(record),
  };
}

function inputOf(
  { context, providers }: Engine,
  record: ActionRecord,
  version: number,
): ActionExecutionDetail['input'] {
  const structure = structureOf(context.store, record.pipeline, version);
  const action = actionOf(structure, record.stage, record.action);
  return {
    // The declaration's category and owner passed the check of their enumerations.
    actionTypeId: action.type as ActionTypeId,
    configuration: maskConfiguration(providers, action.type, action.configuration),
    resolvedConfiguration: maskConfiguration(providers, action.type, record.input.resolvedConfiguration),
    ...(action.roleArn !== undefined && { roleArn: action.roleArn }),
    region: action.region ?? context.region,
    inputArtifacts: record.input.inputArtifacts.map(artifactDetail),
    ...(action.namespace !== undefined && { namespace: action.namespace }),
  };
}

function outputOf({ input, output, token, status }: ActionRecord): ActionExecutionDetail['output'] {
  // An approval is answered with this id where the pipeline's state does not show its token.
  const externalExecutionId = output.externalExecutionId ?? token;
  return {
    outputArtifacts: status === 'Succeeded' ? input.outputArtifacts.map(artifactDetail) : [],
    executionResult: {
      ...(externalExecutionId !== undefined && { externalExecutionId }),
      ...(output.summary !== undefined && { externalExecutionSummary: output.summary }),
      ...(output.externalExecutionUrl !== undefined && { externalExecutionUrl: output.externalExecutionUrl }),
      ...(output.error && { errorDetails: output.error }),
    },
    outputVariables: { ...output.outputVariables },
  };
}

function artifactDetail({ name, bucket, key }: StoredArtifact): ArtifactDetail {
  return { name, s3location: { bucket, key } };
}
