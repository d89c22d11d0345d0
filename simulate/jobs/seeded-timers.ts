import { randomUUID } from 'node:crypto';
import type { TimerRunner, Timers } from '../../local/clock/timers.ts';
import type { CloudClock } from '../../local/clock/clock.ts';
import type { Store } from '../../local/store/store.ts';
import type { Turns } from './turns.ts';

interface Timer {
  readonly id: string;
  readonly dueAtMs: number;
  readonly kind: string;
  readonly payload: string;
  readonly attempt: number;
}

/** The local cloud's queue of timers, whose order among those of one moment comes from the seed. */
export function seededTimers(turns: Turns, store: Store, clock: CloudClock): Timers {
  const runners = new Map<string, TimerRunner>();
  /** The scheduling that counts, by id. */
  const current = new Map<string, symbol>();
  const plan = (timer: Timer): void => {
    const { id, dueAtMs, kind, payload, attempt } = timer;
    const mine = Symbol(id);
    current.set(id, mine);
    const isMine = (): boolean => current.get(id) === mine;
    const complete = (): void => void (isMine() && current.delete(id));
    turns.at(dueAtMs, () => {
      const run = runners.get(kind);
      if (!isMine()) return;
      if (!run) throw new Error(`no runner for timers of kind ${kind}`);
      turns.begin(async () => {
        try {
          await run(JSON.parse(payload), { id, dueAtMs, attempt, complete });
          complete();
        } catch (thrown) {
          if (isMine()) plan({ ...timer, dueAtMs: clock.nowMs() + 1_000, attempt: attempt + 1 });
          throw thrown;
        }
      });
    });
  };
  return {
    on: (kind, run) => void runners.set(kind, run),
    schedule(kind, payload, { dueAtMs = clock.nowMs(), id = randomUUID() } = {}) {
      store.afterCommit(() =>
        plan({ id, dueAtMs: Math.ceil(dueAtMs), kind, payload: JSON.stringify(payload), attempt: 1 }),
      );
      return id;
    },
    cancel: (id) => store.afterCommit(() => void current.delete(id)),
    start: () => undefined,
    stop: () => Promise.resolve(),
    settled: () => Promise.resolve(),
    advanceTo: () => Promise.reject(new Error('the turns of a simulation move the clock')),
  };
}
