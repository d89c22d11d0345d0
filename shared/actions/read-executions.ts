import type { ActionPermission, DeployedWhere } from './action.ts';

/** The grant that goes with the gateway. */
export function readExecutions({ pipelineArn }: Pick<DeployedWhere, 'pipelineArn'>): ActionPermission {
  return { actions: ['codepipeline:GetPipelineExecution'], resources: [pipelineArn] };
}
