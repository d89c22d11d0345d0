import type { JobDetails } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timeLimitOf } from '../../../local/services/codepipeline/engine/time-limit.ts';
import { actionProviders } from '../../../local/services/codepipeline/providers/registry.ts';
import { newArtifactKey } from '../../../local/services/codepipeline/records/artifacts.ts';
import { readStructure } from '../../../local/services/codepipeline/structure/structure.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  catchJobs,
  create,
  execution,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  pipelineRole,
  putSource,
  refusal,
  start,
  state,
  succeed,
  type JobEvent,
} from './fixture.ts';

const minuteMs = 60_000;

let cloud: TestCloud;
let jobs: JobEvent[];
let id: string;
beforeEach(async () => {
  cloud = await pipelineCloud({ continuationIntervalMs: 5_000 });
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
  await create(cloud, pipelineOf({ Scan: [lambdaAction('Check', { namespace: 'scan' })] }));
  id = await start(cloud);
});
afterEach(() => cloud.close());

const put = (input: object) => cloud.call('codepipeline', 'PutJobSuccessResult', { jobId: jobs[0]?.id, ...input });
const details = async () =>
  (await cloud.call<{ jobDetails: JobDetails }>('codepipeline', 'GetJobDetails', { jobId: jobs[0]?.id })).jobDetails;

describe('a Lambda job', () => {
  it('[codepipeline.lambda-job.user-parameters] has no UserParameters where the action has none', () => {
    expect(jobs[0]?.data.actionConfiguration.configuration).toEqual({ FunctionName: 'check' });
  });

  it('[codepipeline.lambda-job.encryption-key] has no key where the artifact store has none', () => {
    expect(jobs[0]?.data).not.toHaveProperty('encryptionKey');
    expect(jobs[0]?.data).not.toHaveProperty('continuationToken');
  });

  it('[codepipeline.lambda-job.answer-only] is ended neither by what the function returns nor by its error', async () => {
    cloud.answer('lambda', 'Invoke', () => ({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      Payload: Buffer.from('{}'),
    }));
    const other = await start(cloud);
    await cloud.call('codepipeline', 'StopPipelineExecution', {
      pipelineName: 'checkout',
      pipelineExecutionId: id,
      abandon: true,
    });
    await cloud.timers.settled();
    expect(await action(cloud, other, 'Check')).toMatchObject({ status: 'InProgress' });
  });

  it('[codepipeline.job-result.success] succeeds with its answer', async () => {
    await succeed(cloud, jobs[0], { executionDetails: { summary: 'clean' }, outputVariables: { findings: '0' } });
    expect(await action(cloud, id, 'Check')).toMatchObject({
      status: 'Succeeded',
      output: { executionResult: { externalExecutionSummary: 'clean' }, outputVariables: { findings: '0' } },
    });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
  });

  it('[codepipeline.job-result.progress] shows how far it has come with each continuation', async () => {
    const executionDetails = { summary: 'half', externalExecutionId: 'run-7', percentComplete: 50 };
    await succeed(cloud, jobs[0], { continuationToken: 'run-7', executionDetails });
    expect((await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution).toMatchObject({
      status: 'InProgress',
      summary: 'half',
      externalExecutionId: 'run-7',
      percentComplete: 50,
    });
    await cloud.advance(5_000);
    expect(jobs).toHaveLength(2);
  });

  it('[codepipeline.job-result.revision] may name the revision that it has worked on', async () => {
    const currentRevision = {
      revision: 'r7',
      changeIdentifier: 'c7',
      created: new Date(0),
      revisionSummary: 'seventh',
    };
    await succeed(cloud, jobs[0], { currentRevision });
    expect((await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.currentRevision).toEqual({
      revisionId: 'r7',
      revisionChangeId: 'c7',
      created: new Date(0),
    });
  });

  it('[codepipeline.job-details.new-credentials] gets credentials for another hour each time it asks', async () => {
    const expiries: (number | undefined)[] = [];
    const { credentials } = cloud.context;
    const issue = credentials.issue.bind(credentials);
    credentials.issue = (principal, options) => {
      expiries.push(options?.expiresAtMs);
      return issue(principal, options);
    };
    expect((await details()).data?.artifactCredentials).toMatchObject({ accessKeyId: expect.any(String) });
    await cloud.advance(10 * minuteMs);
    await details();
    const nowMs = cloud.clock.nowMs();
    expect(expiries).toEqual([nowMs + 50 * minuteMs, nowMs + 60 * minuteMs]);
  });

  it('[codepipeline.job-details.ended] is told no more once its action has ended', async () => {
    await succeed(cloud, jobs[0]);
    expect(await refusal(details())).toMatch(/^JobNotFoundException/);
  });

  it.each([
    [
      'no revision',
      { currentRevision: { revision: '', changeIdentifier: 'c' } },
      /revision.*greater than or equal to 1/,
    ],
    [
      'a long change identifier',
      { currentRevision: { revision: 'r', changeIdentifier: 'c'.repeat(101) } },
      /changeIdentifier.*less than or equal to 100/,
    ],
    ['an empty token', { continuationToken: '' }, /continuationToken.*greater than or equal to 1/],
    ['a long external id', { executionDetails: { externalExecutionId: 'x'.repeat(1501) } }, /equal to 1500/],
    ['less than nothing done', { executionDetails: { percentComplete: -1 } }, /greater than or equal to 0/],
  ])('[codepipeline.job-result.details-bounds] is not answered with %s', async (_, input, why) => {
    expect(await refusal(put(input))).toMatch(why);
    expect(await action(cloud, id, 'Check')).toMatchObject({ status: 'InProgress' });
  });
});

describe('an action', () => {
  it('[codepipeline.actions.own-role] works with its own role, which the role of the pipeline assumes', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/action';
    await cloud.call('codepipeline', 'UpdatePipeline', {
      pipeline: pipelineOf({ Scan: [lambdaAction('Check', { roleArn })] }),
    });
    await start(cloud);
    const { principal } = cloud.calls.findLast(({ request }) => request.operation === 'Invoke') ?? {};
    expect(principal).toMatchObject({
      roleArn,
      assumedBy: { roleArn: pipelineRole, assumedBy: { service: 'codepipeline.amazonaws.com' } },
    });
  });

  it('[codepipeline.actions.timeout] has the time that its kind has: an hour, unless more is published', () => {
    const declared = readStructure(pipelineOf({ Test: [lambdaAction('Check')] })).stages[1]!.actions[0]!;
    const minutes = actionProviders.map((provider) => {
      return [`${provider.type.category} ${provider.type.provider}`, timeLimitOf(provider, declared).ms / minuteMs];
    });
    expect(Object.fromEntries(minutes)).toEqual({
      'Source S3': 60,
      'Source CodeCommit': 60,
      'Source CodeStarSourceConnection': 60,
      'Source ECR': 60,
      'Deploy S3': 90,
      'Invoke Lambda': 24 * 60,
      'Invoke StepFunctions': 7 * 24 * 60,
      'Approval Manual': 7 * 24 * 60,
    });
  });
});

describe('the key of an artifact', () => {
  it('[codepipeline.artifacts.key] has the pipeline’s name cut to 20, the artifact’s cut to 10, and random characters', () => {
    const key = newArtifactKey('a-pipeline-with-a-long-name', 'BuildArtifact');
    expect(key).toMatch(/^a-pipeline-with-a-lo\/BuildArtif\/[A-Za-z0-9]{7}$/);
    expect(newArtifactKey('a', 'b')).not.toBe(newArtifactKey('a', 'b'));
  });
});
