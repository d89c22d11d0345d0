import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  approvalAction,
  catchJobs,
  create,
  fail,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  sourceAction,
  start,
  state,
  stateChanges,
  succeed,
  told,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let jobs: JobEvent[];
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

const detailsOf = (kind: 'Pipeline' | 'Stage' | 'Action'): JsonObject[] =>
  cloud.delivered
    .filter((event) => event['detail-type'] === `CodePipeline ${kind} Execution State Change`)
    .map(({ detail }) => detail);

describe('an event of a pipeline', () => {
  it('[codepipeline.events.kinds] is of one of three kinds, from aws.codepipeline, of the pipeline as its resource', async () => {
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
    await start(cloud);
    await succeed(cloud, jobs[0]);
    const events = stateChanges(cloud.delivered);
    expect(new Set(events.map((event) => event['detail-type']))).toEqual(
      new Set([
        'CodePipeline Pipeline Execution State Change',
        'CodePipeline Stage Execution State Change',
        'CodePipeline Action Execution State Change',
      ]),
    );
    for (const { source, resources } of events) {
      expect([source, resources]).toEqual([
        'aws.codepipeline',
        ['arn:aws:codepipeline:us-east-1:123456789012:checkout'],
      ]);
    }
  });

  it('[codepipeline.events.trigger] tells what started it when it starts, and only then', async () => {
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
    await start(cloud);
    await succeed(cloud, jobs[0]);
    const [started, succeeded] = detailsOf('Pipeline');
    expect(started).toMatchObject({
      state: 'STARTED',
      'execution-trigger': { 'trigger-type': 'StartPipelineExecution' },
    });
    expect(Object.keys(succeeded ?? {}).sort()).toEqual(['execution-id', 'pipeline', 'state', 'version']);
  });

  it('[codepipeline.events.action-started] tells STARTED of an action before the function is invoked', async () => {
    let before: string[] = [];
    cloud.answer('lambda', 'Invoke', () => {
      before = told(cloud.delivered);
      return { StatusCode: 202 };
    });
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
    await start(cloud);
    expect(before.at(-1)).toBe('action Test/Check STARTED');
  });

  it('[codepipeline.events.artifacts] tells input artifacts when an action starts, output artifacts when it succeeds', async () => {
    await create(
      cloud,
      pipelineOf({ Test: [lambdaAction('Check', { inputArtifacts: [{ name: 'SourceArtifact' }] })] }),
    );
    await start(cloud);
    await fail(cloud, jobs[0]);
    const [fetchStarted, fetchSucceeded, checkStarted, checkFailed] = detailsOf('Action');
    expect(fetchStarted).toMatchObject({ state: 'STARTED', 'input-artifacts': [] });
    const artifact = { name: 'SourceArtifact', s3location: { bucket: 'artifacts', key: expect.any(String) } };
    expect(fetchSucceeded).toMatchObject({ state: 'SUCCEEDED', 'output-artifacts': [artifact] });
    expect(fetchSucceeded).not.toHaveProperty('input-artifacts');
    expect(checkStarted).toMatchObject({ 'input-artifacts': [artifact] });
    expect(checkFailed).not.toHaveProperty('output-artifacts');
  });

  it('[codepipeline.events.result] tells the external execution when an action has ended, and the code of its error', async () => {
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check'), lambdaAction('Other', { runOrder: 2 })] }));
    await start(cloud);
    const details = { summary: '3 findings', externalExecutionId: 'run-7' };
    await succeed(cloud, jobs[0], { executionDetails: details });
    await fail(cloud, jobs[1], 'it broke');
    const ended = detailsOf('Action').filter(({ state: word }) => word !== 'STARTED');
    expect(ended.slice(1)).toMatchObject([
      { 'execution-result': { 'external-execution-summary': '3 findings', 'external-execution-id': 'run-7' } },
      { 'execution-result': { 'external-execution-summary': 'it broke', 'error-code': 'JobFailed' } },
    ]);
    expect(ended[1]?.['execution-result']).not.toHaveProperty('error-code');
  });

  it('[codepipeline.events.regions] has the pipeline’s region around it and the action’s inside', async () => {
    const region = 'us-east-1';
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check', { region })] }));
    await start(cloud);
    expect(detailsOf('Action').at(-1)).toMatchObject({ action: 'Check', region });
  });

  it('[codepipeline.events.rejected] tells FAILED of the category Approval when an approval is rejected', async () => {
    await create(cloud, pipelineOf({ Ask: [approvalAction()] }));
    await start(cloud);
    const token = (await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token;
    const place = { pipelineName: 'checkout', stageName: 'Ask', actionName: 'Ask' };
    const result = { status: 'Rejected', summary: 'no' };
    await cloud.call('codepipeline', 'PutApprovalResult', { ...place, token, result });
    expect(detailsOf('Action').at(-1)).toMatchObject({ state: 'FAILED', type: { category: 'Approval' } });
    expect(told(cloud.delivered).slice(-3)).toEqual(['action Ask/Ask FAILED', 'stage Ask FAILED', 'pipeline FAILED']);
  });

  it('[codepipeline.events.states] has words of its own, of which ABANDONED is only an action’s', async () => {
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
    const pipelineExecutionId = await start(cloud);
    await cloud.call('codepipeline', 'StopPipelineExecution', {
      pipelineName: 'checkout',
      pipelineExecutionId,
      abandon: true,
    });
    expect(told(cloud.delivered).slice(-5)).toEqual([
      'pipeline STOPPING',
      'stage Test STOPPING',
      'action Test/Check ABANDONED',
      'stage Test STOPPED',
      'pipeline STOPPED',
    ]);
  });

  it('[codepipeline.events.action-execution-id] names the action execution', async () => {
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
    const id = await start(cloud);
    const { actionExecutionId } = await action(cloud, id, 'Check');
    expect(detailsOf('Action').at(-1)).toMatchObject({ 'action-execution-id': actionExecutionId });
  });
});

describe('a pipeline with several sources', () => {
  it('[codepipeline.sources.all-run] runs every source action at each start', async () => {
    await putSource(cloud, { b: 'b' }, 'other.zip');
    const configuration = { ...sourceAction().configuration, S3ObjectKey: 'other.zip' };
    const other = sourceAction({ name: 'Other', configuration, outputArtifacts: [{ name: 'OtherArtifact' }] });
    const [, ...later] = pipelineOf({ Test: [lambdaAction('Check')] }).stages ?? [];
    const stages = [{ name: 'Source', actions: [sourceAction(), other] }, ...later];
    await create(cloud, { ...pipelineOf({}), stages });
    const [first, second] = [await start(cloud), await start(cloud)];
    for (const id of [first, second]) {
      expect([await action(cloud, id, 'Fetch'), await action(cloud, id, 'Other')]).toMatchObject([
        { status: 'Succeeded' },
        { status: 'Succeeded' },
      ]);
    }
  });
});
