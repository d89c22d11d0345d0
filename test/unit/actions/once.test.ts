import * as z from 'zod/mini';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { declareAction, implementAction } from '../../../shared/actions/action.ts';
import { effectStore } from '../../../shared/actions/runner/effect-store.ts';
import { doOnce, scopeOf, type EffectStore } from '../../../shared/actions/runner/once.ts';
import { fail, succeed } from '../../../shared/actions/result.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';
import { appendEvent } from '../../../shared/state/event-log.ts';
import { adoptExecution } from '../../../shared/state/execution-log.ts';
import { releaseOfExecution } from '../../../shared/state/execution-release.ts';
import { aRequest, pipelineArn, releaseId } from '../../support/domain.ts';
import { memoryStore } from '../../support/memory-store.ts';

const clock = { nowMs: () => Date.UTC(2026, 0, 5, 9) };
const key = { scope: 'e-1/Deploy/Tell', name: 'message' };

describe('what is done once', () => {
  let store: EffectStore;
  beforeEach(() => {
    store = effectStore(memoryStore(), clock);
  });
  const died = (): Promise<never> => Promise.reject(new Error('the function died'));

  it('is made the first time, and later runs get its result', async () => {
    const make = vi.fn(async () => ({ id: 7 }));
    expect(await doOnce({ store, clock }, key, { make })).toEqual({ result: { id: 7 }, isNew: true });
    expect(await doOnce({ store, clock }, key, { make })).toEqual({ result: { id: 7 }, isNew: false });
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('is looked for when an earlier run began it and died', async () => {
    const find = vi.fn(async () => 'found');
    await expect(doOnce({ store, clock }, key, { make: died, find })).rejects.toThrow('died');
    expect(find, 'nothing was begun before').not.toHaveBeenCalled();
    expect(await doOnce({ store, clock }, key, { make: died, find })).toEqual({ result: 'found', isNew: false });
    expect(find).toHaveBeenCalledWith('2026-01-05T09:00:00.000Z');
  });

  it('is made when it was begun and is not to be found', async () => {
    await expect(doOnce({ store, clock }, key, { make: died })).rejects.toThrow('died');
    const done = await doOnce({ store, clock }, key, { make: async () => 'made', find: async () => undefined });
    expect(done).toEqual({ result: 'made', isNew: true });
  });

  it('is another thing under another name, in another action and in another execution', async () => {
    const context = { pipelineExecutionId: 'e-1', pipeline: 'p', stage: 'Deploy', action: 'Tell' };
    expect(scopeOf(context, 'job-1')).toBe(scopeOf(context, 'job-2'));
    const scopes = [context, { ...context, action: 'Other' }, { ...context, pipelineExecutionId: 'e-2' }];
    expect(new Set(scopes.map((scope) => scopeOf(scope, 'job-1'))).size).toBe(3);
    const make = vi.fn(async () => 1);
    for (const name of ['a', 'b']) await doOnce({ store, clock }, { ...key, name }, { make });
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('is once for the job where the pipeline passes no context', () => {
    expect(scopeOf(undefined, 'job-1')).not.toBe(scopeOf(undefined, 'job-2'));
  });
});

describe('an action', () => {
  const tell = declareAction({ id: 'tell', description: '…', parameters: z.strictObject({}), outputs: ['by'] });
  const context = { pipelineExecutionId: 'e-1', pipeline: 'p', stage: 'Deploy', action: 'Tell' };

  it('does a thing once over the retries of its stage, and knows its release', async () => {
    let madeCount = 0;
    const action = implementAction(tell, async ({ once, release }) => {
      await once('message', { make: async () => (madeCount += 1) });
      const by = (await release())?.requestedBy;
      return by === undefined ? fail('JobFailed', 'no release') : succeed({ outputs: { by }, summary: 'told' });
    });
    const { release } = await appendEvent({ store: memoryStore(), pause: async () => {} }, aRequest());
    const bench = actionBench(action, { release });
    for (const id of ['job-1', 'job-2']) {
      const { answers } = await bench.deliver({ id, context });
      expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { by: 'github/octocat' } } }]);
    }
    expect(madeCount).toBe(1);
    const { answers } = await bench.deliver({ id: 'job-3' });
    expect(answers, 'without a context').toMatchObject([{ answer: { message: 'no release' } }]);
  });
});

it('finds the release of a pipeline execution, and none for an execution of nobody', async () => {
  const store = memoryStore();
  const pause = async (): Promise<void> => {};
  await appendEvent({ store, pause }, aRequest());
  const bus = { publish: async (): Promise<void> => {} };
  const owner = { releaseId, service: 'checkout', traceId: 'trace', pipelineArn, attempt: 1 };
  await adoptExecution({ store, clock, pause, bus }, 'e-1', owner);
  expect(await releaseOfExecution(store, 'e-1')).toMatchObject({ releaseId, requestedBy: 'github/octocat' });
  expect(await releaseOfExecution(store, 'e-2')).toBeUndefined();
});
