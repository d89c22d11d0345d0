import { randomUUID } from 'node:crypto';
import { isJsonObject } from '../../json.ts';
import { waitOnServiceTime } from '../../gateway/request-hold.ts';
import type { CloudContext } from '../service-module.ts';

/** Wakes long polls. */
export interface Arrivals {
  /** Says that a queue may have something to receive. */
  announce(queue: string): void;
  /**
   * Waits until something is announced for `queue` or the cloud's clock shows `untilMs`. Where the clock is held (the
   * waiter is a function, whose invocation holds it), the same time by the machine's clock ends the wait.
   */
  wait(queue: string, untilMs: number): Promise<void>;
  /** Ends every wait, for good. */
  close(): void;
  readonly isClosed: boolean;
}

interface Waiter {
  readonly queue: string;
  readonly wake: () => void;
}

/** Opens the waiting room. Waits end with the process; a timer that finds nobody waiting does nothing. */
export function openArrivals({ clock, timers, store }: CloudContext): Arrivals {
  const waiters = new Map<string, Waiter>();
  let isClosed = false;
  timers.on('sqs.wake', (payload) => {
    if (isJsonObject(payload)) waiters.get(String(payload['waiter']))?.wake();
  });

  const wait = (queue: string, untilMs: number): Promise<void> =>
    new Promise((resolve) => {
      const waiter = randomUUID();
      const timer = timers.schedule('sqs.wake', { waiter }, { dueAtMs: untilMs });
      const realTime = setTimeout(() => wake(), Math.max(0, untilMs - clock.nowMs()));
      const wake = (): void => {
        if (!waiters.delete(waiter)) return;
        clearTimeout(realTime);
        timers.cancel(timer);
        resolve();
      };
      waiters.set(waiter, { queue, wake });
    });

  const wakeAll = (isMeant: (waiter: Waiter) => boolean): void => {
    for (const waiter of [...waiters.values()].filter(isMeant)) waiter.wake();
  };
  return {
    announce: (queue) => store.afterCommit(() => wakeAll((waiter) => waiter.queue === queue)),
    wait: (queue, untilMs) => waitOnServiceTime(wait(queue, untilMs)),
    close() {
      isClosed = true;
      wakeAll(() => true);
    },
    get isClosed() {
      return isClosed;
    },
  };
}
