import { describeEvent } from '../events/describe.ts';
import type { SlipwayEvent } from '../events/event.ts';

/** What people are told of an event, for every channel to put in its own form. */
export interface Message {
  /** The event's id: a channel that hears of it twice knows by this. */
  readonly id: string;
  readonly releaseId: string;
  readonly service: string;
  readonly traceId: string;
  readonly type: SlipwayEvent['type'];
  readonly at: string;
  readonly severity: 'info' | 'action' | 'success' | 'failure';
  /** One line: `checkout: Approve/Ask waits for approval`. */
  readonly text: string;
}

/** The message for an event. */
export function toMessage(event: SlipwayEvent): Message {
  const { id, releaseId, service, traceId, type, at } = event;
  const text = `${service}: ${describeEvent(event)}`;
  return { id, releaseId, service, traceId, type, at, severity: severityOf(event), text };
}

function severityOf(event: SlipwayEvent): Message['severity'] {
  switch (event.type) {
    case 'approval.requested':
      return 'action';
    case 'release.succeeded':
      return 'success';
    case 'release.failed':
      return 'failure';
    default:
      return 'info';
  }
}
