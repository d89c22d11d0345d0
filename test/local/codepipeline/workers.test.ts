import type { CreateCustomActionTypeInput, Job, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { action, create, execution, pipelineCloud, pipelineOf, putSource, refusal, start, state } from './fixture.ts';
import { actionTypeId, definition, rigAction, rigPipeline } from './rig.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud({ redeliveryDelayMs: 10_000 });
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

const createType = (changes: Partial<CreateCustomActionTypeInput> = {}) =>
  cloud.call('codepipeline', 'CreateCustomActionType', { ...definition, ...changes });
const poll = async (input: object = {}): Promise<Job[]> => {
  const asked = { actionTypeId, queryParam: { Bench: 'blue' }, ...input };
  return (await cloud.call<{ jobs: Job[] }>('codepipeline', 'PollForJobs', asked)).jobs;
};
const acknowledge = (job: Job | undefined) =>
  cloud.call('codepipeline', 'AcknowledgeJob', { jobId: job?.id, nonce: job?.nonce });
const succeed = async (job: Job | undefined, more: object = {}) => {
  await cloud.call('codepipeline', 'PutJobSuccessResult', { jobId: job?.id, ...more });
  await cloud.timers.settled();
};

describe('a worker', () => {
  let id: string;
  beforeEach(async () => {
    await createType();
    await create(cloud, rigPipeline());
    id = await start(cloud);
  });

  it('[codepipeline.poll-for-jobs.hand-out] gets a job with its pipeline and secrets, and finishes it', async () => {
    const [job] = await poll();
    expect(job).toMatchObject({
      accountId: '123456789012',
      data: {
        actionTypeId,
        actionConfiguration: { configuration: { Bench: 'blue', Token: 'hush' } },
        pipelineContext: { pipelineExecutionId: id, pipelineArn: expect.stringContaining(':checkout') },
      },
    });
    expect(await acknowledge(job)).toEqual({ status: 'InProgress' });
    await succeed(job, { executionDetails: { externalExecutionId: 'r7' } });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
    expect((await action(cloud, id, 'Rig')).output?.executionResult?.externalExecutionUrl).toBe(
      'https://rig.test/blue/runs/r7',
    );
  });

  it('[codepipeline.poll-for-jobs.owner] polls only for the owner Custom', async () => {
    const lambda = { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' };
    expect(await refusal(poll({ actionTypeId: lambda, queryParam: {} }))).toMatch(/^ValidationException.*Custom/);
    expect(await refusal(poll({ actionTypeId: { ...actionTypeId, version: '9' } }))).toMatch(
      /^ActionTypeNotFoundException/,
    );
  });

  it('[codepipeline.poll-for-jobs.query] must name the queryable property and gets only jobs with that value', async () => {
    expect(await refusal(poll({ queryParam: {} }))).toMatch(/^ValidationException.*'Bench'/);
    expect(await poll({ queryParam: { Bench: 'green' } })).toEqual([]);
    expect(await poll()).toHaveLength(1);
  });

  it('[codepipeline.poll-for-jobs.no-query] must name nothing where nothing is queryable', async () => {
    await createType({ provider: 'Plain', settings: {}, configurationProperties: [] });
    const plain = { ...actionTypeId, provider: 'Plain' };
    expect(await refusal(poll({ actionTypeId: plain }))).toMatch(/^ValidationException.*no queryable/);
    expect(await poll({ actionTypeId: plain, queryParam: {} })).toEqual([]);
  });

  it('[codepipeline.poll-for-jobs.redelivery] gets an unacknowledged job again later, with another nonce', async () => {
    const [first] = await poll();
    expect(await poll()).toEqual([]);
    await cloud.advance(9_999);
    expect(await poll()).toEqual([]);
    await cloud.advance(1);
    const [second] = await poll();
    expect(second?.id).toBe(first?.id);
    expect(second?.nonce).not.toBe(first?.nonce);
    expect(await refusal(acknowledge(first))).toMatch(/^InvalidNonceException/);
    await acknowledge(second);
    await cloud.advance(60_000);
    expect(await poll()).toEqual([]);
  });

  it('[codepipeline.acknowledge-job.first] cannot answer a job before acknowledging it', async () => {
    const [job] = await poll();
    expect(await refusal(succeed(job))).toMatch(/^InvalidJobStateException.*Dispatched/);
    expect(await refusal(acknowledge({ id: '00000000-0000-4000-8000-000000000000', nonce: 'n' }))).toMatch(
      /^JobNotFoundException/,
    );
  });

  it('[codepipeline.custom-action.continuation] finds a new job with the token after a continuation', async () => {
    const [job] = await poll();
    await acknowledge(job);
    await succeed(job, { continuationToken: 'half' });
    const [next] = await poll();
    expect(next?.id).not.toBe(job?.id);
    expect(next?.data?.continuationToken).toBe('half');
  });

  it('[codepipeline.custom-action.timeout] fails after 24 hours', async () => {
    await cloud.advance(24 * 3_600_000 - 1);
    expect(await action(cloud, id, 'Rig')).toMatchObject({ status: 'InProgress' });
    await cloud.advance(1);
    expect(await action(cloud, id, 'Rig')).toMatchObject({ status: 'Failed' });
    expect(await poll()).toEqual([]);
  });

  it('[codepipeline.custom-action.secrets] keeps secrets from everyone else', async () => {
    const { pipeline } = await cloud.call<{ pipeline: PipelineDeclaration }>('codepipeline', 'GetPipeline', {
      name: 'checkout',
    });
    expect(pipeline.stages?.[1]?.actions?.[0]?.configuration).toEqual({ Bench: 'blue', Token: '****' });
    expect((await action(cloud, id, 'Rig')).input).toMatchObject({
      configuration: { Token: '****' },
      resolvedConfiguration: { Token: '****' },
    });
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline });
    await start(cloud);
    expect((await poll())[0]?.data?.actionConfiguration?.configuration?.['Token']).toBe('hush');
  });

  it('[codepipeline.poll-for-jobs.batch-size] gets as many jobs as it asks for, the oldest first', async () => {
    await cloud.call('codepipeline', 'UpdatePipeline', {
      pipeline: pipelineOf({
        Try: [
          { ...rigAction(), name: 'One' },
          { ...rigAction(), name: 'Two' },
        ],
      }),
    });
    await start(cloud);
    expect(await refusal(poll({ maxBatchSize: 0 }))).toMatch(/^ValidationException.*maxBatchSize/);
    const [first, ...none] = await poll({ maxBatchSize: 1 });
    expect(none).toEqual([]);
    const [second] = await poll({ maxBatchSize: 1 });
    expect([first, second].map((job) => job?.data?.pipelineContext?.action?.name)).toEqual(['One', 'Two']);
  });

  it('[codepipeline.custom-action.failure] fails its action at any time after it has acknowledged', async () => {
    const [job] = await poll();
    await acknowledge(job);
    await succeed(job, { continuationToken: 'half' });
    const [next] = await poll();
    const failureDetails = { type: 'JobFailed', message: 'the rig is on fire', externalExecutionId: 'r7' };
    const fail = () => cloud.call('codepipeline', 'PutJobFailureResult', { jobId: next?.id, failureDetails });
    expect(await refusal(fail())).toMatch(/^InvalidJobStateException/);
    await acknowledge(next);
    await fail();
    expect(await action(cloud, id, 'Rig')).toMatchObject({
      status: 'Failed',
      output: { executionResult: { externalExecutionId: 'r7', errorDetails: { message: 'the rig is on fire' } } },
    });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
  });

  it('[codepipeline.acknowledge-job.again] learns the status of a job that it acknowledges again', async () => {
    const [job] = await poll();
    expect(await acknowledge(job)).toEqual({ status: 'InProgress' });
    expect(await acknowledge(job)).toEqual({ status: 'InProgress' });
    await succeed(job);
    expect(await acknowledge(job)).toEqual({ status: 'Succeeded' });
  });

  it('[codepipeline.job-details.secrets] gets secrets from GetJobDetails too', async () => {
    const [job] = await poll();
    const { jobDetails } = await cloud.call<{ jobDetails: Job }>('codepipeline', 'GetJobDetails', { jobId: job?.id });
    expect(jobDetails.data?.actionConfiguration?.configuration).toEqual({ Bench: 'blue', Token: 'hush' });
  });

  it('[codepipeline.custom-action.urls] leaves the URLs of its type in the state of the pipeline', async () => {
    const urls = async () => (await state(cloud)).stageStates?.[1]?.actionStates?.[0];
    expect(await urls()).toMatchObject({ entityUrl: 'https://rig.test/blue', revisionUrl: 'https://rig.test/setup' });
    const [job] = await poll();
    await acknowledge(job);
    await succeed(job, { continuationToken: 'half', executionDetails: { externalExecutionId: 'r7' } });
    expect((await urls())?.latestExecution).toMatchObject({ externalExecutionUrl: 'https://rig.test/blue/runs/r7' });
  });
});
