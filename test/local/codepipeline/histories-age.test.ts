import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  catchJobs,
  create,
  execution,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  start,
  succeed,
  type JobEvent,
} from './fixture.ts';

const dayMs = 24 * 60 * 60 * 1000;

let cloud: TestCloud;
let jobs: JobEvent[];
let old: string;
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
  await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
  old = await start(cloud);
  await succeed(cloud, jobs[0]);
});
afterEach(() => cloud.close());

async function listed(operation: string, list: string, more: object = {}): Promise<number> {
  const output = await cloud.call<Record<string, unknown[]>>('codepipeline', operation, {
    pipelineName: 'checkout',
    ...more,
  });
  return output[list]?.length ?? 0;
}
const rollBack = (targetPipelineExecutionId: string) =>
  cloud.call('codepipeline', 'RollbackStage', {
    pipelineName: 'checkout',
    stageName: 'Test',
    targetPipelineExecutionId,
  });

describe('the history of a pipeline', () => {
  it('[codepipeline.history.twelve-months] goes back twelve months', async () => {
    await cloud.advance(365 * dayMs);
    expect(await listed('ListPipelineExecutions', 'pipelineExecutionSummaries')).toBe(1);
    expect(await listed('ListActionExecutions', 'actionExecutionDetails')).toBe(2);
    await cloud.advance(dayMs);
    expect(await listed('ListPipelineExecutions', 'pipelineExecutionSummaries')).toBe(0);
    expect(await listed('ListActionExecutions', 'actionExecutionDetails')).toBe(0);
    await start(cloud);
    expect(await listed('ListPipelineExecutions', 'pipelineExecutionSummaries')).toBe(1);
  });

  it('[codepipeline.rollback.outdated] has no target for a rollback that is older', async () => {
    await cloud.advance(365 * dayMs);
    await rollBack(old);
    await cloud.timers.settled();
    await succeed(cloud, jobs[1]);
    await cloud.advance(dayMs);
    expect(await refusal(rollBack(old))).toMatch(/^PipelineExecutionOutdatedException/);
  });

  it('[codepipeline.history.current-version] tells what succeeded in a stage in the current version only', async () => {
    const filter = { succeededInStage: { stageName: 'Test' } };
    expect(await listed('ListPipelineExecutions', 'pipelineExecutionSummaries', { filter })).toBe(1);
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline: pipelineOf({ Test: [lambdaAction('Check')] }) });
    expect(await listed('ListPipelineExecutions', 'pipelineExecutionSummaries', { filter })).toBe(0);
    expect(await listed('ListPipelineExecutions', 'pipelineExecutionSummaries')).toBe(1);
  });

  it('[codepipeline.history.enumerations] has the words of the API', async () => {
    expect(await execution(cloud, old)).toMatchObject({
      status: 'Succeeded',
      executionMode: 'SUPERSEDED',
      executionType: 'STANDARD',
      trigger: { triggerType: 'StartPipelineExecution' },
    });
  });
});
