import type { ActionExecutionStatus } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import { latestActions, type RecordedStatus } from '../records/actions.ts';
import { executionOf, openExecutions, type ExecutionRecord } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';
import { attemptsOf } from '../records/stages.ts';
import { closedStages, transitionsOf } from '../records/transitions.ts';
import { conditionsOf } from './conditions.ts';
import type { Situation, StageSituation } from './step.ts';

/** Reads what `advance` decides on. */
export function readSituation(store: Store, executionId: string): Situation {
  const execution = executionOf(store, executionId);
  const others = openExecutions(store, execution.pipeline).filter((other) => other.id !== execution.id);
  const { stage, phase } = execution;
  const actions = stage === undefined ? [] : latestActions(store, execution.id, stage);
  const attempts = stage === undefined ? [] : attemptsOf(store, execution.id, stage);
  const { stages, executionMode: mode } = structureOf(store, execution.pipeline, execution.version);
  const names = stages.map(({ name }) => name);
  const closed = closedStages(transitionsOf(store, execution.pipeline), names);
  const { rollback } = execution;
  return {
    mode,
    stages: stages
      .filter(({ name }) => rollback === undefined || rollback.stage === name)
      .map(({ name, actions: planned, onFailure }) => ({
        name,
        actions: planned,
        ...(onFailure?.result !== undefined && { onFailure: onFailure.result }),
        isClosed: closed.has(name),
        ...occupancy(others, name),
      })),
    execution: {
      id: execution.id,
      sequence: execution.sequence,
      status: execution.status,
      ...(stage !== undefined && phase !== undefined && { at: { stage, phase } }),
      conditions: conditionsOf(store, execution.id, stages.find(({ name }) => name === stage) ?? { name: '' }),
      actions: new Map(
        [...actions].flatMap(([name, record]) => (record.isRetried ? [] : [[name, decisiveStatus(record.status)]])),
      ),
      isRollback: rollback !== undefined,
      isAutoRetried: attempts.some(({ retryTrigger }) => retryTrigger === 'AutomatedStageRetry'),
    },
  };
}

function occupancy(others: readonly ExecutionRecord[], stage: string): Pick<StageSituation, 'lockedBy' | 'waiting'> {
  const here = others.filter((other) => other.stage === stage);
  const inside = here.find((other) => other.phase === 'inside');
  return { ...(inside && { lockedBy: inside.id }), waiting: here.filter((other) => other.phase === 'waiting') };
}

/** A stage goes on behind an action that is not run locally as behind one that succeeded. */
function decisiveStatus(status: RecordedStatus): ActionExecutionStatus {
  return status === 'NotRun' ? 'Succeeded' : status;
}
