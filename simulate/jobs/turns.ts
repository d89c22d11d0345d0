import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import type { CloudClock } from '../../local/clock/clock.ts';
import type { Random } from '../random.ts';

interface Turn {
  readonly atMs: number;
  /** Breaks ties between turns of one moment. */
  readonly order: number;
  readonly go: () => void;
}

/**
 * What happens in a run, one thing after the other: virtual time, and an order that comes from the seed alone. Work waits
 * for its turn at each call; while it does, whatever else is due comes first.
 */
export interface Turns {
  /** Has something happen at a moment; never before now. */
  at(atMs: number, go: () => void): void;
  /** Waits for a turn of one's own, inside what was begun with `begin`. */
  delay(ms: number): Promise<void>;
  /** Begins work that waits by `delay` alone. */
  begin(work: () => Promise<unknown>): void;
  /** Goes from turn to turn until nothing is left, or the clock would pass `untilMs`. @returns whether nothing is left */
  run(untilMs: number): Promise<boolean>;
}

/** Turns on a virtual clock. What `begin`s work throws goes to `report`. */
export function openTurns(clock: CloudClock, random: Random, report: (thrown: unknown) => void): Turns {
  let waiting: Turn[] = [];
  let busyCount = 0;
  const at: Turns['at'] = (atMs, go) => {
    waiting.push({ atMs: Math.max(atMs, clock.nowMs()), order: random.next(), go });
  };
  /** Until all that runs waits for a turn. */
  const settled = async (): Promise<void> => {
    for (let count = 0; busyCount > 0; count += 1) {
      // Only an action that runs out of its time waits on real time.
      if (count < 2_000) await immediate();
      else await sleep(1);
      if (count > 7_000) throw new Error('something waits for nothing');
    }
    // What was begun by the last of it.
    await immediate();
    if (busyCount > 0) await settled();
  };
  const take = (): Turn | undefined => {
    let first = waiting[0];
    for (const turn of waiting) {
      if (!first || turn.atMs < first.atMs || (turn.atMs === first.atMs && turn.order < first.order)) first = turn;
    }
    waiting = waiting.filter((turn) => turn !== first);
    return first;
  };
  return {
    at,
    delay: (ms) =>
      new Promise((resolve) => {
        busyCount -= 1;
        at(clock.nowMs() + ms, () => {
          busyCount += 1;
          resolve();
        });
      }),
    begin(work) {
      busyCount += 1;
      void work()
        .catch(report)
        .finally(() => (busyCount -= 1));
    },
    async run(untilMs) {
      for (;;) {
        await settled();
        const next = take();
        if (!next) return true;
        if (next.atMs > untilMs) return false;
        clock.jumpTo(next.atMs);
        next.go();
      }
    },
  };
}
