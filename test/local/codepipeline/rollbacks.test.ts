import type { ExecutionMode, FailureConditions, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  actions,
  catchJobs,
  create,
  execution,
  fail,
  lambdaAction,
  pipelineCloud,
  pipelineOf,
  putSource,
  refusal,
  sourceAction,
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
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

/** A pipeline whose stage Ship tells its function what it ships. */
function pipeline(onFailure?: FailureConditions, executionMode: ExecutionMode = 'SUPERSEDED'): PipelineDeclaration {
  const UserParameters = '#{Fetched.VersionId} for #{variables.ring} in #{codepipeline.PipelineExecutionId}';
  const configuration = { FunctionName: 'ship', UserParameters };
  const declaration = pipelineOf(
    { Ship: [lambdaAction('Ship', { configuration, inputArtifacts: [{ name: 'SourceArtifact' }] })] },
    { variables: [{ name: 'ring', defaultValue: 'inner' }], executionMode },
  );
  const [source, ship] = declaration.stages ?? [];
  const fetch = sourceAction({ namespace: 'Fetched' });
  return {
    ...declaration,
    stages: [
      { ...source, name: 'Source', actions: [fetch] },
      { ...ship, name: 'Ship', actions: ship?.actions, ...(onFailure && { onFailure }) },
    ],
  };
}

async function rollBack(targetPipelineExecutionId: string, more: object = {}): Promise<string> {
  const input = { pipelineName: 'checkout', stageName: 'Ship', targetPipelineExecutionId, ...more };
  const output = await cloud.call<{ pipelineExecutionId: string }>('codepipeline', 'RollbackStage', input);
  await cloud.timers.settled();
  return output.pipelineExecutionId;
}

/** Starts an execution that succeeds. */
async function shipped(variables?: object): Promise<string> {
  const id = await start(cloud, variables);
  await succeed(cloud, jobs.at(-1));
  return id;
}

async function executions(): Promise<{ pipelineExecutionId: string; status: string; executionType: string }[]> {
  const { pipelineExecutionSummaries } = await cloud.call<{ pipelineExecutionSummaries: never }>(
    'codepipeline',
    'ListPipelineExecutions',
    { pipelineName: 'checkout' },
  );
  return pipelineExecutionSummaries;
}

describe('RollbackStage', () => {
  it('[codepipeline.rollback.new-execution] runs the stage again with the revisions and variables of its target', async () => {
    await create(cloud, pipeline());
    const good = await shipped({ variables: [{ name: 'ring', value: 'outer' }] });
    await putSource(cloud, { a: 'bad' });
    await shipped();
    const id = await rollBack(good);
    expect(id).not.toBe(good);
    expect(await execution(cloud, id)).toMatchObject({
      status: 'InProgress',
      executionType: 'ROLLBACK',
      rollbackMetadata: { rollbackTargetPipelineExecutionId: good },
      trigger: { triggerType: 'ManualRollback', triggerDetail: 'arn:aws:iam::123456789012:user/local' },
      artifactRevisions: (await execution(cloud, good)).artifactRevisions,
    });
    const parameters = jobs.map((job) => job.data.actionConfiguration.configuration['UserParameters']);
    expect(parameters[2]).toBe(parameters[0]?.replace(good, id));
    expect(jobs[2]?.data.inputArtifacts).toEqual(jobs[0]?.data.inputArtifacts);
    expect((await state(cloud)).stageStates?.[1]?.latestExecution).toMatchObject({ type: 'ROLLBACK' });
  });

  it('[codepipeline.rollback.one-stage] runs that stage only', async () => {
    const declaration = pipeline();
    const stages = [...(declaration.stages ?? []), { name: 'Check', actions: [lambdaAction('Check')] }];
    await create(cloud, { ...declaration, stages });
    const good = await start(cloud);
    await succeed(cloud, jobs[0]);
    await succeed(cloud, jobs[1]);
    const id = await rollBack(good);
    await succeed(cloud, jobs[2]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Succeeded' });
    expect((await actions(cloud, id)).map(({ stageName }) => stageName)).toEqual(['Ship']);
    expect(told(cloud.delivered.filter(({ detail }) => detail['execution-id'] === id))).toEqual([
      'pipeline STARTED',
      'stage Ship STARTED',
      'action Ship/Ship STARTED',
      'action Ship/Ship SUCCEEDED',
      'stage Ship SUCCEEDED',
      'pipeline SUCCEEDED',
    ]);
  });

  it('[codepipeline.rollback.target] is refused for a target that did not succeed there, or is a rollback itself', async () => {
    await create(cloud, pipeline());
    const good = await shipped();
    const bad = await start(cloud);
    await fail(cloud, jobs[1]);
    expect(await refusal(rollBack(bad))).toMatch(/^UnableToRollbackStageException.*has not succeeded/);
    const rollback = await rollBack(good);
    await succeed(cloud, jobs[2]);
    expect(await refusal(rollBack(rollback))).toMatch(/^UnableToRollbackStageException.*itself a rollback/);
  });

  it('[codepipeline.rollback.version] is refused for a target of an earlier version of the pipeline', async () => {
    await create(cloud, pipeline());
    const good = await shipped();
    await cloud.call('codepipeline', 'UpdatePipeline', { pipeline: pipeline() });
    expect(await refusal(rollBack(good))).toMatch(/^UnableToRollbackStageException.*version 1.*now 2/);
  });

  it('[codepipeline.rollback.running] is refused while the stage runs', async () => {
    await create(cloud, pipeline());
    const good = await shipped();
    await start(cloud);
    expect(await refusal(rollBack(good))).toMatch(/^UnableToRollbackStageException.*is running/);
  });

  it('[codepipeline.rollback.source-stage] is refused for the source stage', async () => {
    await create(cloud, pipeline());
    expect(await refusal(rollBack(await shipped(), { stageName: 'Source' }))).toMatch(
      /^UnableToRollback.*source stage/,
    );
  });

  it('[codepipeline.parallel.no-rollback] is refused in the mode PARALLEL, also as a result at creation', async () => {
    await create(cloud, pipeline(undefined, 'PARALLEL'));
    expect(await refusal(rollBack(await shipped()))).toMatch(/^UnableToRollbackStageException.*PARALLEL/);
    const other = { ...pipeline({ result: 'ROLLBACK' }, 'PARALLEL'), name: 'other' };
    expect(await refusal(create(cloud, other))).toMatch(/^InvalidStageDeclarationException.*ROLLBACK.*PARALLEL/);
  });

  it('[codepipeline.rollback.unknown] is refused for a stage or target that is not there', async () => {
    await create(cloud, pipeline());
    const nobody = '00000000-0000-0000-0000-000000000000';
    expect(await refusal(rollBack(nobody))).toMatch(/^PipelineExecutionNotFoundException/);
    expect(await refusal(rollBack(nobody, { stageName: 'Nowhere' }))).toMatch(/^StageNotFoundException/);
    expect(await refusal(rollBack('x'))).toMatch(/^ValidationException.*targetPipelineExecutionId/);
  });
});

describe('a stage that fails', () => {
  it('[codepipeline.auto-rollback.latest-success] is rolled back to the newest execution that succeeded in it', async () => {
    await create(cloud, pipeline({ result: 'ROLLBACK' }));
    const [, good] = [await shipped(), await shipped()];
    const bad = await start(cloud);
    const waiting = await start(cloud);
    await fail(cloud, jobs[2]);
    const [newest] = await executions();
    expect(await execution(cloud, newest?.pipelineExecutionId ?? '')).toMatchObject({
      executionType: 'ROLLBACK',
      rollbackMetadata: { rollbackTargetPipelineExecutionId: good },
      trigger: { triggerType: 'AutomatedRollback', triggerDetail: JSON.stringify({ FailedPipelineExecutionId: bad }) },
    });
    expect((await state(cloud)).stageStates?.[1]).toMatchObject({
      latestExecution: { pipelineExecutionId: newest?.pipelineExecutionId },
      inboundExecution: { pipelineExecutionId: waiting },
    });
  });

  it('[codepipeline.auto-rollback.no-target] is not rolled back where none has succeeded', async () => {
    await create(cloud, pipeline({ result: 'ROLLBACK' }));
    await start(cloud);
    await fail(cloud, jobs[0]);
    expect(await executions()).toMatchObject([{ status: 'Failed', executionType: 'STANDARD' }]);
  });

  it('[codepipeline.auto-rollback.once] is not rolled back again when the rollback fails', async () => {
    await create(cloud, pipeline({ result: 'ROLLBACK' }));
    await shipped();
    await start(cloud);
    await fail(cloud, jobs[1]);
    await fail(cloud, jobs[2]);
    expect((await executions()).map(({ status }) => status)).toEqual(['Failed', 'Failed', 'Succeeded']);
  });

  it('[codepipeline.auto-retry.once] is retried by itself, one time', async () => {
    await create(cloud, pipeline({ result: 'RETRY', retryConfiguration: { retryMode: 'FAILED_ACTIONS' } }));
    const id = await start(cloud);
    const before = cloud.delivered.length;
    await fail(cloud, jobs[0]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'InProgress' });
    expect((await state(cloud)).stageStates?.[1]?.retryStageMetadata).toEqual({
      autoStageRetryAttempt: 1,
      latestRetryTrigger: 'AutomatedStageRetry',
    });
    expect(told(cloud.delivered.slice(before))).toEqual([
      'action Ship/Ship FAILED',
      'stage Ship FAILED',
      'stage Ship RESUMED',
      'action Ship/Ship STARTED',
    ]);
    await fail(cloud, jobs[1]);
    expect(await execution(cloud, id)).toMatchObject({ status: 'Failed' });
    expect(jobs).toHaveLength(2);
  });

  it('[codepipeline.auto-retry.mode] is retried from its first action where the mode says so', async () => {
    const retry = { result: 'RETRY', retryConfiguration: { retryMode: 'ALL_ACTIONS' } } as const;
    const declared = pipeline(retry);
    const ship = declared.stages?.[1]?.actions ?? [];
    ship.push({ ...ship[0]!, name: 'Announce', runOrder: 2 });
    await create(cloud, declared);
    await start(cloud);
    await succeed(cloud, jobs[0]);
    await fail(cloud, jobs[1]);
    expect(jobs.slice(2).map(({ data }) => data.actionConfiguration.configuration)).toHaveLength(1);
    await succeed(cloud, jobs[2]);
    expect(jobs).toHaveLength(4);
  });

  it.each(['FAIL', 'SKIP'] as const)('[codepipeline.conditions.results] cannot have the result %s', async (result) => {
    const why = /^InvalidStageDeclarationException.*onFailure result.*allowed: ROLLBACK, RETRY/;
    expect(await refusal(create(cloud, pipeline({ result })))).toMatch(why);
  });
});
