import type { ActionExecutionDetail, PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
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
  succeed,
  type JobEvent,
} from './fixture.ts';

let cloud: TestCloud;
let jobs: JobEvent[];
let ids: string[];
let versionId: string;
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  versionId = await putSource(cloud, { a: 'a' });
  await create(cloud, pipelineOf({ Test: [lambdaAction('Check')] }));
  ids = [];
  for (const isGood of [true, false, true]) {
    ids.push(await start(cloud));
    if (isGood) await succeed(cloud, jobs.at(-1));
    else await fail(cloud, jobs.at(-1));
  }
});
afterEach(() => cloud.close());

async function executions(more: object = {}): Promise<PipelineExecutionSummary[]> {
  const input = { pipelineName: 'checkout', ...more };
  const output = await cloud.call<{ pipelineExecutionSummaries: PipelineExecutionSummary[] }>(
    'codepipeline',
    'ListPipelineExecutions',
    input,
  );
  return output.pipelineExecutionSummaries;
}

describe('ListPipelineExecutions', () => {
  it('[codepipeline.history.executions] tells the newest first, with status, source and times', async () => {
    const found = await executions();
    expect(found.map((summary) => summary.pipelineExecutionId)).toEqual(ids.toReversed());
    expect(found.map((summary) => summary.status)).toEqual(['Succeeded', 'Failed', 'Succeeded']);
    expect(found[0]).toMatchObject({
      sourceRevisions: [{ actionName: 'Fetch', revisionId: versionId }],
      startTime: new Date(cloud.clock.nowMs()),
      executionMode: 'SUPERSEDED',
    });
  });

  it('[codepipeline.history.succeeded-in-stage] keeps to executions that succeeded in a stage', async () => {
    const found = await executions({ filter: { succeededInStage: { stageName: 'Test' } } });
    expect(found.map((summary) => summary.pipelineExecutionId)).toEqual([ids[2], ids[0]]);
  });

  it('[codepipeline.history.pages] pages through all, each once', async () => {
    const seen: (string | undefined)[] = [];
    let nextToken: unknown;
    do {
      const input = { pipelineName: 'checkout', maxResults: 2, ...(nextToken !== undefined && { nextToken }) };
      const page = await cloud.call('codepipeline', 'ListPipelineExecutions', input);
      seen.push(
        ...(page['pipelineExecutionSummaries'] as PipelineExecutionSummary[]).map((s) => s.pipelineExecutionId),
      );
      nextToken = page['nextToken'];
    } while (nextToken !== undefined);
    expect(seen).toEqual(ids.toReversed());
  });

  it('[codepipeline.history.bounds] refuses bounds and tokens that are wrong', async () => {
    expect(await refusal(executions({ maxResults: 101 }))).toMatch(/less than or equal to 100/);
    expect(await refusal(executions({ nextToken: 'bm8' }))).toMatch(/^InvalidNextTokenException/);
  });
});

describe('ListActionExecutions', () => {
  const list = async (filter?: object): Promise<ActionExecutionDetail[]> => {
    const input = { pipelineName: 'checkout', ...(filter && { filter }) };
    const output = await cloud.call<{ actionExecutionDetails: ActionExecutionDetail[] }>(
      'codepipeline',
      'ListActionExecutions',
      input,
    );
    return output.actionExecutionDetails;
  };

  it('[codepipeline.history.actions] tells the newest first, of all executions or of one', async () => {
    expect((await list()).map((detail) => `${detail.pipelineExecutionId} ${detail.actionName}`)).toEqual(
      ids.toReversed().flatMap((id) => [`${id} Check`, `${id} Fetch`]),
    );
    const filter = { pipelineExecutionId: ids[1] };
    expect((await list(filter)).map((detail) => detail.status)).toEqual(['Failed', 'Succeeded']);
    const latest = { latestInPipelineExecution: { pipelineExecutionId: ids[1], startTimeRange: 'Latest' } };
    expect(await list(latest)).toHaveLength(2);
  });

  it('[codepipeline.history.unknown-execution] refuses an execution that does not exist', async () => {
    const filter = { pipelineExecutionId: '11111111-1111-1111-1111-111111111111' };
    expect(await refusal(list(filter))).toMatch(/^PipelineExecutionNotFoundException/);
  });
});

describe('GetPipelineExecution', () => {
  it('[codepipeline.history.unknown-execution] refuses an execution that does not exist', async () => {
    expect(await refusal(execution(cloud, '11111111-1111-1111-1111-111111111111'))).toMatch(
      /^PipelineExecutionNotFound/,
    );
  });
});
