import type { SlipwayEvent } from './event.ts';

/** The custom bus. Delivery is at least once and unordered; consumers tell repeats by the event's id. */
export interface Bus {
  /** @throws ServiceUnavailable when the bus has not taken the event. */
  publish(event: SlipwayEvent): Promise<void>;
}

/** The source of every event that Slipway puts on its bus. */
export const eventSource = 'slipway';

/** Whether people may be told of this event: only these go on the bus, the rest is in the release's log. */
export function isPublic(event: SlipwayEvent): boolean {
  // The request is on the bus already: it is what started the workflow that records it.
  if (event.type === 'release.requested') return false;
  return event.type.startsWith('release.') || event.type.startsWith('approval.');
}
