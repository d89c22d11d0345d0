import { describe, expect, it } from 'vitest';
import { declareAction, implementAction, type Action } from '../../../shared/actions/action.ts';
import { undeclaredArtifacts } from '../../../shared/actions/artifacts.ts';
import { ActionFailed, startJob, stillRunning, succeed, type Until } from '../../../shared/actions/result.ts';
import { stepLongJob, takeRenewedJob } from '../../../shared/actions/runner/run-long-job.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';
import { baking, bread, breadPlace, waitingJob, type BakingHooks as Hooks } from '../../support/waiting-job.ts';

const rest = { artifacts: () => undeclaredArtifacts, requestId: 'request-1' };
const often = { checks: { firstSeconds: 10, backoffRate: 1, maxSeconds: 10 } };

describe('what a check has seen', () => {
  it('is kept and told when the job of a renewal looks at the work, as at any look', async () => {
    const { store, edge, told } = await waitingJob({ context: breadPlace });
    const check: Hooks['check'] = async ({ state: { text } }) =>
      stillRunning({ state: { text: `${text}+` }, summary: `baking for ${text.length} hours`, percentComplete: 60 });
    await stepLongJob(baking({ check }), 'job-1', edge);
    await store.beginToRenew('job-1');
    await takeRenewedJob(baking({ check }), { firstJobId: 'job-1', jobId: 'job-2' }, { ...edge, ...rest });
    expect(await store.read('job-1')).toMatchObject({
      ...{ state: { text: '++' }, summary: 'baking for 1 hours', percentComplete: 60, checkCount: 2 },
    });
    expect(told.map(({ summary }) => summary)).toEqual(['baking for 0 hours', 'baking for 1 hours']);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  });

  it('is not undone by a slower look that began at the same time', async () => {
    const { store, edge } = await waitingJob();
    const slow = Promise.withResolvers<void>();
    const looks = [slow.promise, Promise.resolve()];
    const check: Hooks['check'] = async () => {
      const text = looks.length === 2 ? 'slow' : 'fast';
      await looks.shift();
      return stillRunning({ state: { text }, summary: text });
    };
    const slower = stepLongJob(baking({ check }), 'job-1', { ...edge, remainingMs: () => 60_000 });
    await stepLongJob(baking({ check }), 'job-1', { ...edge, remainingMs: () => 60_000 });
    slow.resolve();
    await slower;
    expect(await store.read('job-1')).toMatchObject({ state: { text: 'fast' }, checkCount: 1 });
  });
});

describe('progress that a check tells', () => {
  it('is news at each check', async () => {
    const { edge, told } = await waitingJob({ context: breadPlace, until: often });
    let count = 0;
    const check: Hooks['check'] = async ({ progress }) => {
      count += 1;
      await progress(`loaf ${count}`);
      await progress(`crust ${count}`);
      return stillRunning({ summary: 'baking' });
    };
    for (let look = 0; look < 3; look += 1) await stepLongJob(baking({ check }), 'job-1', edge);
    expect(told.map(({ summary }) => summary)).toHaveLength(6);
    expect(new Set(told.map(({ id }) => id)).size).toBe(6);
  });

  it('is the same news when the check is made again because its function died', async () => {
    const { edge, told } = await waitingJob({ context: breadPlace, until: often });
    const dying = baking({
      async check({ progress }) {
        await progress('loaf 1');
        return stillRunning({ summary: 'baking' });
      },
    });
    const store = { ...edge.longJobs.store, keepProgress: () => Promise.reject(new Error('it died')) };
    const dead = { ...edge, longJobs: { ...edge.longJobs, store } };
    await expect(stepLongJob(dying, 'job-1', dead)).rejects.toThrow('it died');
    await stepLongJob(dying, 'job-1', edge);
    expect(told).toHaveLength(2);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });
});

describe('a check that reaches nobody', () => {
  /** Bread whose oven answers nothing for so many minutes. */
  async function outage(minutes: number, { wait = 'push', until = often as Until } = {}) {
    const seen = { checkedAtMs: [] as number[], cancelCount: 0 };
    const action = implementAction(bread, async () => startJob({ text: '' }, { until, summary: 'baking' }), {
      async check({ clock }) {
        const [firstMs = clock.nowMs()] = seen.checkedAtMs;
        seen.checkedAtMs.push(clock.nowMs());
        if (clock.nowMs() - firstMs < minutes * 60_000)
          throw new ActionFailed('SystemUnavailable', 'the oven answered 503');
        return succeed({ summary: 'baked' });
      },
      cancel: async () => void (seen.cancelCount += 1),
    });
    const run = await actionBench(action).start({ userParameters: JSON.stringify({ parameters: {}, wait }) });
    if ('event' in until) await run.tell(until.event);
    return { run, seen };
  }

  it.each([
    ['push', often],
    ['push', { event: 'e' }],
    ['push', { checks: { firstSeconds: 600, backoffRate: 2, maxSeconds: 3600 } }],
    ['poll', often],
    ['poll', { event: 'e' }],
  ])('is made again until the service is back, when the wait is %s, %o', async (wait, until) => {
    const { run, seen } = await outage(50, { wait, until });
    await run.advance({ minutes: 90 });
    expect(run.result).toMatchObject({ kind: 'succeeded' });
    // Not every ten seconds.
    expect(seen.checkedAtMs.length).toBeLessThan(40);
    expect(seen.cancelCount).toBe(0);
  });

  it('is made again soon, then ever later, up to five minutes', async () => {
    const { run, seen } = await outage(50);
    await run.advance({ minutes: 60 });
    const seconds = seen.checkedAtMs.slice(1).map((atMs, index) => (atMs - (seen.checkedAtMs[index] ?? 0)) / 1000);
    expect(seconds.slice(0, 8)).toEqual([5, 5, 10, 20, 40, 80, 160, 300]);
    expect(Math.max(...seconds)).toBe(300);
  });

  it.each(['push', 'poll'])('fails the job after an hour with what the service said, in a wait by %s', async (wait) => {
    const { run, seen } = await outage(300, { wait });
    await run.advance({ minutes: 58 });
    expect(run.result).toBeUndefined();
    await run.advance({ minutes: 12 });
    expect(run.result).toMatchObject({
      ...{ kind: 'failed', type: 'SystemUnavailable' },
      message: 'the oven answered 503; its work could not be checked for an hour, retry the stage',
    });
    expect(seen.cancelCount).toBe(1);
  });

  it('has an hour again after one that reached the service', async () => {
    const { time, store, edge } = await waitingJob({ until: often });
    const answers = [false, true, false, true];
    const action = baking({
      async check() {
        if (answers.shift()) return stillRunning({ summary: 'baking' });
        throw new ActionFailed('SystemUnavailable', 'the oven answered 503');
      },
    });
    for (let look = 0; look < 4; look += 1) {
      await stepLongJob(action, 'job-1', edge);
      time.nowMs += 400_000;
    }
    expect(await store.read('job-1')).toMatchObject({ unreachedSince: undefined, result: undefined, checkCount: 2 });
  });
});

describe('an action that makes artifacts', () => {
  const labels = declareAction({ ...bread, outputArtifacts: { min: 1, max: 1 } });

  it('fails when its check answers succeed, by which nobody would write them', async () => {
    const { store, edge, sent } = await waitingJob();
    const action = implementAction(labels, async () => startJob({ text: '' }, { until: often, summary: '' }), {
      check: async () => succeed({ summary: 'printed' }),
    }) as Action;
    expect(await stepLongJob(action, 'job-1', edge)).toEqual({ next: 'end' });
    expect(sent).toMatchObject([
      { kind: 'failed', type: 'ConfigurationError', message: expect.stringContaining('answer runAgain') },
    ]);
    // Its work has ended, by the check's own word.
    expect(await store.read('job-1')).toMatchObject({ isWorkLeft: false });
  });
});

it('an action that may wait is refused without a check', () => {
  const run = async () => startJob({ text: '' }, { until: often, summary: '' });
  expect(() => implementAction(bread, run)).toThrow('action bake-bread declares mayWait and has no check');
});

it('a cancellation that reaches nobody is made again by the workflow, which knows the error by its name', async () => {
  const { store, edge } = await waitingJob();
  await store.markCancelled('job-1');
  const cancel = () => Promise.reject(new ActionFailed('SystemUnavailable', 'the oven answered 503'));
  await expect(stepLongJob(baking({ cancel }), 'job-1', edge)).rejects.toMatchObject({
    ...{ name: 'ServiceUnavailable', message: expect.stringContaining('the oven answered 503') },
  });
});
