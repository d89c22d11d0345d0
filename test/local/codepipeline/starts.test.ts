import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  catchJobs,
  create,
  execution,
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
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
});
afterEach(() => cloud.close());

describe('StartPipelineExecution', () => {
  beforeEach(async () => {
    await create(
      cloud,
      pipelineOf(
        { Test: [lambdaAction('Check')] },
        { variables: [{ name: 'ring' }, { name: 'size', defaultValue: '1' }] },
      ),
    );
  });
  const variables = [{ name: 'ring', value: 'outer' }];

  it('[codepipeline.start.request-token] starts one execution for one client request token', async () => {
    await putSource(cloud, { a: 'a' });
    const first = await start(cloud, { variables, clientRequestToken: 'release-1' });
    const second = await start(cloud, { variables, clientRequestToken: 'release-1' });
    const third = await start(cloud, { variables, clientRequestToken: 'release-2' });
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('[codepipeline.start.source-revision] takes the source version that is asked for, not the latest', async () => {
    const old = await putSource(cloud, { a: 'old' });
    await putSource(cloud, { a: 'new' });
    const sourceRevisions = [{ actionName: 'Fetch', revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: old }];
    const id = await start(cloud, { variables, sourceRevisions });
    expect((await execution(cloud, id)).artifactRevisions).toMatchObject([{ revisionId: old }]);
  });

  it('[codepipeline.start.revision-gone] fails the source action when the version that is asked for is gone', async () => {
    await putSource(cloud, { a: 'a' });
    const sourceRevisions = [{ actionName: 'Fetch', revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: 'gone' }];
    const id = await start(cloud, { variables, sourceRevisions });
    expect((await action(cloud, id, 'Fetch')).output?.executionResult?.errorDetails).toMatchObject({
      code: 'RevisionUnavailable',
      message: expect.stringContaining('s3://source/app.zip version gone'),
    });
  });

  const revision = { actionName: 'Fetch', revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: 'v' };
  it.each<[string, object, RegExp]>([
    ['[codepipeline.start.unknown-pipeline] an unknown pipeline', { name: 'nobody' }, /^PipelineNotFoundException/],
    [
      '[codepipeline.start.variable-missing] a variable without value or default',
      {},
      /^ValidationException: The pipeline variable 'ring' has no default/,
    ],
    [
      '[codepipeline.start.variable-unknown] an unknown variable',
      { variables: [...variables, { name: 'x', value: 'y' }] },
      /no variable 'x'; declared: ring, size/,
    ],
    [
      '[codepipeline.start.variable-twice] a variable given twice',
      { variables: [...variables, ...variables] },
      /'ring' is given more than once/,
    ],
    [
      '[codepipeline.start.variable-empty] an empty value',
      { variables: [{ name: 'ring', value: '' }] },
      /variables.1.member.value.*length greater than or equal to 1/,
    ],
    [
      '[codepipeline.start.revision-action] a revision of no source action',
      { variables, sourceRevisions: [{ ...revision, actionName: 'Check' }] },
      /'Check' is no source action/,
    ],
    [
      '[codepipeline.start.revision-type] a revision type of another provider',
      { variables, sourceRevisions: [{ ...revision, revisionType: 'COMMIT_ID' }] },
      /takes no COMMIT_ID/,
    ],
    [
      '[codepipeline.start.revision-twice] a revision given twice',
      { variables, sourceRevisions: [revision, revision] },
      /more than once/,
    ],
    [
      '[codepipeline.start.object-key] an object key where the action does not allow it',
      { variables, sourceRevisions: [{ ...revision, revisionType: 'S3_OBJECT_KEY' }] },
      /AllowOverrideForS3ObjectKey/,
    ],
    [
      '[codepipeline.start.bounds] an empty list of variables',
      { variables: [] },
      /variables.*greater than or equal to 1/,
    ],
    [
      '[codepipeline.start.bounds] a revision of more than 1500 characters',
      { variables, sourceRevisions: [{ ...revision, revisionValue: 'v'.repeat(1501) }] },
      /revisionValue.*less than or equal to 1500/,
    ],
    [
      '[codepipeline.start.bounds] more than 50 revisions',
      { variables, sourceRevisions: Array.from({ length: 51 }, () => revision) },
      /sourceRevisions.*less than or equal to 50/,
    ],
    [
      '[codepipeline.start.token-characters] a token with other characters',
      { variables, clientRequestToken: 'a/b' },
      /clientRequestToken.*pattern/,
    ],
  ])('%s is refused and starts nothing', async (_, input, why) => {
    expect(await refusal(start(cloud, input))).toMatch(why);
    const { pipelineExecutionSummaries } = await cloud.call('codepipeline', 'ListPipelineExecutions', {
      pipelineName: 'checkout',
    });
    expect(pipelineExecutionSummaries).toEqual([]);
  });
});

describe('StopPipelineExecution', () => {
  const stop = (id: string, more: object = {}): Promise<unknown> =>
    cloud.call('codepipeline', 'StopPipelineExecution', { pipelineName: 'checkout', pipelineExecutionId: id, ...more });

  beforeEach(async () => {
    await putSource(cloud, { a: 'a' });
    await create(cloud, pipelineOf({ Test: [lambdaAction('One'), lambdaAction('Two', { runOrder: 2 })] }));
  });

  it('[codepipeline.stop.wait] [codepipeline.events.stop-comments] waits for what runs, starts nothing new, and gives the stage back', async () => {
    const [id, next] = [await start(cloud), await start(cloud)];
    await stop(id, { reason: 'wrong day' });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Stopping' });
    expect(await refusal(stop(id))).toMatch(/^DuplicatedStopRequestException/);
    await succeed(cloud, jobs[0]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Stopped' });
    expect(await refusal(stop(id))).toMatch(/^PipelineExecutionNotStoppableException/);
    expect((await state(cloud)).stageStates?.[1]?.latestExecution).toMatchObject({ pipelineExecutionId: next });
    const ofStopped = cloud.delivered.filter(({ detail }) => detail['execution-id'] === id);
    expect(told(ofStopped).slice(-5)).toEqual([
      'pipeline STOPPING',
      'stage Test STOPPING',
      'action Test/One SUCCEEDED',
      'stage Test STOPPED',
      'pipeline STOPPED',
    ]);
    const stopping = ofStopped.find(({ detail }) => detail['state'] === 'STOPPING' && !detail['stage']);
    expect(stopping?.detail['stop-execution-comments']).toBe('wrong day');
  });

  it('[codepipeline.stop.abandon] abandons what runs at once, also after a stop that waits', async () => {
    const id = await start(cloud);
    await stop(id);
    await stop(id, { abandon: true });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Stopped' });
    expect(await action(cloud, id, 'One')).toMatchObject({ status: 'Abandoned' });
    expect(told(cloud.delivered)).toContain('action Test/One ABANDONED');
    expect(await refusal(succeed(cloud, jobs[0]))).toMatch(/^InvalidJobStateException/);
  });

  it('[codepipeline.stop.inbound] takes an execution out of the slot that it waits in', async () => {
    const [first, second] = [await start(cloud), await start(cloud)];
    await stop(second);
    expect(await execution(cloud, second)).toMatchObject({ status: 'Stopped' });
    expect((await state(cloud)).stageStates?.[1]).not.toHaveProperty('inboundExecution');
    expect(await execution(cloud, first)).toMatchObject({ status: 'InProgress' });
  });

  it('[codepipeline.stop.bounds] takes a comment of at most 200 characters', async () => {
    const id = await start(cloud);
    expect(await refusal(stop(id, { reason: 'x'.repeat(201) }))).toMatch(/^ValidationException.*reason/);
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress' });
    await stop(id, { reason: 'x'.repeat(200) });
  });
});
