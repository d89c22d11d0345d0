import { isJsonObject } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import type { MessageCounts } from './message-store.ts';
import type { Queue, QueueStore } from './queue-store.ts';

/** Tells CloudWatch how full queues are, once a minute for as long as there is something in them. */
export interface QueueGauge {
  /** A message came into a queue, in the open transaction. */
  touch(queue: string): void;
}

const minuteMs = 60_000;
/** Counted just before the minute ends, so that an alarm that is evaluated at its end knows. */
const beforeEndMs = 1_000;

/** Names the runner that counts. An empty queue is told of once, and has no timer. */
export function openQueueGauge(
  { timers, store, clock, ...context }: CloudContext,
  queues: QueueStore,
  count: (queue: Queue) => MessageCounts,
): QueueGauge {
  const armed = new Set<string>();
  const arm = (queue: string): void => {
    const nowMs = clock.nowMs();
    const dueAtMs = (Math.floor((nowMs + beforeEndMs) / minuteMs) + 1) * minuteMs - beforeEndMs;
    timers.schedule('sqs.gauge', { queue }, { dueAtMs, id: `sqs.gauge/${queue}` });
    armed.add(queue);
  };
  timers.on('sqs.gauge', (payload, timer) => {
    const name = isJsonObject(payload) ? String(payload['queue']) : '';
    armed.delete(name);
    store.transaction(() => {
      timer.complete();
      const queue = queues.find(name);
      if (!queue) return;
      const { visible, inFlight, delayed } = count(queue);
      const values = {
        ApproximateNumberOfMessagesVisible: visible,
        ApproximateNumberOfMessagesNotVisible: inFlight,
        ApproximateNumberOfMessagesDelayed: delayed,
      };
      const dimensions = { QueueName: name };
      context.putMetrics(
        Object.entries(values).map(([metric, value]) => ({ namespace: 'AWS/SQS', name: metric, dimensions, value })),
      );
      if (visible + inFlight + delayed > 0) arm(name);
    });
  });
  return {
    touch: (queue) => {
      if (!armed.has(queue)) store.transaction(() => arm(queue));
    },
  };
}
