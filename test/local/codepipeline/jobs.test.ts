import type { JobDetails } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  catchJobs,
  create,
  execution,
  fail,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  pipelineRole,
  putSource,
  refusal,
  start,
  succeed,
  type JobEvent,
} from './fixture.ts';

const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const minuteMs = 60_000;

let cloud: TestCloud;
let jobs: JobEvent[];
let id: string;
let versionId: string;
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  versionId = await putSource(cloud, { a: 'a' });
  const check = lambdaAction('Check', {
    configuration: { FunctionName: 'check', UserParameters: '{"level":"high"}' },
    inputArtifacts: [{ name: 'SourceArtifact' }],
    outputArtifacts: [{ name: 'ScanReport' }],
  });
  const artifactStore = {
    type: 'S3' as const,
    location: 'artifacts',
    encryptionKey: { id: key, type: 'KMS' as const },
  };
  await create(cloud, pipelineOf({ Scan: [check] }, { artifactStore }));
  id = await start(cloud);
});
afterEach(() => cloud.close());

const failure = async () => (await action(cloud, id, 'Check')).output?.executionResult?.errorDetails;

describe('a Lambda job', () => {
  it('[codepipeline.lambda-job.event] [codepipeline.lambda-job.no-context] [codepipeline.lambda-job.encryption-key] [codepipeline.lambda-job.asynchronous] invokes the function asynchronously, with the role of the pipeline, with the documented event', () => {
    const invoke = cloud.calls.find(({ request }) => request.operation === 'Invoke');
    expect(invoke).toMatchObject({
      request: { service: 'lambda', input: { FunctionName: 'check', InvocationType: 'Event' } },
      principal: { kind: 'role', roleArn: pipelineRole },
    });
    const place = (name: string) => ({
      type: 'S3',
      s3Location: { bucketName: 'artifacts', objectKey: expect.stringMatching(`^checkout/${name}/[A-Za-z0-9]{7}$`) },
    });
    expect(jobs).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        accountId: '123456789012',
        data: {
          actionConfiguration: { configuration: { FunctionName: 'check', UserParameters: '{"level":"high"}' } },
          inputArtifacts: [{ name: 'SourceArtifact', revision: versionId, location: place('SourceArti') }],
          outputArtifacts: [{ name: 'ScanReport', revision: null, location: place('ScanReport') }],
          artifactCredentials: {
            accessKeyId: expect.any(String),
            secretAccessKey: expect.any(String),
            sessionToken: expect.any(String),
            expirationTime: cloud.clock.nowMs() + 60 * minuteMs,
          },
          encryptionKey: { id: key, type: 'KMS' },
        },
      },
    ]);
  });

  it('[codepipeline.lambda-job.credentials] acts with credentials of its own session of the role', () => {
    const issued = cloud.context.credentials.find(jobs[0]?.data.artifactCredentials.accessKeyId ?? '');
    expect(issued?.principal).toMatchObject({ roleArn: pipelineRole, sessionName: jobs[0]?.id });
  });

  it('[codepipeline.job-details.context] [codepipeline.job-details.lambda-job] is told with its pipeline by GetJobDetails', async () => {
    const { jobDetails } = await cloud.call<{ jobDetails: JobDetails }>('codepipeline', 'GetJobDetails', {
      jobId: jobs[0]?.id,
    });
    expect(jobDetails).toMatchObject({
      id: jobs[0]?.id,
      data: {
        actionTypeId: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
        pipelineContext: {
          pipelineName: 'checkout',
          pipelineArn: 'arn:aws:codepipeline:us-east-1:123456789012:checkout',
          pipelineExecutionId: id,
          stage: { name: 'Scan' },
          action: { name: 'Check' },
        },
      },
    });
    expect(jobDetails.data?.artifactCredentials).not.toHaveProperty('expirationTime');
  });

  it('[codepipeline.lambda-job.continuation] [codepipeline.lambda-job.continuation-interval] continues as a new job with the token after the interval', async () => {
    const details = { externalExecutionId: 'run-7', summary: 'half way', percentComplete: 50 };
    await succeed(cloud, jobs[0], { continuationToken: 'run-7', executionDetails: details });
    await cloud.advance(29_999);
    expect(jobs).toHaveLength(1);
    await cloud.advance(1);
    expect(jobs).toHaveLength(2);
    expect(jobs[1]?.id).not.toBe(jobs[0]?.id);
    expect(jobs[1]?.data.continuationToken).toBe('run-7');
    expect(jobs[1]?.data.outputArtifacts).toEqual(jobs[0]?.data.outputArtifacts);
    await succeed(cloud, jobs[1]);
    expect(await action(cloud, id, 'Check')).toMatchObject({
      status: 'Succeeded',
      output: { executionResult: { externalExecutionId: 'run-7', externalExecutionSummary: 'half way' } },
    });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
  });

  it('[codepipeline.lambda-job.no-reply] fails the action with the documented words when nobody answers for 20 minutes', async () => {
    await cloud.advance(20 * minuteMs - 1);
    expect(await failure()).toBeUndefined();
    await cloud.advance(1);
    expect(await failure()).toEqual({
      code: 'JobFailed',
      message:
        'The AWS Lambda function check failed to return a result. Check the function to verify that it has permission ' +
        'to call the PutJobSuccessResult action and that it made a call to PutJobSuccessResult.',
    });
    expect(await refusal(succeed(cloud, jobs[0]))).toMatch(/^InvalidJobStateException.*TimedOut/);
  });

  it('[codepipeline.lambda-action.timeout] [codepipeline.lambda-job.reply-timer] gets new 20 minutes with each continuation, but 24 hours in all', async () => {
    for (let hour = 0; hour < 23; hour += 1) {
      for (let part = 0; part < 4; part += 1) {
        await succeed(cloud, jobs.at(-1), { continuationToken: 't' });
        await cloud.advance(15 * minuteMs);
      }
    }
    expect(await failure()).toBeUndefined();
    for (let part = 0; part < 4; part += 1) {
      await succeed(cloud, jobs.at(-1), { continuationToken: 't' });
      await cloud.advance(15 * minuteMs);
    }
    expect(await failure()).toEqual({ code: 'JobFailed', message: 'The action has not succeeded within 24 hours' });
  });

  it.each<[string, AwsError, string]>([
    [
      'does not exist',
      new AwsError('ResourceNotFoundException', 'Function not found: check', { httpStatus: 404 }),
      'ConfigurationError',
    ],
    [
      'may not be invoked',
      new AwsError('AccessDeniedException', 'not authorized', { httpStatus: 403 }),
      'PermissionError',
    ],
  ])('[codepipeline.lambda-action.not-invoked] fails at once when the function %s', async (_, error, code) => {
    await fail(cloud, jobs[0]);
    cloud.answer('lambda', 'Invoke', () => {
      throw error;
    });
    id = await start(cloud);
    expect(await failure()).toMatchObject({ code, message: expect.stringContaining(error.message) });
  });

  it('[codepipeline.lambda-action.throttled] is sent again when Lambda is throttled, and fails when that does not pass', async () => {
    await fail(cloud, jobs[0]);
    let tries = 0;
    cloud.answer('lambda', 'Invoke', () => {
      tries += 1;
      throw new AwsError('TooManyRequestsException', 'Rate exceeded', { httpStatus: 429 });
    });
    id = await start(cloud);
    expect(await failure()).toBeUndefined();
    await cloud.advance(minuteMs);
    expect(tries).toBe(4);
    expect(await failure()).toMatchObject({ code: 'SystemUnavailable' });
  });
});

describe('a job’s result', () => {
  it('[codepipeline.job-result.failure] of failure carries its type and message to the action', async () => {
    const failureDetails = { type: 'ConfigurationError', message: 'level must be low', externalExecutionId: 'run-7' };
    await cloud.call('codepipeline', 'PutJobFailureResult', { jobId: jobs[0]?.id, failureDetails });
    await cloud.timers.settled();
    expect(await failure()).toEqual({ code: 'ConfigurationError', message: 'level must be low' });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
  });

  it('[codepipeline.job-result.once] is taken once', async () => {
    await succeed(cloud, jobs[0]);
    expect(await refusal(succeed(cloud, jobs[0]))).toMatch(/^InvalidJobStateException/);
    expect(await refusal(fail(cloud, jobs[0]))).toMatch(/^InvalidJobStateException/);
    expect(await action(cloud, id, 'Check')).toMatchObject({ status: 'Succeeded' });
  });

  it('[codepipeline.job-result.not-handed-out] is not taken for a continuation that has not been handed out', async () => {
    await succeed(cloud, jobs[0], { continuationToken: 't' });
    const row = cloud.store.statement(`SELECT id FROM codepipeline_jobs WHERE status = 'Queued'`).get();
    const early = cloud.call('codepipeline', 'PutJobSuccessResult', { jobId: row?.['id'] });
    expect(await refusal(early)).toMatch(/^InvalidJobStateException.*Queued/);
  });

  it.each<[string, object, RegExp]>([
    [
      '[codepipeline.job-result.unknown-job] of an unknown job',
      { jobId: '11111111-1111-1111-1111-111111111111' },
      /^JobNotFoundException/,
    ],
    ['[codepipeline.job-result.job-id] of a malformed id', { jobId: 'ABC' }, /^ValidationException.*at 'jobId'/],
    [
      '[codepipeline.job-result.variables-or-token] with variables beside a token',
      { continuationToken: 't', outputVariables: { a: 'b' } },
      /^ValidationException.*continuationToken/,
    ],
    [
      '[codepipeline.job-result.token-length] with a token that is too long',
      { continuationToken: 'x'.repeat(2049) },
      /^ValidationException.*less than or equal to 2048/,
    ],
    [
      '[codepipeline.job-result.variable-names] with a malformed variable name',
      { outputVariables: { 'a b': 'c' } },
      /^ValidationException.*at 'outputVariables'/,
    ],
    [
      '[codepipeline.job-result.variables-size] with too large variables',
      { outputVariables: { a: 'x'.repeat(122_880) } },
      /^OutputVariablesSizeExceeded.*122881 bytes/,
    ],
    [
      '[codepipeline.job-result.details-bounds] with a summary that is too long',
      { executionDetails: { summary: 'x'.repeat(2049) } },
      /^ValidationException.*executionDetails.summary/,
    ],
    [
      '[codepipeline.job-result.details-bounds] with more than 100 per cent',
      { executionDetails: { percentComplete: 101 } },
      /^ValidationException.*value less than or equal to 100/,
    ],
  ])('%s is refused, and changes nothing', async (_, input, why) => {
    const call = cloud.call('codepipeline', 'PutJobSuccessResult', { jobId: jobs[0]?.id, ...input });
    expect(await refusal(call)).toMatch(why);
    expect(await action(cloud, id, 'Check')).toMatchObject({ status: 'InProgress' });
  });

  it('[codepipeline.job-result.variables-size] takes variables of exactly the limit', async () => {
    await succeed(cloud, jobs[0], { outputVariables: { a: 'x'.repeat(122_879) } });
    expect(await action(cloud, id, 'Check')).toMatchObject({ status: 'Succeeded' });
  });

  it.each([
    ['an unknown type', { type: 'Broken', message: 'm' }, /enum value set/],
    ['no message', { type: 'JobFailed', message: '' }, /failureDetails.message/],
    ['a message that is too long', { type: 'JobFailed', message: 'x'.repeat(5001) }, /less than or equal to 5000/],
  ])('[codepipeline.job-result.failure-bounds] of failure is refused with %s', async (_, failureDetails, why) => {
    const call = cloud.call('codepipeline', 'PutJobFailureResult', { jobId: jobs[0]?.id, failureDetails });
    expect(await refusal(call)).toMatch(why);
  });
});
