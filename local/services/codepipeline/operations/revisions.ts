import { PutActionRevisionInput$, type CodePipeline, type PutActionRevisionInput } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { findByRevision } from '../records/artifacts.ts';
import type { SourceRevisionRequest } from '../records/executions.ts';
import type { ActionStructure } from '../structure/structure.ts';
import { startFor } from '../triggers/start.ts';
import { currentStructure, knownPipeline, knownStage } from './known.ts';

/** Takes revisions that somebody reports of a source; a new one starts the pipeline with it. */
export function revisionOperations(engine: Engine): Operations<CodePipeline> {
  return {
    PutActionRevision(input, { principal }) {
      checkInput(PutActionRevisionInput$, input);
      const { name: pipeline } = knownPipeline(engine, input.pipelineName);
      const action = knownSource(engine, input);
      const revision = input.actionRevision?.revisionId ?? '';
      const known = findByRevision(engine.context.store, pipeline, { action: action.name, revision });
      if (known !== undefined) return { newRevision: false, pipelineExecutionId: known };
      const pipelineExecutionId = startFor(engine, {
        pipeline,
        trigger: { type: 'PutActionRevision', detail: principal.arn },
        sourceRevisions: requestOf(engine, action, revision),
        because: `the revision ${revision} of ${action.name}`,
      });
      return { newRevision: true, pipelineExecutionId };
    },
  };
}

function knownSource(engine: Engine, { pipelineName, stageName, actionName }: PutActionRevisionInput): ActionStructure {
  const stage = knownStage(currentStructure(engine, knownPipeline(engine, pipelineName)), stageName);
  const action = stage.actions.find(({ name }) => name === actionName);
  if (!action) {
    throw new AwsError('ActionNotFoundException', `Stage '${stageName}' has no action '${actionName}'`);
  }
  if (action.type.category === 'Source') return action;
  throw new AwsError('ValidationException', `Action '${actionName}' is no source action, and has no revisions`);
}

/** A source that is not run here cannot be asked for one. */
function requestOf({ providers }: Engine, { name, type }: ActionStructure, revision: string): SourceRevisionRequest[] {
  const [revisionType] = providers.find(type)?.revisionTypes ?? [];
  return revisionType ? [{ actionName: name, revisionType, revisionValue: revision }] : [];
}
