import * as z from 'zod/mini';
import { epochSecondsIn, nowAt, type Clock } from '../../clock.ts';
import type { Item, Store } from '../../state/store.ts';
import { expiryAttribute, keys, sweeps, type Key } from '../../state/table.ts';
import { workOrderSchema, type WorkOrder } from './work-order.ts';

/** A job as CodePipeline gave it to a worker. */
export interface GivenJob {
  readonly jobId: string;
  /** Tells this hand-out from a later one of the same job. */
  readonly nonce: string;
  readonly order: WorkOrder;
}

/** A job that CodePipeline gave to a worker, until its function is started. */
export interface HandOut extends GivenJob {
  readonly keptAt: string;
  /** When it is looked at. */
  readonly dueAt: string;
  /** How often it was looked at. */
  readonly lookCount: number;
  /** CodePipeline has said that the job is this hand-out's. */
  readonly isAcknowledged: boolean;
}

/** Remembers what a worker that dies would leave behind. */
export interface HandOuts {
  /** Keeps a hand-out until it is removed; it is due in two minutes. */
  keep(given: GivenJob): Promise<HandOut>;
  /**
   * Those that are due, the longest due first, 50 at most. One that cannot be read is told of, and put off like the others, so
   * that it keeps nobody from theirs.
   */
  due(unreadable: (thrown: unknown) => void): Promise<readonly HandOut[]>;
  /** Puts a hand-out off to its next look, each time for longer. @returns false if another worker has done so */
  take(handOut: HandOut): Promise<boolean>;
  /** Keeps that the job is this hand-out's. */
  keepAcknowledgement(handOut: HandOut): Promise<void>;
  /** Whether the job was given to a worker again after this hand-out. */
  isGivenAgain(handOut: HandOut): Promise<boolean>;
  remove(handOut: HandOut): Promise<void>;
}

const keptSeconds = 24 * 3600;

/** A hand-out is looked at again after this time: its worker has died, or its job could not be started. */
const firstLookMs = 2 * 60_000;
const longestBetweenLooksMs = 60 * 60_000;

/** After so many looks the time between two is the longest. */
const mostDoublings = 5;

const handOutItem = z.object({
  ...{ jobId: z.string(), nonce: z.string(), order: z.string() },
  keptAt: z._default(z.iso.datetime(), new Date(0).toISOString()),
  gsi1sk: z.iso.datetime(),
  lookCount: z._default(z.int(), 0),
  acknowledgedAt: z.optional(z.iso.datetime()),
});

function readHandOut(item: Item): HandOut {
  const { jobId, nonce, order, keptAt, gsi1sk: dueAt, lookCount, acknowledgedAt } = handOutItem.parse(item);
  const isAcknowledged = acknowledgedAt !== undefined;
  return { jobId, nonce, order: workOrderSchema.parse(JSON.parse(order)), keptAt, dueAt, lookCount, isAcknowledged };
}

/** Hand-outs in the one table. */
export function createHandOuts(store: Store, clock: Clock): HandOuts {
  const nextLookAt = (lookCount: number): string =>
    new Date(
      clock.nowMs() + Math.min(longestBetweenLooksMs, firstLookMs * 2 ** Math.min(mostDoublings, lookCount)),
    ).toISOString();
  const putOff = async (key: Key, dueAt: string, lookCount: number): Promise<boolean> => {
    const set = { gsi1sk: nextLookAt(lookCount), lookCount };
    return (await store.write({ update: key, set, when: { equals: { gsi1sk: dueAt } } })).written;
  };
  return {
    async keep({ jobId, nonce, order }) {
      const keptAt = nowAt(clock);
      const dueAt = nextLookAt(0);
      const item = { jobId, nonce, order: JSON.stringify(order), keptAt, gsi1pk: sweeps.handOuts, gsi1sk: dueAt };
      const expiry = { [expiryAttribute]: epochSecondsIn(clock, keptSeconds) };
      await store.write({ put: { ...keys.handOut(jobId, nonce), ...item, ...expiry } });
      return { jobId, nonce, order, keptAt, dueAt, lookCount: 0, isAcknowledged: false };
    },
    async due(unreadable) {
      const page = await store.query({ index: 'sweep', partition: sweeps.handOuts, upTo: nowAt(clock), limit: 50 });
      const read: HandOut[] = [];
      for (const item of page.items) {
        try {
          read.push(readHandOut(item));
        } catch (thrown) {
          unreadable(thrown);
          await putOff({ pk: item.pk, sk: item.sk }, String(item['gsi1sk']), mostDoublings);
        }
      }
      return read;
    },
    take: ({ jobId, nonce, dueAt, lookCount }) => putOff(keys.handOut(jobId, nonce), dueAt, lookCount + 1),
    async keepAcknowledgement({ jobId, nonce }) {
      // One that was removed meanwhile stays so.
      const when = { present: ['nonce'] };
      await store.write({ update: keys.handOut(jobId, nonce), set: { acknowledgedAt: nowAt(clock) }, when });
    },
    async isGivenAgain({ jobId, nonce, keptAt }) {
      const { pk, sk } = keys.handOut(jobId, '');
      // A job is given again after half a minute or more, so there are few.
      const { items } = await store.query({ partition: pk, prefix: sk, limit: 100 });
      const ownKey = keys.handOut(jobId, nonce).sk;
      return items.some((other) => other.sk !== ownKey && String(other['keptAt']) > keptAt);
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
