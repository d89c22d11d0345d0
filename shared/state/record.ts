import { isPublic, type Bus } from '../events/bus.ts';
import type { SlipwayEvent } from '../events/event.ts';
import { appendEvent, readEntries, type Appended, type EventLogContext } from './event-log.ts';

/** What recording needs. */
export interface RecordContext extends EventLogContext {
  readonly bus: Bus;
}

/**
 * Appends an event and tells the bus of it, if people may be told. A repeat is told again, because whoever appended it may
 * have died before telling; consumers know repeats by the event's id. What is told is what the log holds: of two endings
 * with one id, the first.
 */
export async function recordEvent(context: RecordContext, event: SlipwayEvent): Promise<Appended> {
  const appended = await appendEvent(context, event);
  if (isPublic(event))
    await context.bus.publish(appended.isNew ? event : await readRecorded(context, event, appended.n));
  return appended;
}

async function readRecorded({ store }: RecordContext, event: SlipwayEvent, n: number): Promise<SlipwayEvent> {
  const [entry] = await readEntries(store, event.releaseId, { after: n - 1, limit: 1 });
  if (entry?.n === n) return entry.event;
  throw new Error(`event ${n} of ${event.releaseId} is marked as appended and is not there`);
}
