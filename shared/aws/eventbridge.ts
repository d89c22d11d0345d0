import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Misconfigured, ServiceUnavailable } from '../errors.ts';
import { eventSource, type Bus } from '../events/bus.ts';
import { clientSettings } from './client-settings.ts';
import { calling } from './failure.ts';

/** The custom bus. An entry that EventBridge took the call for and refused is an error like any other. */
export function eventBus(busName: string, client: EventBridgeClient = new EventBridgeClient(clientSettings)): Bus {
  return {
    async publish(event) {
      const entry = {
        EventBusName: busName,
        Source: eventSource,
        DetailType: event.type,
        Detail: JSON.stringify(event),
      };
      const { FailedEntryCount: failedCount = 0, Entries: entries = [] } = await calling('events:PutEvents', () =>
        client.send(new PutEventsCommand({ Entries: [entry] })),
      );
      if (failedCount === 0) return;
      const code = entries[0]?.ErrorCode ?? 'unknown';
      const message = `bus ${busName} did not take ${event.type} of ${event.releaseId}: ${code}`;
      if (/Throttling|Internal/.test(code)) throw new ServiceUnavailable(`${message}; it is tried again`);
      throw new Misconfigured(`${message}; check that the bus exists and that this role may put events on it`);
    },
  };
}
