import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  actions,
  catchJobs,
  create,
  deployAction,
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
  told,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let jobs: JobEvent[];
const pipeline = pipelineOf({
  Test: [lambdaAction('One'), lambdaAction('Two'), lambdaAction('Last', { runOrder: 2 })],
  Deploy: [deployAction()],
});
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
  await create(cloud, pipeline);
});
afterEach(() => cloud.close());

async function retry(pipelineExecutionId: string, retryMode = 'FAILED_ACTIONS', more: object = {}): Promise<unknown> {
  const place = { pipelineName: 'checkout', stageName: 'Test', pipelineExecutionId, retryMode };
  const output = await cloud.call('codepipeline', 'RetryStageExecution', { ...place, ...more });
  await cloud.timers.settled();
  return output;
}

async function stop(pipelineExecutionId: string, abandon = false): Promise<void> {
  const input = { pipelineName: 'checkout', pipelineExecutionId, abandon };
  await cloud.call('codepipeline', 'StopPipelineExecution', input);
}

async function ran(id: string): Promise<string[]> {
  const runs = await actions(cloud, id);
  return runs.slice(1).map(({ actionName, status }) => `${actionName} ${status}`);
}

/** Starts an execution that fails in the action One while Two succeeds. */
async function failed(): Promise<string> {
  const id = await start(cloud);
  await fail(cloud, jobs.at(-2));
  await succeed(cloud, jobs.at(-1));
  return id;
}

describe('RetryStageExecution', () => {
  it('[codepipeline.retry.failed-actions] runs only the failed actions again, under the same execution id', async () => {
    const id = await failed();
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
    expect(await retry(id)).toEqual({ pipelineExecutionId: id });
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress' });
    expect(await ran(id)).toEqual(['One Failed', 'Two Succeeded', 'One InProgress']);
    await succeed(cloud, jobs.at(-1));
    await succeed(cloud, jobs.at(-1));
    expect(await ran(id)).toEqual([
      'One Failed',
      'Two Succeeded',
      'One Succeeded',
      'Last Succeeded',
      'Upload Succeeded',
    ]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
  });

  it('[codepipeline.retry.all-actions] runs the stage from its first action', async () => {
    const id = await failed();
    await retry(id, 'ALL_ACTIONS');
    expect(await ran(id)).toEqual(['One Failed', 'Two Succeeded', 'One InProgress', 'Two InProgress']);
  });

  it('[codepipeline.retry.events] tells RESUMED of pipeline and stage', async () => {
    const id = await failed();
    const before = cloud.delivered.length;
    await retry(id);
    expect(told(cloud.delivered.slice(before))).toEqual([
      'pipeline RESUMED',
      'stage Test RESUMED',
      'action Test/One STARTED',
    ]);
  });

  it('[codepipeline.retry.while-others-run] retries a failed action while its sibling goes on', async () => {
    const id = await start(cloud);
    await fail(cloud, jobs[0]);
    expect(await refusal(retry(id, 'ALL_ACTIONS'))).toMatch(/^StageNotRetryableException.*in progress/);
    await retry(id);
    expect(await ran(id)).toEqual(['One Failed', 'Two InProgress', 'One InProgress']);
    await fail(cloud, jobs[1]);
    await succeed(cloud, jobs[2]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
    expect(await ran(id)).toEqual(['One Failed', 'Two Failed', 'One Succeeded']);
  });

  it('[codepipeline.retry.locks] locks the stage again', async () => {
    const id = await failed();
    await retry(id);
    const next = await start(cloud);
    expect((await state(cloud)).stageStates?.[1]).toMatchObject({
      latestExecution: { pipelineExecutionId: id, status: 'InProgress' },
      inboundExecution: { pipelineExecutionId: next },
      retryStageMetadata: { manualStageRetryAttempt: 1, latestRetryTrigger: 'ManualStageRetry' },
    });
  });

  it('[codepipeline.retry.not-latest] is refused once another execution has entered the stage', async () => {
    const id = await failed();
    await start(cloud);
    expect(await refusal(retry(id))).toMatch(/^NotLatestPipelineExecutionException/);
  });

  it('[codepipeline.retry.stopped-stage] retries what a stop has left: abandoned actions, or the rest of the stage', async () => {
    const abandoned = await start(cloud);
    await stop(abandoned, true);
    await retry(abandoned);
    expect(await ran(abandoned)).toEqual(['One Abandoned', 'Two Abandoned', 'One InProgress', 'Two InProgress']);
    await stop(abandoned);
    await succeed(cloud, jobs[2]);
    await succeed(cloud, jobs[3]);
    expect(await execution(cloud, abandoned)).toMatchObject({ status: 'Stopped' });
    await retry(abandoned);
    expect((await ran(abandoned)).at(-1)).toBe('Last InProgress');
  });

  it('[codepipeline.retry.structure-changed] is refused after an update of the pipeline', async () => {
    const id = await failed();
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline });
    expect(await refusal(retry(id))).toMatch(/^StageNotRetryableException.*structure.*changed/);
  });

  it('[codepipeline.retry.no-failed-actions] is refused where nothing has failed', async () => {
    const id = await start(cloud);
    expect(await refusal(retry(id))).toMatch(/^StageNotRetryableException.*no failed actions/);
    expect(await refusal(retry(id, 'ALL_ACTIONS'))).toMatch(/^StageNotRetryableException.*no failed actions/);
    expect(await refusal(retry(id, 'FAILED_ACTIONS', { stageName: 'Source' }))).toMatch(/^StageNotRetryableException/);
    expect(await refusal(retry(id, 'FAILED_ACTIONS', { stageName: 'Deploy' }))).toMatch(
      /has not been in stage 'Deploy'/,
    );
  });

  it.each<[string, object, RegExp]>([
    ['[codepipeline.retry.place] an unknown pipeline', { pipelineName: 'nobody' }, /^PipelineNotFoundException/],
    ['[codepipeline.retry.place] an unknown stage', { stageName: 'Nowhere' }, /^StageNotFoundException/],
    ['[codepipeline.retry.modes] an unknown mode', { retryMode: 'SOME' }, /^ValidationException.*retryMode/],
    [
      '[codepipeline.retry.place] an execution that is not there',
      { pipelineExecutionId: '0'.repeat(8) + '-0000-0000-0000-' + '0'.repeat(12) },
      /^StageNot/,
    ],
  ])('%s: it is refused', async (_, change, why) => {
    expect(await refusal(retry(await failed(), 'FAILED_ACTIONS', change))).toMatch(why);
  });
});

describe('StopPipelineExecution', () => {
  it('[codepipeline.stop.duplicated] is refused a second time, but a stop that waits may become one that abandons', async () => {
    const id = await start(cloud);
    await stop(id);
    expect(await refusal(stop(id))).toMatch(/^DuplicatedStopRequestException/);
    expect(await refusal(stop(id, true))).toBe('accepted');
    expect(await execution(cloud, id)).toMatchObject({ status: 'Stopped' });
  });

  it('[codepipeline.stop.not-stoppable] is refused for an execution that has ended, and can be asked again after a retry', async () => {
    const id = await failed();
    expect(await refusal(stop(id))).toMatch(/^PipelineExecutionNotStoppableException/);
    await retry(id);
    expect(await refusal(stop(id, true))).toBe('accepted');
    expect(await refusal(stop(id, true))).toMatch(/^PipelineExecutionNotStoppableException/);
  });

  it('[codepipeline.stop.unlocks] gives the stage to the execution that waits', async () => {
    const [id, next] = [await start(cloud), await start(cloud)];
    await stop(id, true);
    expect((await state(cloud)).stageStates?.[1]?.latestExecution).toMatchObject({ pipelineExecutionId: next });
  });
});
