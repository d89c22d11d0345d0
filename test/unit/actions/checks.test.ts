import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareAction, implementAction, type Action } from '../../../shared/actions/action.ts';
import { undeclaredArtifacts } from '../../../shared/actions/artifacts.ts';
import { startJob, stillRunning } from '../../../shared/actions/result.ts';
import { stepLongJob, takeRenewedJob } from '../../../shared/actions/run-long-job.ts';
import { breadPlace, waitingJob } from '../../support/waiting-job.ts';

const declaration = declareAction({
  ...{ id: 'bake-bread', description: 'Bakes.', outputs: [], mayWait: true },
  parameters: z.strictObject({}),
  state: z.strictObject({ text: z.string() }),
});
type Hooks = NonNullable<Parameters<typeof implementAction<typeof declaration>>[2]>;
const baking = (hooks: Hooks): Action =>
  implementAction(
    declaration,
    async () => startJob({ text: '' }, { until: { event: 'e' }, summary: '' }),
    hooks,
  ) as Action;

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
