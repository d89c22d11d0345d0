import { isJsonObject, type Json } from '../../json.ts';
import { textFor } from './envelope.ts';
import { acceptsMessage } from './filter/accepts-message.ts';
import type { PublishedMessage } from './message.ts';
import type { DeliveryOutcome } from './post.ts';
import { isRaw, send, sendConfirmation, sendDeadLetter, type SendParts } from './send.ts';
import { readDeadLetterArn } from './subscription-attributes.ts';
import type { Subscription, TopicStore } from './topic-store.ts';

/** Brings messages to subscribers; what is queued survives a kill and is delivered at least once. */
export interface Deliveries {
  /** Queues one delivery for each subscriber whose filter lets the message through, in the open transaction. */
  fanOut(message: PublishedMessage): void;
  /** Queues the request for confirmation to an HTTP endpoint, in the open transaction. */
  askToConfirm(subscription: Subscription): void;
}

/** Three retries 20 s apart: SNS's default policy for HTTP endpoints. */
const httpDelaysMs = [20_000, 20_000, 20_000];

/**
 * For functions and queues SNS goes on for 23 days; here it is its first three phases (three at once, two after a second,
 * ten from 1 to 20 s) and then a minute's worth of its last one.
 */
const serviceDelaysMs = [
  0,
  0,
  0,
  1000,
  1000,
  ...[1, 2, 3, 5, 7, 9, 12, 15, 18, 20].map((s) => s * 1000),
  20_000,
  20_000,
  20_000,
];

/** Opens the deliveries of a cloud. */
export function openDeliveries(topics: TopicStore, parts: SendParts): Deliveries {
  const { context } = parts;
  const { timers, store } = context;

  /** Delivered, tried again later, or given up: one write with the end of the timer. */
  const settle = (delivery: Delivery, outcome: DeliveryOutcome): void => {
    if (outcome.kind === 'delivered') return;
    const { subscription, attempt } = delivery;
    const delayMs = delaysOf(subscription)[attempt - 1];
    if (outcome.kind === 'failed' && delayMs !== undefined) {
      schedule({ ...delivery, attempt: attempt + 1 }, context.clock.nowMs() + delayMs);
      return;
    }
    context.report(`sns: not delivered to ${subscription.protocol} ${subscription.endpoint}: ${outcome.reason}`);
    const redrive = subscription.attributes['RedrivePolicy'];
    if (redrive === undefined || !delivery.message) return;
    timers.schedule('sns.dead-letter', {
      queue: readDeadLetterArn(redrive),
      topic: subscription.topicArn,
      text: deadText(delivery.message, subscription),
    });
  };

  const schedule = ({ subscription, message, attempt }: Delivery, dueAtMs: number): void => {
    const payload: Json = { subscription: subscription.arn, attempt, ...(message && { message }) };
    timers.schedule('sns.deliver', payload, { dueAtMs });
  };

  const deadText = (message: PublishedMessage, subscription: Subscription): string =>
    isRaw(subscription)
      ? textFor(message, subscription.protocol)
      : JSON.stringify(parts.envelopes.notification(message, subscription), null, 2);

  timers.on('sns.deliver', async (payload, timer) => {
    const delivery = readDelivery(payload, topics);
    if (!delivery) return;
    const { message, subscription } = delivery;
    const outcome = await (message ? send(message, subscription, parts) : sendConfirmation(subscription, parts));
    store.transaction(() => {
      settle(delivery, outcome);
      timer.complete();
    });
  });

  timers.on('sns.dead-letter', async (payload) => {
    const { queue, topic, text } = isJsonObject(payload) ? payload : {};
    const letter = { queueArn: String(queue), topicArn: String(topic), text: String(text) };
    const outcome = await sendDeadLetter(letter, context);
    if (outcome.kind === 'failed') throw new Error(outcome.reason);
    if (outcome.kind === 'refused')
      context.report(`sns: lost for the dead-letter queue ${String(queue)}: ${outcome.reason}`);
  });

  return {
    fanOut: (message) => {
      for (const subscription of topics.subscriptions(message.topicArn)) {
        const isForNow = subscription.isConfirmed || !isHttp(subscription);
        if (isForNow && acceptsMessage(subscription, message))
          schedule({ subscription, message, attempt: 1 }, context.clock.nowMs());
      }
    },
    askToConfirm: (subscription) => schedule({ subscription, attempt: 1 }, context.clock.nowMs()),
  };
}

/** Without a message it is the request for confirmation. */
interface Delivery {
  readonly subscription: Subscription;
  readonly message?: PublishedMessage;
  /** 1 for the first. */
  readonly attempt: number;
}

function isHttp({ protocol }: Subscription): boolean {
  return protocol === 'http' || protocol === 'https';
}

function delaysOf(subscription: Subscription): readonly number[] {
  return isHttp(subscription) ? httpDelaysMs : serviceDelaysMs;
}

/** Undefined if nobody is subscribed any more. */
function readDelivery(payload: Json, topics: TopicStore): Delivery | undefined {
  if (!isJsonObject(payload)) return undefined;
  const subscription = topics.findSubscription(String(payload['subscription']));
  if (!subscription) return undefined;
  // Timers of this kind are scheduled by this file only.
  const message = payload['message'] as PublishedMessage | undefined;
  return { subscription, attempt: Number(payload['attempt']), ...(message && { message }) };
}
