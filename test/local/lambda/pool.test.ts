import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openFunctionLogs, readLog } from '../../../local/services/lambda/function-logs.ts';
import type { FunctionVersion } from '../../../local/services/lambda/function-store.ts';
import type { FunctionThread } from '../../../local/services/lambda/function-thread.ts';
import { openThreadPool } from '../../../local/services/lambda/thread-pool.ts';
import { functionCloud } from './function-cloud.ts';

const counting = 'let calls = 0; exports.handler = async () => ++calls;';

it('waits for a place when every thread is busy', async () => {
  const functions = await functionCloud({ maxThreads: 1, maxIdleThreads: 1 });
  await functions.deploy('one', counting);
  await functions.deploy('two', counting);
  const answers = await Promise.all(['one', 'two', 'one'].map((name) => functions.invoke(name)));
  expect(answers.map(({ payload }) => payload)).toEqual([1, 1, 1]);
  await functions.close();
});

it('ends the thread that has been idle longest', async () => {
  const functions = await functionCloud({ maxThreads: 4, maxIdleThreads: 2 });
  for (const name of ['one', 'two', 'three']) {
    await functions.deploy(name, counting);
    await functions.invoke(name);
  }
  const payloads: unknown[] = [];
  for (const name of ['two', 'three', 'one']) payloads.push((await functions.invoke(name)).payload);
  expect(payloads).toEqual([2, 2, 1]);
  await functions.close();
});

it('keeps the threads of a burst for a while, then ends those that have been idle longest', async () => {
  vi.useFakeTimers();
  const ended: unknown[] = [];
  const threads = [1, 2, 3].map((id) => ({ isAlive: true, end: async () => void ended.push(id) }));
  const made = [...threads];
  // The pool looks at a thread's life and a version's name and revision alone.
  const pool = openThreadPool(
    { maxThreads: 4, maxIdleThreads: 1, idleGraceMs: 5_000 },
    () => made.shift() as unknown as FunctionThread,
    () => undefined,
  );
  const version = { name: 'burst', revisionId: 'burst' } as unknown as FunctionVersion;
  const burst = async (): Promise<boolean[]> => {
    const leases = await Promise.all([1, 2, 3].map(() => pool.lend(version, Infinity)));
    for (const { release } of leases) release();
    return leases.map(({ isCold }) => isCold);
  };

  expect([await burst(), await burst()]).toEqual([
    [true, true, true],
    [false, false, false],
  ]);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(5_000);

  expect(ended).toHaveLength(2);
  vi.useRealTimers();
});

it('lets a function of few invocations pass before a burst of another', async () => {
  const thread = { isAlive: true, end: async () => {} };
  // The pool looks at a thread's life and a version's name and revision alone.
  const limits = { maxThreads: 2, maxIdleThreads: 2 };
  const pool = openThreadPool(
    limits,
    () => thread as unknown as FunctionThread,
    () => undefined,
  );
  const version = (name: string) => ({ name, revisionId: name }) as unknown as FunctionVersion;
  const busy = [await pool.lend(version('burst'), Infinity), await pool.lend(version('burst'), Infinity)];
  const served: string[] = [];
  const waiting = ['burst', 'burst', 'rare'].map((name) =>
    pool.lend(version(name), Infinity).then((lease) => {
      served.push(name);
      lease.release();
    }),
  );
  busy[0]?.release();
  await Promise.all(waiting);
  expect(served).toEqual(['rare', 'burst', 'burst']);
});

it('waits for a thread that works before it starts another one, for as long as threads are given back', async () => {
  vi.useFakeTimers();
  let made = 0;
  // The pool looks at a thread's life and a version's name and revision alone.
  const pool = openThreadPool(
    { maxThreads: 8, maxIdleThreads: 8, impatientThreads: 1 },
    () => ({ isAlive: true, isReady: true, number: ++made }) as unknown as FunctionThread,
    () => undefined,
  );
  const version = { name: 'short', revisionId: 'short' } as unknown as FunctionVersion;
  const first = await pool.lend(version, Infinity);
  const leases = [2, 3].map(() => pool.lend(version, Infinity));
  await vi.advanceTimersByTimeAsync(240);
  first.release();
  await vi.advanceTimersByTimeAsync(240);
  expect(made).toBe(1);
  await vi.advanceTimersByTimeAsync(10);
  expect(made).toBe(2);
  expect((await Promise.all(leases)).map(({ isCold }) => isCold)).toEqual([false, true]);
  vi.useRealTimers();
});

it('has patience with a thread that is starting, but not for ever', async () => {
  vi.useFakeTimers();
  let made = 0;
  // The pool looks at a thread's life and a version's name and revision alone.
  const pool = openThreadPool(
    { maxThreads: 8, maxIdleThreads: 8, impatientThreads: 1 },
    () => ({ isAlive: true, isReady: false, number: ++made }) as unknown as FunctionThread,
    () => undefined,
  );
  const version = { name: 'slow', revisionId: 'slow' } as unknown as FunctionVersion;
  await pool.lend(version, Infinity);
  const second = pool.lend(version, Infinity);
  await vi.advanceTimersByTimeAsync(1_990);
  expect(made).toBe(1);
  await vi.advanceTimersByTimeAsync(10);
  expect((await second).isCold).toBe(true);
  vi.useRealTimers();
});

it('begins a new log file when one has grown past 5 MB, and keeps the last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-logs-'));
  const logs = openFunctionLogs(folder);
  const entry = { at: '2026-01-05T09:00:00.000Z', requestId: 'r', message: 'x'.repeat(1_000_000) };
  for (let n = 0; n < 6; n++) logs.append('app', entry);
  expect(existsSync(join(folder, 'logs', 'app.1.log'))).toBe(true);
  expect(statSync(join(folder, 'logs', 'app.log')).size).toBeLessThan(2_000_000);
  expect(readLog(folder, 'app', 9_000_000).entries).toEqual([entry]);
  logs.close();
  rmSync(folder, { recursive: true });
});
