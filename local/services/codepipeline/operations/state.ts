import {
  GetPipelineStateInput$,
  type ActionState,
  type CodePipeline,
  type ExecutionMode,
  type ExecutionType,
  type StageState,
  type TransitionState,
} from '@aws-sdk/client-codepipeline';
import type { Operations } from '../../../gateway/service.ts';
import type { Store } from '../../../store/store.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { latestOfAction, type ActionRecord } from '../records/actions.ts';
import { executionOf, openExecutions } from '../records/executions.ts';
import { attemptsOf, latestInStage, type StageRecord } from '../records/stages.ts';
import { transitionsOf, type TransitionRecord } from '../records/transitions.ts';
import type { ActionStructure, StageStructure } from '../structure/structure.ts';
import { conditionStates } from './condition-state.ts';
import { currentStructure, knownPipeline } from './known.ts';

/** Tells how each stage and action of a pipeline stands. */
export function stateOperations(engine: Engine): Operations<CodePipeline> {
  return {
    GetPipelineState(input) {
      checkInput(GetPipelineStateInput$, input);
      const pipeline = knownPipeline(engine, input.name);
      const { stages, executionMode } = currentStructure(engine, pipeline);
      return {
        pipelineName: pipeline.name,
        pipelineVersion: pipeline.version,
        stageStates: stages.map((stage) => stageState(engine, { pipeline: pipeline.name, executionMode }, stage)),
        created: new Date(pipeline.createdMs),
        updated: new Date(pipeline.updatedMs),
      };
    },
  };
}

function stageState(
  { context, providers }: Engine,
  { pipeline, executionMode }: { pipeline: string; executionMode: ExecutionMode },
  stage: StageStructure,
): StageState {
  const { store } = context;
  const latest = latestInStage(store, pipeline, stage.name);
  const inboundExecutions = openExecutions(store, pipeline)
    .filter((execution) => execution.stage === stage.name && execution.phase === 'waiting')
    .map(({ id }) => ({ pipelineExecutionId: id, status: 'InProgress' as const, type: typeOf(store, id) }));
  return {
    stageName: stage.name,
    ...(inboundExecutions[0] && { inboundExecution: inboundExecutions[0], inboundExecutions }),
    inboundTransitionState: transitionState(transitionsOf(store, pipeline), stage.name),
    ...conditionStates(store, stage, latest?.execution),
    ...retryMetadata(latest ? attemptsOf(store, latest.execution, stage.name) : []),
    actionStates: stage.actions.map((action) => {
      const record = latestOfAction(store, pipeline, stage.name, action.name);
      const state = { ...actionState(action.name, record), ...urlsOf(providers, action, record) };
      // Approvals of several executions wait here; ListActionExecutions has their tokens.
      if (executionMode === 'PARALLEL') delete state.latestExecution?.token;
      return state;
    }),
    ...(latest && {
      latestExecution: {
        pipelineExecutionId: latest.execution,
        status: latest.status,
        type: typeOf(store, latest.execution),
      },
    }),
  };
}

function typeOf(store: Store, execution: string): ExecutionType {
  return executionOf(store, execution).rollback ? 'ROLLBACK' : 'STANDARD';
}

function retryMetadata(attempts: readonly StageRecord[]): Pick<StageState, 'retryStageMetadata'> {
  const triggers = attempts.flatMap(({ retryTrigger }) => retryTrigger ?? []);
  const latestRetryTrigger = triggers.at(-1);
  if (!latestRetryTrigger) return {};
  const automatic = triggers.filter((trigger) => trigger === 'AutomatedStageRetry').length;
  const manual = triggers.length - automatic;
  return {
    retryStageMetadata: {
      ...(automatic > 0 && { autoStageRetryAttempt: automatic }),
      ...(manual > 0 && { manualStageRetryAttempt: manual }),
      latestRetryTrigger,
    },
  };
}

/** Only the inbound transition is told. */
function transitionState(transitions: readonly TransitionRecord[], stage: string): TransitionState {
  const changed = transitions.find((transition) => transition.stage === stage && transition.type === 'Inbound');
  if (!changed) return { enabled: true };
  return {
    enabled: changed.isEnabled,
    lastChangedBy: changed.changedBy,
    lastChangedAt: new Date(changed.changedMs),
    ...(changed.reason !== undefined && { disabledReason: changed.reason }),
  };
}

/** Where a person finds more: as a source says of its revision, or as the URL templates of a custom action type. */
function urlsOf(
  providers: ProviderRegistry,
  { type, configuration }: ActionStructure,
  record: ActionRecord | undefined,
): Pick<ActionState, 'entityUrl' | 'revisionUrl'> {
  const { resolvedConfiguration = configuration } = record?.input ?? {};
  const links = providers.find(type)?.links?.(resolvedConfiguration, record?.output.externalExecutionId);
  const revisionUrl = record?.output.revision?.url ?? links?.revision;
  return {
    ...(links?.entity !== undefined && { entityUrl: links.entity }),
    ...(revisionUrl !== undefined && { revisionUrl }),
  };
}

function actionState(actionName: string, record: ActionRecord | undefined): ActionState {
  if (!record) return { actionName };
  const { output, status, token } = record;
  const { revision } = output;
  return {
    actionName,
    ...(revision && {
      currentRevision: {
        revisionId: revision.revisionId,
        revisionChangeId: revision.changeIdentifier ?? revision.revisionId,
        created: new Date(revision.createdMs ?? record.updatedMs),
      },
    }),
    latestExecution: {
      actionExecutionId: record.id,
      // As in ListActionExecutions: none for what is not run here.
      ...(status !== 'NotRun' && { status }),
      lastStatusChange: new Date(record.updatedMs),
      ...(output.summary !== undefined && { summary: output.summary }),
      ...(token !== undefined && status === 'InProgress' && { token }),
      ...(output.updatedBy !== undefined && { lastUpdatedBy: output.updatedBy }),
      ...(output.externalExecutionId !== undefined && { externalExecutionId: output.externalExecutionId }),
      ...(output.externalExecutionUrl !== undefined && { externalExecutionUrl: output.externalExecutionUrl }),
      ...(output.percentComplete !== undefined && { percentComplete: output.percentComplete }),
      ...(output.error && { errorDetails: output.error }),
    },
  };
}
