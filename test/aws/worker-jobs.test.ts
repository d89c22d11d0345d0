import {
  AcknowledgeJobCommand,
  CodePipelineClient,
  GetJobDetailsCommand,
  InvalidNonceException,
  JobNotFoundException,
  PollForJobsCommand,
} from '@aws-sdk/client-codepipeline';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import type { WorkOrder } from '../../shared/actions/worker/work-order.ts';
import { workerJobs } from '../../shared/aws/worker-jobs.ts';

const pipelines = mockClient(CodePipelineClient);
const functions = mockClient(LambdaClient);
const worker = workerJobs(new CodePipelineClient({}), new LambdaClient({}));
beforeEach(() => {
  pipelines.reset();
  functions.reset();
});

const order: WorkOrder = {
  contract: 1,
  type: { category: 'Test', provider: 'Slipway-probe', version: '1' },
  installation: 'Slipway-Engine',
  functionArn: 'arn:function',
  parameters: {},
};
const data = {
  actionTypeId: { owner: 'Custom', ...order.type } as const,
  actionConfiguration: { configuration: { url: 'https://example.com' } },
  pipelineContext: {
    pipelineName: 'checkout',
    pipelineExecutionId: 'execution-1',
    stage: { name: 'Verify' },
    action: { name: 'Probe', actionExecutionId: 'action-1' },
  },
  inputArtifacts: [],
  continuationToken: 'v1:job-1:renewed',
};
const metadata = { message: 'no', $metadata: {} };

it("asks for the jobs of its installation, and tells each job's place", async () => {
  pipelines.on(PollForJobsCommand).resolves({
    jobs: [
      {
        id: 'job-2',
        nonce: 'n',
        accountId: '1',
        data: { ...data, actionTypeId: { ...data.actionTypeId, category: 'Test' } },
      },
    ],
  });
  expect(await worker.poll(order)).toEqual([
    {
      nonce: 'n',
      job: {
        ...{ id: 'job-2', accountId: '1' },
        configuration: { url: 'https://example.com' },
        place: { pipeline: 'checkout', pipelineExecutionId: 'execution-1', stage: 'Verify', action: 'Probe' },
        data: { inputArtifacts: [], continuationToken: 'v1:job-1:renewed' },
      },
    },
  ]);
  expect(pipelines.call(0).args[0].input).toEqual({
    actionTypeId: { owner: 'Custom', category: 'Test', provider: 'Slipway-probe', version: '1' },
    maxBatchSize: 10,
    queryParam: { Installation: 'Slipway-Engine' },
  });
});

it.each([
  ['InProgress', 'ours'],
  ['Failed', 'over'],
] as const)('takes a job that is %s after its acknowledgement as %s', async (status, answer) => {
  pipelines.on(AcknowledgeJobCommand).resolves({ status });
  expect(await worker.acknowledge('job-1', 'n')).toBe(answer);
});

it('asks again for a job that is not in progress after its acknowledgement', async () => {
  pipelines.on(AcknowledgeJobCommand).resolves({ status: 'Queued' });
  await expect(worker.acknowledge('job-1', 'n')).rejects.toThrow('is Queued after its acknowledgement');
});

it('tells a job whose nonce is void from one that is not there', async () => {
  pipelines
    .on(AcknowledgeJobCommand)
    .rejectsOnce(new InvalidNonceException(metadata))
    .rejectsOnce(new JobNotFoundException(metadata));
  expect(await worker.acknowledge('job-1', 'n')).toBe('void');
  expect(await worker.acknowledge('job-1', 'n')).toBe('over');
  pipelines.on(GetJobDetailsCommand).rejects(new JobNotFoundException(metadata));
  expect(await worker.details('job-1')).toBeUndefined();
});

it('throws what may pass, to be tried again', async () => {
  pipelines.on(AcknowledgeJobCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
  await expect(worker.acknowledge('job-1', 'n')).rejects.toThrow('codepipeline:AcknowledgeJob was throttled');
});

it('starts a function as an event, which Lambda keeps', async () => {
  functions.on(InvokeCommand).resolves({ StatusCode: 202 });
  await worker.start('arn:function', { some: 'event' });
  expect(functions.call(0).args[0].input).toMatchObject({ FunctionName: 'arn:function', InvocationType: 'Event' });
});
