import { isPublic, type Bus } from '../events/bus.ts';
import type { SlipwayEvent } from '../events/event.ts';
import { appendEvent, type Appended, type EventLogContext } from './event-log.ts';

/** What recording needs. */
export interface RecordContext extends EventLogContext {
  readonly bus: Bus;
}

/**
 * Appends an event and tells the bus of it, if people may be told. A repeat is told again, because whoever appended it may
 * have died before telling; consumers know repeats by the event's id.
 */
export async function recordEvent(context: RecordContext, event: SlipwayEvent): Promise<Appended> {
  const appended = await appendEvent(context, event);
  if (isPublic(event)) await context.bus.publish(event);
  return appended;
}
