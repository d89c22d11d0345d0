import * as z from 'zod/mini';
import { epochSecondsIn, type Clock } from '../clock.ts';
import type { Item, Store } from '../state/store.ts';
import { expiryAttribute, keys, sweeps } from '../state/table.ts';
import { workOrderSchema, type WorkOrder } from './work-order.ts';

/** A job that CodePipeline gave to a worker, until its function is started. */
export interface HandOut {
  readonly jobId: string;
  /** Tells this hand-out from a later one of the same job. */
  readonly nonce: string;
  readonly order: WorkOrder;
}

/** Remembers what a worker that dies would leave behind. */
export interface HandOuts {
  /** Kept until it is removed; due at `dueAt`, ISO 8601. */
  keep(handOut: HandOut, dueAt: string): Promise<void>;
  /** Those that are due; one that cannot be read is told of and keeps nobody else from theirs. */
  due(now: string, unreadable: (thrown: unknown) => void): Promise<readonly HandOut[]>;
  remove(handOut: HandOut): Promise<void>;
}

const keptSeconds = 24 * 3600;

const handOutItem = z.object({ jobId: z.string(), nonce: z.string(), order: z.string() });

function readHandOut(item: Item): HandOut {
  const { jobId, nonce, order } = handOutItem.parse(item);
  return { jobId, nonce, order: workOrderSchema.parse(JSON.parse(order)) };
}

/** Hand-outs in the one table. */
export function createHandOuts(store: Store, clock: Clock): HandOuts {
  return {
    async keep({ jobId, nonce, order }, dueAt) {
      const item = { jobId, nonce, order: JSON.stringify(order), gsi1pk: sweeps.handOuts, gsi1sk: dueAt };
      const expiry = { [expiryAttribute]: epochSecondsIn(clock, keptSeconds) };
      await store.write({ put: { ...keys.handOut(jobId, nonce), ...item, ...expiry } });
    },
    async due(now, unreadable) {
      const page = await store.query({ index: 'sweep', partition: sweeps.handOuts, upTo: now, limit: 50 });
      return page.items.flatMap((item) => {
        try {
          return [readHandOut(item)];
        } catch (thrown) {
          unreadable(thrown);
          return [];
        }
      });
    },
    async remove({ jobId, nonce }) {
      await store.write({
        update: keys.handOut(jobId, nonce),
        remove: ['gsi1pk', 'gsi1sk', 'nonce'],
        when: { present: ['pk'] },
      });
    },
  };
}
