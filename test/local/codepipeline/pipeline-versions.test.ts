import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  approvalAction,
  catchJobs,
  create,
  deployAction,
  execution,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  start,
  told,
} from './fixture.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud();
});
afterEach(() => cloud.close());

const valid = pipelineOf({ Deploy: [deployAction()] });

describe('UpdatePipeline', () => {
  it('[codepipeline.update.version] [codepipeline.update.cancels] [codepipeline.events.canceled] makes the next version, keeps the earlier ones, and cancels what runs', async () => {
    const jobs = catchJobs(cloud);
    await putSource(cloud, { 'index.html': 'one' });
    await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
    const id = await start(cloud);
    cloud.delivered.length = 0;
    const pipeline = pipelineOf({ Test: [lambdaAction('Other')] });
    expect(await cloud.call('codepipeline', 'UpdatePipeline', { pipeline })).toMatchObject({
      pipeline: { version: 2 },
    });
    expect(told(cloud.delivered)).toEqual(['action Test/Check CANCELED', 'stage Test CANCELED', 'pipeline CANCELED']);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Cancelled', pipelineVersion: 1 });
    expect(await cloud.call('codepipeline', 'GetPipeline', { name: 'checkout', version: 1 })).toMatchObject({
      pipeline: { version: 1, stages: [{}, { actions: [{ name: 'Check' }] }] },
    });
    const late = cloud.call('codepipeline', 'PutJobSuccessResult', { jobId: jobs[0]?.id });
    expect(await refusal(late)).toMatch(/^InvalidJobStateException/);
  });

  it('[codepipeline.update.unknown] refuses a pipeline that does not exist', async () => {
    expect(await refusal(cloud.call('codepipeline', 'UpdatePipeline', { pipeline: valid }))).toMatch(
      /^PipelineNotFound/,
    );
  });
});

describe('DeletePipeline', () => {
  it('[codepipeline.delete.idempotent] forgets the pipeline with its history, and says nothing of one that does not exist', async () => {
    await putSource(cloud, { 'index.html': 'one' });
    await create(cloud, pipelineOf({ Ask: [approvalAction()] }));
    const id = await start(cloud);
    await cloud.call('codepipeline', 'DeletePipeline', { name: 'checkout' });
    await cloud.call('codepipeline', 'DeletePipeline', { name: 'checkout' });
    expect(await refusal(execution(cloud, id))).toMatch(/^PipelineNotFoundException/);
    await cloud.advance(8 * 24 * 60 * 60 * 1000);
    expect(cloud.reported).toEqual([]);
  });
});

describe('GetPipeline and ListPipelines', () => {
  it('[codepipeline.get-pipeline.version] refuse a version and a token that are not there', async () => {
    await create(cloud, valid);
    const version = cloud.call('codepipeline', 'GetPipeline', { name: 'checkout', version: 9 });
    expect(await refusal(version)).toMatch(/^PipelineVersionNotFoundException/);
    const token = cloud.call('codepipeline', 'ListPipelines', { nextToken: 'x' });
    expect(await refusal(token)).toMatch(/^InvalidNextTokenException/);
  });

  it('[codepipeline.list-pipelines.pages] list pipelines page by page, by name', async () => {
    for (const name of ['c', 'a', 'b']) await create(cloud, { ...valid, name });
    const names = (page: Record<string, unknown>): string[] =>
      (page['pipelines'] as { name: string }[]).map((p) => p.name);
    const first = await cloud.call('codepipeline', 'ListPipelines', { maxResults: 2 });
    expect(names(first)).toEqual(['a', 'b']);
    const second = await cloud.call('codepipeline', 'ListPipelines', { maxResults: 2, nextToken: first['nextToken'] });
    expect(names(second)).toEqual(['c']);
    expect(second['nextToken']).toBeUndefined();
  });
});
