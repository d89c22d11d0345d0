import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  action,
  catchJobs,
  create,
  deployAction,
  execution,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  start,
  succeed,
  told,
  zipOf,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let jobs: JobEvent[];
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  await putSource(cloud, { 'index.html': 'x' });
  await create(cloud, pipelineOf({ Test: [lambdaAction('Check')], Deploy: [deployAction()] }));
});
afterEach(() => cloud.close());

async function restart(): Promise<JobEvent[]> {
  cloud = await cloud.restart();
  const after = catchJobs(cloud);
  await cloud.timers.settled();
  return after;
}

describe('a restart', () => {
  it('[codepipeline.restart.goes-on] goes on with an execution whose first action had not run', async () => {
    const { pipelineExecutionId: id } = await cloud.call<{ pipelineExecutionId: string }>(
      'codepipeline',
      'StartPipelineExecution',
      { name: 'checkout' },
    );
    const after = await restart();
    expect(after).toHaveLength(1);
    await succeed(cloud, after[0]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
  });

  it('[codepipeline.restart.answer] takes the answer to a job that was sent before, once, and does not send it again', async () => {
    const id = await start(cloud);
    expect(await restart()).toEqual([]);
    await succeed(cloud, jobs[0]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
    expect(told(cloud.delivered).filter((line) => line === 'pipeline SUCCEEDED')).toHaveLength(1);
  });

  it('[codepipeline.lambda-job.at-least-once] sends a job again, under its id, when the process died while sending it', async () => {
    let reached = (): void => undefined;
    const sending = new Promise<void>((resolve) => (reached = resolve));
    let die = (_: Error): void => undefined;
    cloud.answer('lambda', 'Invoke', (input: { Payload: Uint8Array }) => {
      jobs.push(JSON.parse(new TextDecoder().decode(input.Payload))['CodePipeline.job']);
      reached();
      return new Promise((_, reject) => (die = reject));
    });
    const { pipelineExecutionId: id } = await cloud.call<{ pipelineExecutionId: string }>(
      'codepipeline',
      'StartPipelineExecution',
      { name: 'checkout' },
    );
    await sending;
    const restarted = restart();
    die(new Error('killed'));
    expect(await restarted).toEqual([]);
    const after = catchJobs(cloud);
    await cloud.advance(1_000);
    expect(after.map((job) => job.id)).toEqual([jobs[0]?.id]);
    await succeed(cloud, after[0]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
  });

  it('gives a job its whole time again when nobody may have got it before a long pause', async () => {
    const id = await start(cloud);
    const job = jobs[0]?.id ?? '';
    // What a kill between sending and noting it leaves behind.
    cloud.timers.schedule('codepipeline.job', { id: job }, { id: `codepipeline.job/${job}` });
    await cloud.timers.stop();
    cloud.clock.jumpTo(cloud.clock.nowMs() + 21 * 60_000);
    const after = await restart();
    expect(after.map((again) => again.id)).toEqual([job]);
    await succeed(cloud, after[0]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
  });

  it('does not take the late outcome of an action that was abandoned meanwhile', async () => {
    let answer = (_: object): void => undefined;
    let reached = (): void => undefined;
    const reading = new Promise<void>((resolve) => (reached = resolve));
    cloud.answer('s3', 'GetObject', () => {
      reached();
      return new Promise((resolve) => (answer = resolve));
    });
    const input = { name: 'checkout' };
    const { pipelineExecutionId: id } = await cloud.call<{ pipelineExecutionId: string }>(
      'codepipeline',
      'StartPipelineExecution',
      input,
    );
    await reading;
    const stop = { pipelineName: 'checkout', pipelineExecutionId: id, abandon: true };
    await cloud.call('codepipeline', 'StopPipelineExecution', stop);
    answer({ Body: zipOf({ a: 'a' }), VersionId: 'v1', ETag: '"e"' });
    await cloud.timers.settled();
    expect(await action(cloud, id, 'Fetch')).toMatchObject({ status: 'Abandoned', output: { outputVariables: {} } });
    expect(await execution(cloud, id)).toMatchObject({ status: 'Stopped', artifactRevisions: [] });
    expect(told(cloud.delivered).filter((line) => line.startsWith('action'))).toEqual([
      'action Source/Fetch STARTED',
      'action Source/Fetch ABANDONED',
    ]);
  });

  it('keeps the continuation and the reply limit', async () => {
    const id = await start(cloud);
    await succeed(cloud, jobs[0], { continuationToken: 'half' });
    let after = await restart();
    await cloud.advance(30_000);
    expect(after.map((job) => job.data.continuationToken)).toEqual(['half']);
    after = await restart();
    await cloud.advance(20 * 60_000);
    expect((await action(cloud, id, 'Check')).output?.executionResult?.errorDetails?.message).toMatch(
      /failed to return a result/,
    );
  });
});
