import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
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
  state,
  succeed,
  type JobEvent,
} from './fixture.ts';

const dayMs = 24 * 60 * 60 * 1000;
let cloud: TestCloud;
let jobs: JobEvent[];
beforeEach(async () => {
  cloud = await pipelineCloud();
  jobs = catchJobs(cloud);
  await putSource(cloud, { a: 'a' });
  await create(cloud, pipelineOf({ Test: [lambdaAction('Check')], Deploy: [deployAction()] }));
});
afterEach(() => cloud.close());

const place = { pipelineName: 'checkout', stageName: 'Test', transitionType: 'Inbound' };

async function disable(more: object = {}): Promise<void> {
  await cloud.call('codepipeline', 'DisableStageTransition', { ...place, reason: 'not today', ...more });
}

async function enable(more: object = {}): Promise<void> {
  await cloud.call('codepipeline', 'EnableStageTransition', { ...place, ...more });
  await cloud.timers.settled();
}

async function statuses(...ids: string[]): Promise<unknown[]> {
  return Promise.all(ids.map(async (id) => (await execution(cloud, id)).status));
}

describe('a disabled transition', () => {
  it('[codepipeline.transitions.waiting-slot] holds an execution in front of the stage, and a newer one takes its place', async () => {
    await disable();
    const [first, second] = [await start(cloud), await start(cloud)];
    expect(await statuses(first, second)).toEqual(['Superseded', 'InProgress']);
    expect((await state(cloud)).stageStates?.[1]).toMatchObject({
      inboundExecution: { pipelineExecutionId: second, status: 'InProgress' },
      inboundTransitionState: {
        enabled: false,
        disabledReason: 'not today',
        lastChangedBy: expect.stringMatching(/user/),
      },
    });
    expect(jobs).toEqual([]);
    await enable();
    expect(jobs).toHaveLength(1);
    const open = (await state(cloud)).stageStates?.[1];
    expect(open).toMatchObject({
      inboundTransitionState: { enabled: true },
      latestExecution: { pipelineExecutionId: second },
    });
    expect(open?.inboundTransitionState).not.toHaveProperty('disabledReason');
  });

  it('[codepipeline.transitions.future-only] lets go on what has entered the stage already', async () => {
    const id = await start(cloud);
    await disable();
    await succeed(cloud, jobs[0]);
    expect(await statuses(id)).toEqual(['Succeeded']);
  });

  it('[codepipeline.transitions.outbound] holds at the stage behind when it is the outbound one, which the state does not show', async () => {
    await disable({ transitionType: 'Outbound' });
    const id = await start(cloud);
    await succeed(cloud, jobs[0]);
    expect((await state(cloud)).stageStates?.slice(1)).toMatchObject([
      { inboundTransitionState: { enabled: true }, latestExecution: { status: 'Succeeded' } },
      { inboundTransitionState: { enabled: true }, inboundExecution: { pipelineExecutionId: id } },
    ]);
    await enable({ transitionType: 'Outbound' });
    expect(await statuses(id)).toEqual(['Succeeded']);
  });

  it('[codepipeline.transitions.stopped-inbound] does not let in what was stopped while it waited', async () => {
    await disable();
    const id = await start(cloud);
    await cloud.call('codepipeline', 'StopPipelineExecution', { pipelineName: 'checkout', pipelineExecutionId: id });
    await enable();
    expect(await statuses(id)).toEqual(['Stopped']);
    expect(jobs).toEqual([]);
  });

  it('[codepipeline.transitions.thirty-days] lets nothing go on after more than 30 days', async () => {
    await disable();
    const first = await start(cloud);
    await cloud.advance(30 * dayMs);
    await enable();
    expect(jobs).toHaveLength(1);
    await disable();
    await succeed(cloud, jobs[0]);
    const second = await start(cloud);
    await cloud.advance(30 * dayMs + 1);
    await enable();
    expect(await statuses(first, second)).toEqual(['Succeeded', 'Failed']);
    expect(jobs).toHaveLength(1);
  });

  it('[codepipeline.transitions.durable] stays disabled after a restart', async () => {
    await disable();
    cloud = await cloud.restart();
    expect((await state(cloud)).stageStates?.[1]).toMatchObject({ inboundTransitionState: { enabled: false } });
  });

  it.each<[string, object, RegExp]>([
    ['[codepipeline.transitions.place] an unknown pipeline', { pipelineName: 'nobody' }, /^PipelineNotFoundException/],
    [
      '[codepipeline.transitions.place] an unknown stage',
      { stageName: 'Nowhere' },
      /^StageNotFoundException: Pipeline 'checkout' has no stage 'Nowhere'/,
    ],
    ['[codepipeline.transitions.bounds] no reason', { reason: undefined }, /^ValidationException.*reason/],
    [
      '[codepipeline.transitions.bounds] an unknown type',
      { transitionType: 'Sideways' },
      /^ValidationException.*transitionType.*Inbound, Outbound/,
    ],
  ])('%s: it is refused', async (_, change, why) => {
    expect(await refusal(disable(change))).toMatch(why);
  });

  it.each(['a, b', 'a:b', 'a/b', 'a_b', "it's", '#1'])(
    '[codepipeline.transitions.reason-charset] is refused with the reason %s',
    async (reason) => {
      expect(await refusal(disable({ reason }))).toMatch(/^ValidationException.*reason.*pattern/);
      expect(await refusal(disable({ reason: 'Wait! (until 9.30 - ask me @ work?) *' }))).toBe('accepted');
    },
  );
});
