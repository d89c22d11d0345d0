import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  actions,
  approvalAction,
  catchJobs,
  create,
  deployAction,
  execution,
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
});
afterEach(() => cloud.close());

describe('a pipeline execution', () => {
  it('[codepipeline.events.order] runs from the source to the site and tells each change once, in order', async () => {
    const versionId = await putSource(cloud, { 'index.html': '<h1>new</h1>' });
    await create(cloud, pipelineOf({ Scan: [lambdaAction('Check')], Deploy: [deployAction()] }));
    const id = await start(cloud);
    await succeed(cloud, jobs[0]);
    expect(await execution(cloud, id)).toMatchObject({
      status: 'Succeeded',
      pipelineVersion: 1,
      trigger: { triggerType: 'StartPipelineExecution', triggerDetail: 'arn:aws:iam::123456789012:user/local' },
      artifactRevisions: [{ name: 'SourceArtifact', revisionId: versionId }],
    });
    expect(await cloud.call('s3', 'GetObject', { Bucket: 'site', Key: 'index.html' })).toMatchObject({
      Body: new TextEncoder().encode('<h1>new</h1>'),
      ContentType: 'text/html',
    });
    expect(told(cloud.delivered)).toEqual([
      'pipeline STARTED',
      'stage Source STARTED',
      'action Source/Fetch STARTED',
      'action Source/Fetch SUCCEEDED',
      'stage Source SUCCEEDED',
      'stage Scan STARTED',
      'action Scan/Check STARTED',
      'action Scan/Check SUCCEEDED',
      'stage Scan SUCCEEDED',
      'stage Deploy STARTED',
      'action Deploy/Upload STARTED',
      'action Deploy/Upload SUCCEEDED',
      'stage Deploy SUCCEEDED',
      'pipeline SUCCEEDED',
    ]);
  });

  it('[codepipeline.events.shape] [codepipeline.events.numbers] [codepipeline.artifacts.key] tells events with the documented members', async () => {
    await putSource(cloud, { 'index.html': 'x' });
    await create(
      cloud,
      pipelineOf({ Scan: [lambdaAction('Check', { inputArtifacts: [{ name: 'SourceArtifact' }] })] }),
    );
    const id = await start(cloud);
    await fail(cloud, jobs[0], 'two secrets');
    const [pipelineStarted] = stateChanges(cloud.delivered);
    expect(pipelineStarted).toEqual({
      source: 'aws.codepipeline',
      'detail-type': 'CodePipeline Pipeline Execution State Change',
      resources: ['arn:aws:codepipeline:us-east-1:123456789012:checkout'],
      time: '2026-01-05T09:00:00Z',
      detail: {
        pipeline: 'checkout',
        'execution-id': id,
        'execution-trigger': {
          'trigger-type': 'StartPipelineExecution',
          'trigger-detail': 'arn:aws:iam::123456789012:user/local',
        },
        state: 'STARTED',
        version: 1,
      },
    });
    const ofCheck = cloud.delivered.filter(({ detail }) => detail['action'] === 'Check').map(({ detail }) => detail);
    const { actionExecutionId } = await action(cloud, id, 'Check');
    const common = {
      pipeline: 'checkout',
      'execution-id': id,
      'action-execution-id': actionExecutionId,
      stage: 'Scan',
      action: 'Check',
      region: 'us-east-1',
      type: { owner: 'AWS', provider: 'Lambda', category: 'Invoke', version: '1' },
      version: 1,
    };
    expect(ofCheck).toEqual([
      {
        ...common,
        state: 'STARTED',
        'input-artifacts': [
          {
            name: 'SourceArtifact',
            s3location: { bucket: 'artifacts', key: expect.stringMatching(/^checkout\/SourceArti\/[A-Za-z0-9]{7}$/) },
          },
        ],
      },
      {
        ...common,
        state: 'FAILED',
        'execution-result': { 'external-execution-summary': 'two secrets', 'error-code': 'JobFailed' },
      },
    ]);
  });

  it('[codepipeline.actions.run-order] runs actions of one order in parallel and a higher order only after all of the lower', async () => {
    await putSource(cloud, { a: 'a' });
    const second = lambdaAction('Second', { runOrder: 3 });
    await create(cloud, pipelineOf({ Test: [lambdaAction('One'), lambdaAction('Two'), second] }));
    const id = await start(cloud);
    expect(jobs).toHaveLength(2);
    await succeed(cloud, jobs[0]);
    expect(jobs).toHaveLength(2);
    await succeed(cloud, jobs[1]);
    expect(jobs).toHaveLength(3);
    await succeed(cloud, jobs[2]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
  });

  it('[codepipeline.actions.siblings-go-on] lets the siblings of a failed action end before the stage fails', async () => {
    await putSource(cloud, { a: 'a' });
    await create(cloud, pipelineOf({ Test: [lambdaAction('One'), lambdaAction('Two')], Deploy: [deployAction()] }));
    const id = await start(cloud);
    await fail(cloud, jobs[0]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress' });
    await succeed(cloud, jobs[1]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
    expect((await actions(cloud, id)).map(({ actionName, status }) => `${actionName} ${status}`)).toEqual([
      'Fetch Succeeded',
      'One Failed',
      'Two Succeeded',
    ]);
  });

  it('[codepipeline.variables.namespaces] [codepipeline.variables.execution-id] [codepipeline.variables.pipeline-level] [codepipeline.action-executions.resolved] gives a later action the variables of an earlier one, and its own id', async () => {
    const versionId = await putSource(cloud, { a: 'a' });
    const UserParameters =
      'v=#{src.VersionId} n=#{first.count} r=#{variables.ring} id=#{codepipeline.PipelineExecutionId}';
    const pipeline = pipelineOf(
      {
        Test: [
          lambdaAction('First', { namespace: 'first' }),
          lambdaAction('Second', { runOrder: 2, configuration: { FunctionName: 'check', UserParameters } }),
        ],
      },
      { variables: [{ name: 'ring', defaultValue: 'inner' }] },
    );
    pipeline.stages?.splice(0, 1, { name: 'Source', actions: [sourceAction({ namespace: 'src' })] });
    await create(cloud, pipeline);
    const id = await start(cloud, { variables: [{ name: 'ring', value: 'outer' }] });
    await succeed(cloud, jobs[0], { outputVariables: { count: '42' } });
    const resolved = `v=${versionId} n=42 r=outer id=${id}`;
    expect(jobs[1]?.data.actionConfiguration.configuration['UserParameters']).toBe(resolved);
    expect((await action(cloud, id, 'Second')).input).toMatchObject({
      configuration: { UserParameters },
      resolvedConfiguration: { UserParameters: resolved },
    });
    expect((await action(cloud, id, 'First')).output?.outputVariables).toEqual({ count: '42' });
    expect((await execution(cloud, id)).variables).toEqual([{ name: 'ring', resolvedValue: 'outer' }]);
  });

  it('[codepipeline.variables.unresolved] fails an action whose variable nothing has set, without running it', async () => {
    await putSource(cloud, { a: 'a' });
    const configuration = { FunctionName: 'check', UserParameters: '#{first.typo}' };
    await create(
      cloud,
      pipelineOf({
        Test: [lambdaAction('First', { namespace: 'first' }), lambdaAction('Second', { runOrder: 2, configuration })],
      }),
    );
    const id = await start(cloud);
    await succeed(cloud, jobs[0], { outputVariables: { count: '42' } });
    expect(jobs).toHaveLength(1);
    expect((await action(cloud, id, 'Second')).output?.executionResult?.errorDetails).toEqual({
      code: 'ConfigurationError',
      message: "Action 'Second' could not resolve the variable reference #{first.typo}",
    });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
  });
});

describe('a locked stage', () => {
  it('[codepipeline.superseded.lock] [codepipeline.superseded.waiting-slot] [codepipeline.superseded.approval-locks] holds the newest execution at its front and supersedes the one before', async () => {
    await putSource(cloud, { a: 'a' });
    await create(cloud, pipelineOf({ Ask: [approvalAction()], Deploy: [deployAction()] }));
    const [first, second] = [await start(cloud), await start(cloud)];
    const before = await state(cloud);
    expect(before.stageStates?.[1]).toMatchObject({
      stageName: 'Ask',
      latestExecution: { pipelineExecutionId: first, status: 'InProgress' },
      inboundExecution: { pipelineExecutionId: second, status: 'InProgress' },
    });
    const third = await start(cloud);
    const statuses = async () =>
      Promise.all([first, second, third].map(async (id) => (await execution(cloud, id)).status));
    expect(await statuses()).toEqual(['InProgress', 'Superseded', 'InProgress']);
    expect(cloud.delivered.filter(({ detail }) => detail['execution-id'] === second).at(-1)?.detail['state']).toBe(
      'SUPERSEDED',
    );
    await answer(await tokenOf(), 'Approved');
    expect(await statuses()).toEqual(['Succeeded', 'Superseded', 'InProgress']);
    expect((await state(cloud)).stageStates?.[1]).toMatchObject({ latestExecution: { pipelineExecutionId: third } });
  });

  it('[codepipeline.superseded.failure-unlocks] is free again after a failure', async () => {
    await putSource(cloud, { a: 'a' });
    await create(cloud, pipelineOf({ Ask: [approvalAction()] }));
    const [first, second] = [await start(cloud), await start(cloud)];
    await answer(await tokenOf(), 'Rejected');
    expect((await execution(cloud, first)).status).toBe('Failed');
    expect((await state(cloud)).stageStates?.[1]).toMatchObject({
      latestExecution: { pipelineExecutionId: second, status: 'InProgress' },
    });
  });

  async function tokenOf(): Promise<string | undefined> {
    return (await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token;
  }

  async function answer(token: string | undefined, status: string): Promise<void> {
    const place = { pipelineName: 'checkout', stageName: 'Ask', actionName: 'Ask' };
    await cloud.call('codepipeline', 'PutApprovalResult', { ...place, token, result: { status, summary: 'ok' } });
    await cloud.timers.settled();
  }
});
