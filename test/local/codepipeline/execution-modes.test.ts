import { afterEach, describe, expect, it } from 'vitest';
import type { ExecutionMode } from '@aws-sdk/client-codepipeline';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  approvalAction,
  catchJobs,
  create,
  execution,
  fail,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  start,
  state,
  succeed,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let jobs: JobEvent[];
afterEach(() => cloud.close());

async function open(executionMode: ExecutionMode, stages = { Test: [lambdaAction('Check')] }): Promise<void> {
  cloud = await pipelineCloud({ maxConcurrentExecutions: 3 });
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
  await create(cloud, pipelineOf(stages, { executionMode }));
}

async function statuses(...ids: string[]): Promise<unknown[]> {
  return Promise.all(ids.map(async (id) => (await execution(cloud, id)).status));
}

describe('the mode QUEUED', () => {
  it('[codepipeline.queued.order] lets every execution through, one by one in the order of their starts', async () => {
    await open('QUEUED');
    const ids = [await start(cloud), await start(cloud), await start(cloud)];
    expect((await state(cloud)).stageStates?.[1]).toMatchObject({
      latestExecution: { pipelineExecutionId: ids[0] },
      inboundExecution: { pipelineExecutionId: ids[1] },
      inboundExecutions: [{ pipelineExecutionId: ids[1] }, { pipelineExecutionId: ids[2] }],
    });
    expect(jobs).toHaveLength(1);
    await fail(cloud, jobs[0]);
    expect(await statuses(...ids)).toEqual(['Failed', 'InProgress', 'InProgress']);
    expect((await state(cloud)).stageStates?.[1]?.latestExecution).toMatchObject({ pipelineExecutionId: ids[1] });
    await succeed(cloud, jobs[1]);
    await succeed(cloud, jobs[2]);
    expect(await statuses(...ids)).toEqual(['Failed', 'Succeeded', 'Succeeded']);
    expect(await execution(cloud, ids[0] ?? '')).toMatchObject({ executionMode: 'QUEUED' });
  });

  it('[codepipeline.queued.transitions] lets the whole queue in, one by one, when a transition is enabled', async () => {
    await open('QUEUED');
    const place = { pipelineName: 'checkout', stageName: 'Test', transitionType: 'Inbound' };
    await cloud.call('codepipeline', 'DisableStageTransition', { ...place, reason: 'wait' });
    const ids = [await start(cloud), await start(cloud)];
    await cloud.call('codepipeline', 'EnableStageTransition', place);
    await cloud.timers.settled();
    expect(jobs).toHaveLength(1);
    await succeed(cloud, jobs[0]);
    await succeed(cloud, jobs[1]);
    expect(await statuses(...ids)).toEqual(['Succeeded', 'Succeeded']);
  });

  it('[codepipeline.concurrency.limit] refuses more open executions than the limit, at a start and at a retry', async () => {
    await open('QUEUED');
    const first = await start(cloud);
    await fail(cloud, jobs[0]);
    const place = { pipelineName: 'checkout', stageName: 'Test', transitionType: 'Inbound' };
    await cloud.call('codepipeline', 'DisableStageTransition', { ...place, reason: 'wait' });
    for (let waiting = 0; waiting < 3; waiting += 1) await start(cloud);
    expect(await refusal(start(cloud))).toMatch(/^ConcurrentPipelineExecutionsLimitExceededException.*limit is 3/);
    const again = { pipelineName: 'checkout', stageName: 'Test', pipelineExecutionId: first, retryMode: 'ALL_ACTIONS' };
    expect(await refusal(cloud.call('codepipeline', 'RetryStageExecution', again))).toMatch(/^ConcurrentPipeline/);
  });
});

describe('a limit of open executions', () => {
  it('[codepipeline.concurrency.fifty] is 50', async () => {
    cloud = await pipelineCloud();
    jobs = catchJobs(cloud);
    await putSource(cloud, { a: 'a' });
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }, { executionMode: 'PARALLEL' }));
    for (let open = 0; open < 50; open += 1)
      await cloud.call('codepipeline', 'StartPipelineExecution', { name: 'checkout' });
    expect(await refusal(start(cloud))).toMatch(/^ConcurrentPipelineExecutionsLimitExceededException.*limit is 50/);
    await cloud.timers.settled();
    await succeed(cloud, jobs[0]);
    expect(await refusal(start(cloud))).toBe('accepted');
  });
});

describe('the mode PARALLEL', () => {
  it('[codepipeline.parallel.independent] runs executions in one stage at the same time', async () => {
    await open('PARALLEL');
    const ids = [await start(cloud), await start(cloud)];
    expect(jobs).toHaveLength(2);
    await succeed(cloud, jobs[1]);
    expect(await statuses(...ids)).toEqual(['InProgress', 'Succeeded']);
    await fail(cloud, jobs[0]);
    const again = {
      pipelineName: 'checkout',
      stageName: 'Test',
      pipelineExecutionId: ids[0],
      retryMode: 'ALL_ACTIONS',
    };
    await cloud.call('codepipeline', 'RetryStageExecution', again);
    await cloud.timers.settled();
    await succeed(cloud, jobs[2]);
    expect(await statuses(...ids)).toEqual(['Succeeded', 'Succeeded']);
  });

  it('[codepipeline.parallel.approval-token] shows an approval’s token as external execution id, not in the state', async () => {
    await open('PARALLEL', { Test: [approvalAction()] });
    const id = await start(cloud);
    expect((await state(cloud)).stageStates?.[1]?.actionStates?.[0]?.latestExecution).not.toHaveProperty('token');
    const token = (await action(cloud, id, 'Ask')).output?.executionResult?.externalExecutionId;
    const place = { pipelineName: 'checkout', stageName: 'Test', actionName: 'Ask' };
    await cloud.call('codepipeline', 'PutApprovalResult', {
      ...place,
      token,
      result: { status: 'Approved', summary: '' },
    });
    expect(await statuses(id)).toEqual(['Succeeded']);
  });
});

describe('the mode SUPERSEDED', () => {
  it('[codepipeline.superseded.no-limit] takes any number of executions, of which one waits', async () => {
    await open('SUPERSEDED');
    const ids = [await start(cloud), await start(cloud), await start(cloud), await start(cloud), await start(cloud)];
    expect(await statuses(...ids)).toEqual(['InProgress', 'Superseded', 'Superseded', 'Superseded', 'InProgress']);
  });
});
