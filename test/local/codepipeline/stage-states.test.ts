import type { StageDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
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
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

const pipeline = (changes: Partial<StageDeclaration> = {}) => {
  const declaration = pipelineOf({ Test: [lambdaAction('Check')] });
  const [source, test] = declaration.stages ?? [];
  return { ...declaration, stages: [source!, { ...test!, ...changes }] };
};
const stageStatus = async () => (await state(cloud)).stageStates?.[1]?.latestExecution?.status;
const stop = (pipelineExecutionId: string, abandon: boolean) =>
  cloud.call('codepipeline', 'StopPipelineExecution', { pipelineName: 'checkout', pipelineExecutionId, abandon });

describe('the state of a stage', () => {
  it.each<[string, (id: string) => Promise<unknown>]>([
    ['InProgress', async () => undefined],
    ['Succeeded', () => succeed(cloud, jobs[0])],
    ['Failed', () => fail(cloud, jobs[0])],
    ['Stopping', (id) => stop(id, false)],
    ['Stopped', (id) => stop(id, true)],
    ['Cancelled', () => cloud.call('codepipeline', 'UpdatePipeline', { pipeline: pipeline() })],
  ])('[codepipeline.state.stage-statuses] is %s', async (status, change) => {
    await create(cloud, pipeline());
    const id = await start(cloud);
    await change(id);
    expect(await stageStatus()).toBe(status);
    expect(await execution(cloud, id)).toMatchObject({ status });
  });

  it('[codepipeline.state.stage-statuses] is Skipped', async () => {
    const ruleTypeId = { category: 'Rule', owner: 'AWS', provider: 'VariableCheck', version: '1' } as const;
    const never = { name: 'Never', ruleTypeId, configuration: { Variable: 'a', Value: 'b', Operator: 'EQ' } };
    await create(cloud, pipeline({ beforeEntry: { conditions: [{ result: 'SKIP', rules: [never] }] } }));
    await start(cloud);
    expect(await stageStatus()).toBe('Skipped');
    expect(jobs).toEqual([]);
  });

  it('[codepipeline.state.actions] tells of each action how its newest run stands', async () => {
    await create(cloud, pipeline());
    expect((await state(cloud)).stageStates?.[1]?.actionStates).toEqual([{ actionName: 'Check' }]);
    await start(cloud);
    await fail(cloud, jobs[0], 'it broke');
    expect((await state(cloud)).stageStates?.[1]?.actionStates).toMatchObject([
      {
        actionName: 'Check',
        latestExecution: {
          actionExecutionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          status: 'Failed',
          lastStatusChange: new Date(cloud.clock.nowMs()),
          errorDetails: { code: 'JobFailed', message: 'it broke' },
        },
      },
    ]);
  });

  it('[codepipeline.state.source-revision] tells the revision of a source, and where it is', async () => {
    await create(cloud, pipeline());
    const id = await start(cloud);
    const { artifactRevisions } = await execution(cloud, id);
    const source = (await state(cloud)).stageStates?.[0]?.actionStates?.[0];
    const { revisionId, revisionUrl, revisionChangeIdentifier } = artifactRevisions?.[0] ?? {};
    expect(source?.currentRevision).toMatchObject({ revisionId, revisionChangeId: revisionChangeIdentifier });
    expect(revisionUrl).toMatch(/^https:\/\/.*\/source\?.*app\.zip$/);
    expect(source?.revisionUrl).toBe(revisionUrl);
    const { pipelineExecutionSummaries } = await cloud.call('codepipeline', 'ListPipelineExecutions', {
      pipelineName: 'checkout',
    });
    expect(pipelineExecutionSummaries).toMatchObject([{ sourceRevisions: [{ revisionId, revisionUrl }] }]);
  });

  it('[codepipeline.retry.inbound] cannot be retried for an execution that only waited in front of it', async () => {
    await create(cloud, pipeline());
    await start(cloud);
    const waiting = await start(cloud);
    await stop(waiting, true);
    const again = { pipelineName: 'checkout', stageName: 'Test', pipelineExecutionId: waiting };
    const retry = cloud.call('codepipeline', 'RetryStageExecution', { ...again, retryMode: 'ALL_ACTIONS' });
    expect(await refusal(retry)).toMatch(/^StageNotRetryableException/);
  });
});
