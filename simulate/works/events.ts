import type { Work } from '../work.ts';
import { expectCalled } from '../calls.ts';

/** An event on a bus, which a rule sends to a function. */
export const events: Work = {
  name: 'events',
  async begin({ events: bus, output }, piece) {
    const { FailedEntryCount: failedCount = 0 } = await bus.putEvents({
      Entries: [
        { EventBusName: output('Bus'), Source: 'simulation', DetailType: 'work', Detail: JSON.stringify({ piece }) },
      ],
    });
    if (failedCount > 0) throw new Error(`the bus refused ${piece}`);
  },
  check: (piece, { aws }) => expectCalled(piece, aws),
};
