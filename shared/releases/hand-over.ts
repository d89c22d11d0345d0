import { nowAt, type Clock, type Pause } from '../clock.ts';
import { NotFound } from '../errors.ts';
import { readRelease } from '../state/event-log.ts';
import { recordEvent, type RecordContext } from '../state/record.ts';
import { resolveWait, waitKeys, type WaitsContext } from '../state/waits.ts';
import { acquireSlot, freeSlot } from './slot.ts';

/** What taking a slot needs. */
export interface TakeContext extends RecordContext {
  readonly clock: Clock;
  readonly pause: Pause;
}

/** The answer to the workflow; `wait` is the key to wait for when another release has the slot. */
export type SlotOutcome = { readonly isHeld: true } | { readonly isHeld: false; readonly wait: string };

/** Takes the slot of the release's service, or a place in the queue, which the log then says. */
export async function takeSlot(context: TakeContext, releaseId: string, workflow: string): Promise<SlotOutcome> {
  const found = await readRelease(context.store, releaseId);
  if (!found) throw new NotFound(`release ${releaseId} is not recorded`);
  const { service, traceId } = found.release;
  const { holder } = await acquireSlot(context, service, { releaseId, workflow });
  if (!holder || holder.releaseId === releaseId) return { isHeld: true };
  const at = nowAt(context.clock);
  const about = { contract: 1, id: `${releaseId}/queued`, at, releaseId, service, traceId } as const;
  await recordEvent(context, { ...about, type: 'release.queued', behind: holder.releaseId });
  return { isHeld: false, wait: waitKeys.slot(service, releaseId) };
}

/** Gives a release's slot back and tells the next in the queue. Repeating it tells the same one again. */
export async function passSlotOn(
  context: WaitsContext & { readonly pause: Pause },
  service: string,
  releaseId: string,
): Promise<void> {
  const { holder } = await freeSlot(context, service, releaseId);
  if (holder) await giveSlot(context, service, holder.releaseId);
}

/** Tells a release that the slot is its own. */
export async function giveSlot(context: WaitsContext, service: string, releaseId: string): Promise<void> {
  await resolveWait(context, waitKeys.slot(service, releaseId), { contract: 1, status: 'held' });
}
