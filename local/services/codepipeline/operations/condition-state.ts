import type { RuleState, StageConditionState, StageState } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import { conditionOf, conditionStatus } from '../engine/conditions.ts';
import type { ConditionKind } from '../engine/gate.ts';
import type { ActionRecord } from '../records/actions.ts';
import { currentRules } from '../records/rules.ts';
import type { StageStructure } from '../structure/structure.ts';

type ConditionStates = Pick<
  StageState,
  'beforeEntryConditionState' | 'onSuccessConditionState' | 'onFailureConditionState'
>;

/** How the conditions of a stage stand for the execution that was in it last. */
export function conditionStates(store: Store, stage: StageStructure, execution: string | undefined): ConditionStates {
  const [beforeEntry, onSuccess, onFailure] = (['beforeEntry', 'onSuccess', 'onFailure'] as const).map((kind) =>
    conditionState(store, { stage, execution, kind }),
  );
  return {
    ...(beforeEntry && { beforeEntryConditionState: beforeEntry }),
    ...(onSuccess && { onSuccessConditionState: onSuccess }),
    ...(onFailure && { onFailureConditionState: onFailure }),
  };
}

function conditionState(
  store: Store,
  { stage, execution, kind }: { stage: StageStructure; execution: string | undefined; kind: ConditionKind },
): StageConditionState | undefined {
  if (!conditionOf(stage, kind)) return undefined;
  const status = execution === undefined ? 'Due' : conditionStatus(store, { execution, stage: stage.name, kind });
  if (execution === undefined || status === 'Due') return {};
  const rules = currentRules(store, execution, stage.name, kind);
  const changedMs = Math.max(...rules.map((rule) => rule.updatedMs));
  const latestExecution = { status, lastStatusChange: new Date(changedMs) };
  return { latestExecution: { status }, conditionStates: [{ latestExecution, ruleStates: rules.map(ruleState) }] };
}

function ruleState({ id, action, status, updatedMs, output }: ActionRecord): RuleState {
  return {
    ruleName: action,
    latestExecution: {
      ruleExecutionId: id,
      ...(status !== 'NotRun' && { status }),
      lastStatusChange: new Date(updatedMs),
      ...(output.summary !== undefined && { summary: output.summary }),
      ...(output.error && { errorDetails: output.error }),
    },
  };
}
