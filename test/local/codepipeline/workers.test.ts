import type { CreateCustomActionTypeInput, Job, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { action, create, execution, pipelineCloud, pipelineOf, putSource, refusal, start } from './fixture.ts';

const actionTypeId = { category: 'Test', owner: 'Custom', provider: 'Rig', version: '1' } as const;
const definition: CreateCustomActionTypeInput = {
  category: 'Test',
  provider: 'Rig',
  version: '1',
  settings: {
    entityUrlTemplate: 'https://rig.test/{Config:Bench}',
    executionUrlTemplate: 'https://rig.test/{Config:Bench}/runs/{ExternalExecutionId}',
  },
  configurationProperties: [
    { name: 'Bench', required: true, key: true, secret: false, queryable: true, type: 'String' },
    { name: 'Token', required: true, key: false, secret: true },
    { name: 'Rounds', required: false, key: false, secret: false, type: 'Number' },
  ],
  inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
  outputArtifactDetails: { minimumCount: 0, maximumCount: 0 },
};

const rigAction = (configuration: Record<string, string> = { Bench: 'blue', Token: 'hush' }) => ({
  name: 'Rig',
  actionTypeId,
  configuration,
});
const rigPipeline = (configuration?: Record<string, string>): PipelineDeclaration =>
  pipelineOf({ Try: [rigAction(configuration)] });

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

describe('a custom action type', () => {
  it('[codepipeline.custom-action.create] is listed under the owner Custom with its properties', async () => {
    expect(await createType()).toMatchObject({ actionType: { id: actionTypeId } });
    const { actionTypes } = await cloud.call<{ actionTypes: object[] }>('codepipeline', 'ListActionTypes', {
      actionOwnerFilter: 'Custom',
    });
    expect(actionTypes).toMatchObject([{ id: actionTypeId, settings: definition.settings }]);
    const aws = await cloud.call<{ actionTypes: { id: { provider: string } }[] }>('codepipeline', 'ListActionTypes', {
      actionOwnerFilter: 'AWS',
    });
    expect(aws.actionTypes.map(({ id }) => id.provider)).toContain('Lambda');
  });

  const property = { required: true, key: false, secret: false };
  it.each([
    [
      '[codepipeline.custom-action.queryable-one]',
      { configurationProperties: ['a', 'b'].map((name) => ({ ...property, name, queryable: true })) },
      /Only one property/,
    ],
    [
      '[codepipeline.custom-action.queryable-plain]',
      { configurationProperties: [{ ...property, name: 'a', secret: true, queryable: true }] },
      /must be required and not secret/,
    ],
    [
      '[codepipeline.custom-action.url-template]',
      { settings: { entityUrlTemplate: 'https://x/{Config:Token}' } },
      /URL template refers to 'Token'/,
    ],
    [
      '[codepipeline.custom-action.property-limit]',
      { configurationProperties: Array.from({ length: 11 }, (_, index) => ({ ...property, name: `p${index}` })) },
      /less than or equal to 10/,
    ],
    [
      '[codepipeline.custom-action.artifact-limit]',
      { inputArtifactDetails: { minimumCount: 0, maximumCount: 6 } },
      /less than or equal to 5/,
    ],
  ])('%s is refused when it breaks the rule', async (_id, changes, message) => {
    expect(await refusal(createType(changes as Partial<CreateCustomActionTypeInput>))).toMatch(message);
  });

  it('[codepipeline.custom-action.categories] is refused by name for a category that is reserved', async () => {
    expect(await refusal(createType({ category: 'Source' }))).toMatch(/NotImplemented.*category Source/);
  });

  it('[codepipeline.custom-action.quota] is refused after 50', async () => {
    for (let version = 1; version <= 50; version += 1) await createType({ version: String(version) });
    expect(await refusal(createType({ version: '51' }))).toMatch(/^LimitExceededException/);
  });

  it('[codepipeline.custom-action.version-once] comes back after deletion only as it was', async () => {
    await createType();
    await cloud.call('codepipeline', 'DeleteCustomActionType', { category: 'Test', provider: 'Rig', version: '1' });
    expect(await refusal(poll())).toMatch(/^ActionTypeNotFoundException/);
    expect(await refusal(create(cloud, rigPipeline()))).toMatch(
      /^InvalidActionDeclarationException: ActionType \(.*Provider: 'Rig'.*is not available in region US_EAST_1/,
    );
    expect(await refusal(createType({ settings: {} }))).toMatch(/^ValidationException.*never used/);
    await createType();
    expect(await poll()).toEqual([]);
  });

  it('[codepipeline.custom-action.queryable-value] limits the queryable value in a pipeline to 20 plain characters', async () => {
    await createType();
    expect(await refusal(create(cloud, rigPipeline({ Bench: 'a'.repeat(21), Token: 'x' })))).toMatch(/at most 20/);
    expect(await refusal(create(cloud, rigPipeline({ Bench: 'a b', Token: 'x' })))).toMatch(/at most 20/);
    expect(await refusal(create(cloud, rigPipeline({ Bench: 'a', Token: 'x', Rounds: 'two' })))).toMatch(/a number/);
  });

  it('[codepipeline.action-type.external] is told by GetActionType only of external providers', async () => {
    const type = { category: 'Deploy', owner: 'ThirdParty', provider: 'Acme', version: '1' };
    expect(await refusal(cloud.call('codepipeline', 'GetActionType', type))).toMatch(/^ActionTypeNotFoundException/);
  });
});

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
});
