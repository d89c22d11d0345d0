import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../shared/state/store.ts';
import {
  openWaits,
  readOutcome,
  registration,
  resolveWait,
  resumeWait,
  waitKeys,
  type TaskTokens,
} from '../../shared/state/waits.ts';
import { collect } from '../support/collect.ts';
import { stores } from '../support/stores.ts';

const key = waitKeys.pipelineExecution('execution-1', 1);
const succeeded = { contract: 1, state: 'SUCCEEDED' };
const failed = { contract: 1, state: 'FAILED' };
const later = '2026-01-06T00:00:00.000Z';

describe.each(stores)('waits on %s', (_, open) => {
  let store: Store;
  let close: () => Promise<void>;
  let resumed: { token: string; outcome: unknown }[];
  beforeEach(async () => {
    resumed = [];
    ({ store, close } = await open());
  });
  afterEach(() => close());

  const clock = { nowMs: () => Date.UTC(2026, 0, 5, 9) };
  const working: TaskTokens = {
    succeed: async (token, outcome) => {
      resumed.push({ token, outcome: JSON.parse(outcome) });
      return 'resumed';
    },
  };
  const dying: TaskTokens = { succeed: () => Promise.reject(new Error('killed')) };
  const register = (token = 'token'): Promise<{ written: boolean }> =>
    store.write(registration({ key, token, execution: 'arn:workflow', registeredAt: '2026-01-05T09:00:00.000Z' }));
  const open1 = async (): Promise<unknown[]> => collect(openWaits(store, later));

  it('resumes the workflow when the wait is registered first', async () => {
    expect(await register()).toMatchObject({ written: true });
    expect(await open1()).toMatchObject([{ key, execution: 'arn:workflow', isResolved: false }]);
    expect(await resolveWait({ store, tasks: working, clock }, key, succeeded)).toBe('first');
    expect(resumed).toEqual([{ token: 'token', outcome: succeeded }]);
    expect(await open1()).toEqual([]);
  });

  it('refuses to register when the outcome came first, and keeps it for the wait state to read', async () => {
    expect(await resolveWait({ store, tasks: working, clock }, key, succeeded)).toBe('first');
    expect(await register()).toEqual({ written: false });
    expect(await readOutcome(store, key)).toEqual(succeeded);
    expect(resumed).toEqual([]);
    expect(await open1()).toEqual([]);
  });

  it.each(['before', 'after'])('keeps the first of two outcomes that come %s the registration', async (when) => {
    if (when === 'after') await register();
    await resolveWait({ store, tasks: working, clock }, key, failed);
    expect(await resolveWait({ store, tasks: working, clock }, key, succeeded)).toBe('later');
    expect(await readOutcome(store, key)).toEqual(failed);
    expect(resumed).toEqual(when === 'after' ? [{ token: 'token', outcome: failed }] : []);
  });

  it('resumes with the first outcome when the resolver died before it resumed and the event comes again', async () => {
    await register();
    await expect(resolveWait({ store, tasks: dying, clock }, key, failed)).rejects.toThrow('killed');
    expect(await open1()).toMatchObject([{ isResolved: true }]);
    expect(await resolveWait({ store, tasks: working, clock }, key, succeeded)).toBe('later');
    expect(resumed).toEqual([{ token: 'token', outcome: failed }]);
    expect(await open1()).toEqual([]);
  });

  it('resumes when the resolver died before it resumed and only the reconciler comes', async () => {
    await register();
    await expect(resolveWait({ store, tasks: dying, clock }, key, succeeded)).rejects.toThrow('killed');
    await resumeWait({ store, tasks: working, clock }, key);
    await resumeWait({ store, tasks: working, clock }, key);
    expect(resumed).toEqual([{ token: 'token', outcome: succeeded }]);
  });

  it('resumes the last token when the wait state was tried again', async () => {
    await register('first');
    await register('second');
    await resolveWait({ store, tasks: working, clock }, key, succeeded);
    expect(resumed).toMatchObject([{ token: 'second' }]);
  });

  it('closes a wait whose workflow is gone', async () => {
    await register();
    const gone: TaskTokens = { succeed: async () => 'gone' };
    await resolveWait({ store, tasks: gone, clock }, key, succeeded);
    expect(await open1()).toEqual([]);
  });

  it('lists only waits that are old enough', async () => {
    await register();
    expect(await collect(openWaits(store, '2026-01-05T08:59:59.000Z'))).toEqual([]);
  });
});
