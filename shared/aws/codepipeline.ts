import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
  type ArtifactRevision,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import type { Approvals, PendingApproval } from '../approvals/answer.ts';
import { Misconfigured, SlipwayError } from '../errors.ts';
import type { Revision } from '../events/event.ts';
import type { Pipelines } from '../releases/pipelines.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';

/** The service's pipeline is not there. */
export class PipelineNotFound extends SlipwayError {
  override readonly name = 'PipelineNotFound';
  override readonly kind = 'not-found';
}

/** The pipeline takes no further execution now; it will when others have ended. */
export class PipelineBusy extends SlipwayError {
  override readonly name = 'PipelineBusy';
  override readonly kind = 'unavailable';
  override readonly retryable = true;
}

/** Makes the client of a region; a pipeline's ARN names its own. */
export type ClientOfRegion = (region: string) => CodePipelineClient;

/** CodePipeline, for releases and approvals. */
export function codePipeline(clientOf: ClientOfRegion = cachedClients()): Pipelines & Approvals {
  return {
    start: (arn, request) => start(clientOf, arn, request),
    findExecution: (arn, executionId) => findExecution(clientOf, arn, executionId),
    pending: (arn, executionId) => pending(clientOf, arn, executionId),
    answer: (arn, approval, answer) => answerPending(clientOf, arn, approval, answer),
  };
}

function cachedClients(): ClientOfRegion {
  const clients = new Map<string, CodePipelineClient>();
  return (region) => {
    const known = clients.get(region) ?? new CodePipelineClient({ ...clientSettings, region });
    clients.set(region, known);
    return known;
  };
}

const start = async (clientOf: ClientOfRegion, arn: string, request: Parameters<Pipelines['start']>[1]) => {
  const { region, name } = partsOf(arn);
  const { token, source } = request;
  const command = new StartPipelineExecutionCommand({
    name,
    clientRequestToken: token,
    ...(source && {
      sourceRevisions: [
        { actionName: source.action, revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: source.versionId },
      ],
    }),
  });
  const { pipelineExecutionId } = await calling('codepipeline:StartPipelineExecution', async () => {
    try {
      return await clientOf(region).send(command);
    } catch (thrown) {
      throw startFailure(name, thrown);
    }
  });
  if (pipelineExecutionId) return pipelineExecutionId;
  throw new Misconfigured(`pipeline ${name} was started and no execution id was answered`);
};

function startFailure(name: string, cause: unknown): unknown {
  switch (errorName(cause)) {
    case 'PipelineNotFoundException':
      return new PipelineNotFound(`pipeline ${name} does not exist; deploy the stack that declares the service`, {
        cause,
      });
    case 'ConflictException':
    case 'ConcurrentPipelineExecutionsLimitExceededException':
      return new PipelineBusy(`pipeline ${name} takes no further execution now; it is tried again`, { cause });
    default:
      return cause;
  }
}

const findExecution = async (clientOf: ClientOfRegion, arn: string, pipelineExecutionId: string) => {
  const { region, name: pipelineName } = partsOf(arn);
  const command = new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId });
  return calling('codepipeline:GetPipelineExecution', async () => {
    try {
      const { pipelineExecution: found } = await clientOf(region).send(command);
      return found?.status && { status: found.status, revisions: (found.artifactRevisions ?? []).flatMap(toRevision) };
    } catch (thrown) {
      if (/^Pipeline(Execution)?NotFoundException$/.test(errorName(thrown))) return undefined;
      throw thrown;
    }
  }).then((found) => found || undefined);
};

/** An S3 source's revision is its object's version; a commit is 40 hex digits. */
function toRevision({ revisionId }: ArtifactRevision): Revision[] {
  if (!revisionId) return [];
  const type = /^[0-9a-f]{40}$/.test(revisionId) ? 'COMMIT_ID' : 'S3_OBJECT_VERSION_ID';
  return [{ type, value: revisionId }];
}

const pending = async (clientOf: ClientOfRegion, arn: string, executionId: string) => {
  const { region, name } = partsOf(arn);
  const { stageStates = [] } = await calling('codepipeline:GetPipelineState', () =>
    clientOf(region).send(new GetPipelineStateCommand({ name })),
  );
  return stageStates
    .filter((stage) => stage.latestExecution?.pipelineExecutionId === executionId)
    .flatMap((stage) => pendingIn(stage));
};

/** Only an approval that waits shows a token. */
function pendingIn({ stageName = '', actionStates = [] }: StageState): PendingApproval[] {
  return actionStates.flatMap(({ actionName = '', latestExecution }) =>
    latestExecution?.status === 'InProgress' && latestExecution.token
      ? [{ stage: stageName, action: actionName, token: latestExecution.token }]
      : [],
  );
}

const answerPending = async (
  clientOf: ClientOfRegion,
  arn: string,
  approval: PendingApproval,
  { isApproved, summary }: { isApproved: boolean; summary: string },
) => {
  const { region, name: pipelineName } = partsOf(arn);
  const command = new PutApprovalResultCommand({
    pipelineName,
    stageName: approval.stage,
    actionName: approval.action,
    token: approval.token,
    result: { status: isApproved ? 'Approved' : 'Rejected', summary },
  });
  return calling('codepipeline:PutApprovalResult', async () => {
    try {
      await clientOf(region).send(command);
      return 'answered' as const;
    } catch (thrown) {
      if (/^(InvalidApprovalToken|ApprovalAlreadyCompleted)Exception$/.test(errorName(thrown))) return 'late' as const;
      throw thrown;
    }
  });
};

function partsOf(arn: string): { region: string; name: string } {
  const [, , , region, , name] = arn.split(':');
  if (region && name) return { region, name };
  throw new Misconfigured(`${arn} is not a pipeline's ARN; arn:aws:codepipeline:<region>:<account>:<name> is`);
}
