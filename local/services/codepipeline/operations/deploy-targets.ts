import { ListDeployActionExecutionTargetsInput$, type CodePipeline } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { findAction } from '../records/actions.ts';
import { knownPipeline } from './known.ts';
import { readPosition } from './paging.ts';

/** Tells the targets of a deploy action. Those that have some (EC2, EKS) are not run here, so there are none to tell. */
export function deployTargetOperations(engine: Engine): Operations<CodePipeline> {
  return {
    ListDeployActionExecutionTargets(input) {
      checkInput(ListDeployActionExecutionTargetsInput$, input);
      readPosition(input.nextToken, 'string');
      const { actionExecutionId: id = '', pipelineName } = input;
      const pipeline = pipelineName === undefined ? undefined : knownPipeline(engine, pipelineName).name;
      const record = findAction(engine.context.store, id);
      const isHere = record?.condition === undefined && (pipeline === undefined || record?.pipeline === pipeline);
      if (record && isHere) return { targets: [] };
      throw new AwsError('ActionExecutionNotFoundException', `There is no action execution '${id}'`);
    },
  };
}
