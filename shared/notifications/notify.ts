import type { SlipwayEvent } from '../events/event.ts';
import type { Log } from '../log.ts';
import type { Channel } from './channel.ts';
import { toMessage } from './message.ts';

/**
 * Tells every channel of an event. One that fails does not keep the others from it; then the first failure is thrown, so
 * that the delivery is tried again.
 */
export async function notify(channels: readonly Channel[], event: SlipwayEvent, log: Log): Promise<void> {
  const message = toMessage(event);
  const results = await Promise.allSettled(channels.map((channel) => channel.tell(message)));
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ channel: channels[index]?.id, thrown: result.reason as unknown }] : [],
  );
  for (const { channel, thrown } of failures) log.error('a channel failed', thrown, { channel, eventId: event.id });
  if (failures[0]) throw failures[0].thrown;
}
