import type { CloudContext } from '../service-module.ts';
import type { Arrivals } from './arrivals.ts';
import type { MessageStore } from './message-store.ts';
import type { QueueStore } from './queue-store.ts';

/** What the operations of SQS share. */
export interface SqsState {
  readonly context: CloudContext;
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly arrivals: Arrivals;
}
