import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { ExecutionGateway } from '../../actions/executions.ts';
import { ActionFailed } from '../../actions/result.ts';
import { clientSettings } from '../client-settings.ts';
import { calling, errorName } from '../failure.ts';

/** CodePipeline's executions, for an action. */
export function openGateway(client: CodePipelineClient = new CodePipelineClient(clientSettings)): ExecutionGateway {
  return {
    revisions: ({ pipeline, pipelineExecutionId }) =>
      calling('codepipeline:GetPipelineExecution', async () => {
        const { pipelineExecution } = await client
          .send(new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId }))
          .catch((thrown: unknown) => refuse(pipeline, pipelineExecutionId, thrown));
        const revisions = pipelineExecution?.artifactRevisions ?? [];
        return revisions.map(({ name = '', revisionId = '', revisionSummary = '' }) => ({
          artifact: name,
          id: revisionId,
          summary: revisionSummary,
        }));
      }),
  };
}

function refuse(pipeline: string, executionId: string, cause: unknown): never {
  switch (errorName(cause)) {
    case 'PipelineNotFoundException':
    case 'PipelineExecutionNotFoundException':
      throw new ActionFailed(
        'ConfigurationError',
        `pipeline ${pipeline} has no execution ${executionId} in this account and region; give the action its pipeline's own name`,
        { cause },
      );
    case 'AccessDeniedException':
      throw new ActionFailed(
        'PermissionError',
        `this action's role may not read the executions of pipeline ${pipeline}; give the action its pipeline's own name at synth, which grants it`,
        { cause },
      );
    default:
      throw cause;
  }
}
