import type { Target } from '@aws-sdk/client-eventbridge';
import type { Json } from '../../json.ts';
import { rolePrincipal, servicePrincipal, type Principal } from '../../gateway/principal.ts';
import type { DueTimer } from '../../clock/timers.ts';
import type { CloudContext } from '../service-module.ts';
import { busName, type Buses } from './buses.ts';
import { callTarget } from './delivery/call-target.ts';
import { classifyFailure, isAlreadyDelivered, type DeliveryFailure } from './delivery/failure.ts';
import { nextTry, retryLimits } from './delivery/retry.ts';
import { sendMessage } from './delivery/send-message.ts';
import type { BusEvent } from './event.ts';
import { targetInput } from './target-input.ts';

/** One event on its way to one target, as its timer carries it. */
export interface EventDelivery {
  /** The same for every attempt. */
  readonly id: string;
  readonly event: BusEvent;
  /** The target as it was when the event matched. */
  readonly target: Target;
  readonly rule: { readonly arn: string; readonly name: string };
  readonly firstAtMs: number;
  readonly retries: number;
}

/** What a delivery needs beside the cloud. */
export interface DeliverySurroundings {
  readonly context: CloudContext;
  readonly buses: Buses;
  /** Puts an event on another bus of this account. */
  republish(event: BusEvent, bus: string): void;
}

const kind = 'events.deliver';

/** Adds a delivery to the open transaction. */
export function scheduleDelivery(delivery: EventDelivery, dueAtMs: number, context: CloudContext): void {
  // A delivery is plain JSON: its target came from JSON or the SDK's own shapes without dates or bytes.
  context.timers.schedule(kind, delivery as unknown as Json, { dueAtMs });
}

/** Names the runner of deliveries. */
export function runDeliveries(around: DeliverySurroundings): void {
  around.context.timers.on(kind, async (payload, timer) => {
    // Written only by scheduleDelivery.
    const delivery = payload as unknown as EventDelivery;
    try {
      await deliver(delivery, around);
    } catch (error) {
      if (!isAlreadyDelivered(error)) await giveUpOrRetry(delivery, classifyFailure(error), timer, around.context);
    }
  });
}

async function deliver(delivery: EventDelivery, around: DeliverySurroundings): Promise<void> {
  const { target, event } = delivery;
  const arn = target.Arn ?? '';
  if (arn.includes(':event-bus/')) {
    around.republish(event, around.buses.get(busName(arn)).name);
    return;
  }
  const payload = targetInput(target, event, {
    ruleArn: delivery.rule.arn,
    ruleName: delivery.rule.name,
    ingestedAtMs: delivery.firstAtMs,
  });
  const messageGroupId = target.SqsParameters?.MessageGroupId;
  await callTarget(
    { arn, payload, executionName: `${event.id}_${delivery.id}`, ...(messageGroupId ? { messageGroupId } : {}) },
    around.context.gateway,
    principalOf(delivery),
  );
}

function principalOf({ target, rule }: EventDelivery): Principal {
  const service = servicePrincipal('events.amazonaws.com', rule.arn);
  return target.RoleArn === undefined ? service : rolePrincipal(target.RoleArn, rule.name.slice(0, 64), service);
}

async function giveUpOrRetry(
  delivery: EventDelivery,
  failure: DeliveryFailure,
  timer: DueTimer,
  context: CloudContext,
): Promise<void> {
  const next = failure.isRetryable
    ? nextTry(retryLimits(delivery.target.RetryPolicy), delivery, context.clock.nowMs())
    : { exhausted: undefined };
  if ('dueAtMs' in next) {
    context.store.transaction(() => {
      scheduleDelivery({ ...delivery, retries: delivery.retries + 1 }, next.dueAtMs, context);
      timer.complete();
    });
    return;
  }
  const { target, rule } = delivery;
  const queueArn = target.DeadLetterConfig?.Arn;
  context.report(
    `rule ${rule.name}: target ${target.Id} (${target.Arn}) did not take event ${delivery.event.id}: ` +
      `${failure.errorCode}: ${failure.message}; ${queueArn ? 'sent to its dead-letter queue' : 'dropped'}`,
  );
  if (queueArn) await sendDeadLetter(queueArn, delivery, { failure, exhausted: next.exhausted }, context);
}

async function sendDeadLetter(
  queueArn: string,
  delivery: EventDelivery,
  end: { failure: DeliveryFailure; exhausted: string | undefined },
  context: CloudContext,
): Promise<void> {
  const attributes = {
    RULE_ARN: delivery.rule.arn,
    TARGET_ARN: delivery.target.Arn ?? '',
    ERROR_CODE: end.failure.errorCode,
    ERROR_MESSAGE: end.failure.message || end.failure.errorCode,
    RETRY_ATTEMPTS: String(delivery.retries),
    ...(end.exhausted ? { EXHAUSTED_RETRY_CONDITION: end.exhausted } : {}),
  };
  try {
    const body = JSON.stringify(delivery.event);
    const principal = servicePrincipal('events.amazonaws.com', delivery.rule.arn);
    await sendMessage({ queueArn, body, attributes }, context.gateway, principal);
  } catch (error) {
    const failure = classifyFailure(error);
    // The timer tries again; what will never work is only told.
    if (failure.isRetryable) throw error;
    context.report(`rule ${delivery.rule.name}: its dead-letter queue ${queueArn} refused: ${failure.message}`);
  }
}
