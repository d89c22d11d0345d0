import type { Log } from '../../log.ts';
import type { Channel } from '../channel.ts';

/** Tells the function's log, one line for each message. */
export function logChannel(log: Log): Channel {
  return {
    id: 'log',
    tell: async ({ text, id, releaseId, service, traceId, type }) =>
      log.info('told', { text, eventId: id, releaseId, serviceName: service, traceId, type }),
  };
}
