import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import type { ExecutionGateway } from '../../actions/gateways/executions.ts';
import { clientSettings } from '../client-settings.ts';
import { calling } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

/** CodePipeline's executions, for an action. */
export function openGateway(client: CodePipelineClient = new CodePipelineClient(clientSettings)): ExecutionGateway {
  return {
    revisions: ({ pipeline, pipelineExecutionId }) =>
      calling('codepipeline:GetPipelineExecution', async () => {
        const { pipelineExecution } = await client
          .send(new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId }))
          .catch((thrown: unknown) => refuse(pipeline, `execution ${pipelineExecutionId}`, thrown));
        const revisions = pipelineExecution?.artifactRevisions ?? [];
        return revisions.map(({ name = '', revisionId = '', revisionSummary = '' }) => ({
          artifact: name,
          id: revisionId,
          summary: revisionSummary,
        }));
      }),
    history: (pipeline) =>
      calling('codepipeline:ListPipelineExecutions', async () => {
        const { pipelineExecutionSummaries: summaries = [] } = await client
          .send(new ListPipelineExecutionsCommand({ pipelineName: pipeline, maxResults: 100 }))
          .catch((thrown: unknown) => refuse(pipeline, 'history', thrown));
        return summaries.map(({ pipelineExecutionId: id = '', status = '', sourceRevisions = [] }) => ({
          ...{ id, status },
          revisions: sourceRevisions.map(({ actionName: source = '', revisionId = '', revisionSummary = '' }) => ({
            ...{ source, id: revisionId, summary: revisionSummary },
          })),
        }));
      }),
  };
}

function refuse(pipeline: string, what: string, cause: unknown): never {
  return refuseBy(cause, [
    [
      ['PipelineNotFoundException', 'PipelineExecutionNotFoundException'],
      'ConfigurationError',
      `pipeline ${pipeline} has no ${what} in this account and region; give the action its pipeline's own name`,
    ],
    [
      ['AccessDeniedException'],
      'PermissionError',
      `this action's role may not read the executions of pipeline ${pipeline}; give the action its pipeline's own name at synth, which grants it`,
    ],
  ]);
}
