import {
  DisableStageTransitionInput$,
  EnableStageTransitionInput$,
  type CodePipeline,
  type StageTransitionType,
} from '@aws-sdk/client-codepipeline';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { endExecution, settle } from '../engine/settle.ts';
import { openExecutions } from '../records/executions.ts';
import { behind, putTransition, transitionsOf, type TransitionRecord } from '../records/transitions.ts';
import { currentStructure, knownPipeline, knownStage } from './known.ts';

/** An execution does not go on after a transition has been disabled for longer (User Guide, "Disable transitions"). */
const maxDisabledMs = 30 * 24 * 60 * 60 * 1000;

/** Closes and opens the ways between stages; what has passed already goes on. */
export function transitionOperations(engine: Engine): Operations<CodePipeline> {
  return {
    DisableStageTransition(input, { principal }) {
      checkInput(DisableStageTransitionInput$, input);
      const { reason = '' } = input;
      changeTransition(engine, input, { isEnabled: false, changedBy: principal.arn, reason });
      return {};
    },
    EnableStageTransition(input, { principal }) {
      checkInput(EnableStageTransitionInput$, input);
      changeTransition(engine, input, { isEnabled: true, changedBy: principal.arn });
      return {};
    },
  };
}

interface Place {
  readonly pipelineName?: string | undefined;
  readonly stageName?: string | undefined;
  readonly transitionType?: StageTransitionType | undefined;
}

/** Disables or enables a transition; see DisableStageTransition and EnableStageTransition. */
export function changeTransition(
  engine: Engine,
  place: Place,
  to: Pick<TransitionRecord, 'isEnabled' | 'changedBy' | 'reason'>,
): void {
  const { store, clock } = engine.context;
  const pipeline = knownPipeline(engine, place.pipelineName);
  const structure = currentStructure(engine, pipeline);
  const stage = knownStage(structure, place.stageName).name;
  const { transitionType: type = 'Inbound' } = place;
  store.transaction(() => {
    const before = transitionsOf(store, pipeline.name).find((known) => known.stage === stage && known.type === type);
    putTransition(store, pipeline.name, { stage, type, changedMs: clock.nowMs(), ...to });
    const names = structure.stages.map(({ name }) => name);
    if (to.isEnabled) letIn(engine, pipeline.name, { stage: behind(names, stage, type), before });
  });
}

function letIn(
  engine: Engine,
  pipeline: string,
  { stage, before }: { stage: string | undefined; before: TransitionRecord | undefined },
): void {
  const { store, clock } = engine.context;
  const isTooLate = before?.isEnabled === false && clock.nowMs() - before.changedMs > maxDisabledMs;
  for (const execution of openExecutions(store, pipeline)) {
    if (execution.phase !== 'waiting' || execution.stage !== stage) continue;
    if (isTooLate) endExecution(engine, execution, 'Failed');
    else settle(engine, execution.id);
  }
}
