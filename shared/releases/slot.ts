import * as z from 'zod/mini';
import { nowAt, type Clock, type Pause } from '../clock.ts';
import { Conflict, ServiceUnavailable } from '../errors.ts';
import type { Store } from '../state/store.ts';
import { keys, sweeps } from '../state/table.ts';

const leaseSchema = z.object({ releaseId: z.string(), workflow: z.string(), since: z.string() });

/** One release's hold on a service, or its place in the queue; it names the workflow whose end frees it. */
export type Lease = z.infer<typeof leaseSchema>;

/** Who holds a service and who waits for it, first in first out. */
export interface Slot {
  readonly holder?: Lease | undefined;
  readonly queue: readonly Lease[];
}

/** What changing a slot needs. */
export interface SlotContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly pause: Pause;
}

/** An item holds 400 kB and a lease about 250 bytes; a queue this long says that something else is wrong. */
const longestQueue = 500;
const tries = 10;

/** The slot after a release asked for it. Asking again keeps the place. */
export function withLease(slot: Slot, lease: Lease): Slot {
  if (!slot.holder) return { ...slot, holder: lease };
  if (isIn(slot, lease.releaseId)) return slot;
  if (slot.queue.length >= longestQueue) {
    throw new Conflict(`${longestQueue} releases already wait for this service; end some of them first`);
  }
  return { ...slot, queue: [...slot.queue, lease] };
}

/** The slot after a release gave it back, or left the queue. The first in the queue becomes the holder. */
export function withoutLease(slot: Slot, releaseId: string): Slot {
  if (slot.holder?.releaseId === releaseId) {
    const [holder, ...queue] = slot.queue;
    return { holder, queue };
  }
  return slot.queue.some((lease) => lease.releaseId === releaseId)
    ? { ...slot, queue: slot.queue.filter((lease) => lease.releaseId !== releaseId) }
    : slot;
}

/** Takes the slot of a service, or a place in its queue. */
export async function acquireSlot(
  context: SlotContext,
  service: string,
  { releaseId, workflow }: { releaseId: string; workflow: string },
): Promise<Slot> {
  const since = nowAt(context.clock);
  return changeSlot(context, service, (slot) => withLease(slot, { releaseId, workflow, since }));
}

/** Gives the slot of a service back; the answer's holder is whoever must be told that it is theirs now. */
export async function freeSlot(context: SlotContext, service: string, releaseId: string): Promise<Slot> {
  return changeSlot(context, service, (slot) => withoutLease(slot, releaseId));
}

/** The slot of a service; nobody holds one that is not there. */
export async function readSlot(store: Store, service: string): Promise<Slot> {
  const item = await store.read(keys.slot(service));
  return item ? slotItem.parse(item) : { queue: [] };
}

/** Every service whose slot is held. */
export async function* heldSlots(store: Store): AsyncGenerator<{ service: string; slot: Slot }> {
  let from: string | undefined;
  do {
    const page = await store.query({ partition: sweeps.slots, index: 'sweep', limit: 100, ...(from && { from }) });
    for (const item of page.items) yield { service: z.string().parse(item.service), slot: slotItem.parse(item) };
    from = page.next;
  } while (from);
}

const slotItem = z.object({
  holder: z.optional(leaseSchema),
  queue: z.array(leaseSchema),
  revisionCount: z._default(z.number(), 0),
});

async function changeSlot({ store, pause }: SlotContext, service: string, change: (slot: Slot) => Slot): Promise<Slot> {
  const key = keys.slot(service);
  for (let attempt = 1; attempt <= tries; attempt++) {
    const item = await store.read(key);
    const { revisionCount, ...before } = item ? slotItem.parse(item) : { queue: [], revisionCount: 0 };
    const after = change(before);
    if (after === before) return before;
    const { holder, queue } = after;
    const { written } = await store.write({
      put: {
        ...key,
        service,
        queue: [...queue],
        revisionCount: revisionCount + 1,
        // Free slots are not swept.
        ...(holder && { holder, gsi1pk: sweeps.slots, gsi1sk: service }),
      },
      when: item ? { equals: { revisionCount } } : { absent: ['pk'] },
    });
    if (written) return after;
    await pause(attempt);
  }
  throw new ServiceUnavailable(`could not change the slot of ${service}: ${tries} tries met other writers; try again`);
}

function isIn({ holder, queue }: Slot, releaseId: string): boolean {
  return holder?.releaseId === releaseId || queue.some((lease) => lease.releaseId === releaseId);
}
