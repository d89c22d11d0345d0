import type { Store } from '../../store/store.ts';

interface Waiting {
  /** Does the work and remembers what came of it; throws what the work throws. */
  run(): void;
  /** Tells the one who waits, once all is written. */
  tell(): void;
  refuse(error: unknown): void;
}

const queues = new WeakMap<Store, Waiting[]>();
const maxTogether = 200;

/**
 * Runs `work` in a transaction that it shares with what others ask for at the same time, and resolves when that is
 * committed: one commit for many executions. If one of them fails, each gets a transaction of its own, so `work` may run
 * twice, the first time without effect on the store.
 */
export function commitTogether<T>(store: Store, work: () => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let result: T;
    const waiting: Waiting = {
      run: () => void (result = work()),
      tell: () => resolve(result),
      refuse: reject,
    };
    const queue = queues.get(store);
    if (queue) return void queue.push(waiting);
    queues.set(store, [waiting]);
    setImmediate(() => flush(store));
  });
}

function flush(store: Store): void {
  const queue = queues.get(store) ?? [];
  queues.delete(store);
  for (let start = 0; start < queue.length; start += maxTogether)
    commit(store, queue.slice(start, start + maxTogether));
}

function commit(store: Store, group: readonly Waiting[]): void {
  try {
    store.transaction(() => {
      for (const each of group) each.run();
    });
  } catch (error) {
    const [first] = group;
    if (group.length > 1) for (const each of group) commit(store, [each]);
    else first?.refuse(error);
    return;
  }
  for (const each of group) each.tell();
}
