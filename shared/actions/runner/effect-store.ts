import * as z from 'zod/mini';
import { epochSecondsIn, nowAt, type Clock } from '../../clock.ts';
import type { Store } from '../../state/store.ts';
import { expiryAttribute, keys } from '../../state/table.ts';
import type { EffectKey, EffectStore } from './once.ts';

/** Longer than a stage can be retried. */
const keptSeconds = 400 * 24 * 3600;

const effectItem = z.object({ begunAt: z.string(), result: z.optional(z.string()) });

/** Effects in the one table. */
export function effectStore(store: Store, clock: Clock): EffectStore {
  const keyOf = ({ scope, name }: EffectKey): ReturnType<typeof keys.effect> => keys.effect(scope, name);
  return {
    async read(key) {
      const item = await store.read(keyOf(key));
      if (!item) return undefined;
      const { begunAt, result } = effectItem.parse(item);
      return { begunAt, result };
    },
    async begin(key, begunAt) {
      await store.write({
        put: { ...keyOf(key), begunAt, [expiryAttribute]: epochSecondsIn(clock, keptSeconds) },
        when: { absent: ['pk'] },
      });
    },
    async finish(key, result) {
      await store.write({ update: keyOf(key), set: { result, madeAt: nowAt(clock) } });
    },
  };
}
