import {
  AcknowledgeJobCommand,
  CodePipelineClient,
  GetJobDetailsCommand,
  PollForJobsCommand,
  type ActionTypeId,
  type JobData,
} from '@aws-sdk/client-codepipeline';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { WorkerJobs } from '../actions/worker/work-off.ts';
import { installationProperty } from '../actions/worker/work-order.ts';
import type { WorkerJob } from '../actions/worker/worker-job.ts';
import { ServiceUnavailable } from '../errors.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';

/** Jobs of custom actions, for a worker. */
export function workerJobs(
  pipelines: CodePipelineClient = new CodePipelineClient(clientSettings),
  functions: LambdaClient = new LambdaClient(clientSettings),
): WorkerJobs {
  return {
    async poll({ type, installation }) {
      const command = new PollForJobsCommand({
        // The category was in a template that CodePipeline has taken.
        actionTypeId: { owner: 'Custom', ...type } as ActionTypeId,
        maxBatchSize: 10,
        queryParam: { [installationProperty]: installation },
      });
      const { jobs = [] } = await calling('codepipeline:PollForJobs', () => pipelines.send(command));
      return jobs.flatMap(({ id, nonce, accountId, data }) =>
        id && nonce && data ? [{ nonce, job: toJob(id, accountId, data) }] : [],
      );
    },
    acknowledge: (jobId, nonce) =>
      calling('codepipeline:AcknowledgeJob', async () => {
        try {
          const { status } = await pipelines.send(new AcknowledgeJobCommand({ jobId, nonce }));
          if (status === 'InProgress') return 'ours';
          if (status && /^(Succeeded|Failed|TimedOut)$/.test(status)) return 'over';
          throw new ServiceUnavailable(`job ${jobId} is ${status} after its acknowledgement; it is asked for again`);
        } catch (thrown) {
          if (errorName(thrown) === 'InvalidNonceException') return 'void';
          if (errorName(thrown) === 'JobNotFoundException') return 'over';
          throw thrown;
        }
      }),
    details: (jobId) =>
      calling('codepipeline:GetJobDetails', async () => {
        try {
          const { jobDetails: found } = await pipelines.send(new GetJobDetailsCommand({ jobId }));
          return found?.data && toJob(jobId, found.accountId, found.data);
        } catch (thrown) {
          if (errorName(thrown) === 'JobNotFoundException') return undefined;
          throw thrown;
        }
      }),
    async start(functionArn, event) {
      const Payload = Buffer.from(JSON.stringify(event));
      const command = new InvokeCommand({ FunctionName: functionArn, InvocationType: 'Event', Payload });
      await calling('lambda:Invoke', () => functions.send(command));
    },
  };
}

function toJob(id: string, accountId: string | undefined, jobData: JobData): WorkerJob {
  const { actionConfiguration, pipelineContext: of, actionTypeId: _type, ...data } = jobData;
  const pipeline = of?.pipelineName;
  const pipelineExecutionId = of?.pipelineExecutionId;
  const stage = of?.stage?.name;
  const action = of?.action?.name;
  const isPlaced = pipeline && pipelineExecutionId && stage && action;
  return {
    ...{ id, accountId, data },
    configuration: actionConfiguration?.configuration ?? {},
    place: isPlaced ? { pipeline, pipelineExecutionId, stage, action } : undefined,
  };
}
