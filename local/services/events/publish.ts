import { randomUUID } from 'node:crypto';
import type { Target } from '@aws-sdk/client-eventbridge';
import type { Json } from '../../json.ts';
import type { CloudContext, ServiceEvent } from '../service-module.ts';
import { scheduleDelivery } from './deliver.ts';
import { eventTime, type BusEvent } from './event.ts';
import type { Rule, Rules } from './rules.ts';

/** Puts an event on a bus: one durable delivery for each target of each rule that fits, in the open transaction. */
export function publish(event: BusEvent, bus: string, rules: Rules, context: CloudContext): void {
  const matching = rules.matching(bus, event satisfies Json);
  if (matching.length === 0) return;
  context.store.transaction(() => {
    for (const { rule, targets } of matching) publishToTargets(event, rule, targets, context);
  });
}

/** Schedules the deliveries of an event to the targets of one rule. */
export function publishToTargets(event: BusEvent, rule: Rule, targets: readonly Target[], context: CloudContext): void {
  const nowMs = context.clock.nowMs();
  for (const target of targets) {
    scheduleDelivery(
      {
        id: randomUUID(),
        event,
        target,
        rule: { arn: rule.arn, name: rule.name },
        firstAtMs: nowMs,
        retries: 0,
      },
      nowMs,
      context,
    );
  }
}

/** An event that an AWS service sends, as it lies on the default bus. */
export function serviceEvent(event: ServiceEvent, context: CloudContext): BusEvent {
  return {
    version: '0',
    id: event.id ?? randomUUID(),
    'detail-type': event['detail-type'],
    source: event.source,
    account: event.account ?? context.account,
    time: event.time ?? eventTime(context.clock.nowMs()),
    region: event.region ?? context.region,
    resources: [...event.resources],
    detail: event.detail,
  };
}
