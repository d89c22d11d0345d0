import type { ActionPermission, DeployedWhere } from '../action.ts';

/** The grant that goes with reading what an execution's sources took. */
export function readExecutions({ pipelineArn }: Pick<DeployedWhere, 'pipelineArn'>): ActionPermission {
  return { actions: ['codepipeline:GetPipelineExecution'], resources: [pipelineArn] };
}

/** The grant that goes with reading a pipeline's history. */
export function readHistory({ pipelineArn }: Pick<DeployedWhere, 'pipelineArn'>): ActionPermission {
  return { actions: ['codepipeline:ListPipelineExecutions'], resources: [pipelineArn] };
}
