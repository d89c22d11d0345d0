import type { Store } from '../../store/store.ts';

const queues = new WeakMap<Store, Map<string, Promise<unknown>>>();

/** Runs `work` after all that was asked for under the same key before: branches of one execution write one history. */
export async function inTurn<T>(store: Store, key: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(store) ?? new Map<string, Promise<unknown>>();
  queues.set(store, queue);
  const before = queue.get(key);
  const mine = before ? before.then(work, work) : work();
  queue.set(key, mine);
  try {
    return await mine;
  } finally {
    if (queue.get(key) === mine) queue.delete(key);
  }
}
