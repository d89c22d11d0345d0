import { EventField } from 'aws-cdk-lib/aws-events';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { expiryTokenPrefix } from '../../shared/actions/provision-resources/declaration.ts';
import { DeliveryRule } from '../constructs/rule.ts';
import type { Foundation } from './foundation.ts';

/** Where the channels of people tell what happens. */
export interface Channels {
  readonly notifyWebhookUrl: string | undefined;
}

/** What happens goes from the bus to the topic, and from there to people and their tools. */
export function tellPeople(
  { stack, data, bus, deadEvents, deadInvocations, makeFunction }: Foundation,
  { notifyWebhookUrl }: Channels,
): void {
  const notify = makeFunction('notifications-notify', 'Tells people, one message a channel', {
    environment: notifyWebhookUrl ? { SLIPWAY_NOTIFY_WEBHOOK_URL: notifyWebhookUrl } : {},
    onFailure: new SqsDestination(deadInvocations),
  });
  new DeliveryRule(stack, 'TellPeople', {
    bus,
    description: 'Publishes what happens to releases and approvals',
    pattern: {
      source: ['slipway'],
      detailType: [{ prefix: 'release.' }, { prefix: 'approval.' }] as unknown as string[], // the type knows plain strings only
      detail: { releaseId: [{ exists: true }] },
    },
    target: { kind: 'topic', topic: data.topic },
    inputPath: '$.detail',
    deadLetters: deadEvents,
  });
  data.topic.addSubscription(new LambdaSubscription(notify, { deadLetterQueue: deadInvocations }));
}

/** Operators hear of a stack whose time is over and that CloudFormation could not delete: nothing else would tell. */
export function tellOperators({ stack, data, deadEvents }: Foundation): void {
  new DeliveryRule(stack, 'ExpiredStackStays', {
    description: 'A stack whose time is over could not be deleted',
    pattern: {
      source: ['aws.cloudformation'],
      detailType: ['CloudFormation Stack Status Change'],
      detail: {
        'client-request-token': [{ prefix: expiryTokenPrefix }],
        'status-details': { status: ['DELETE_FAILED'] },
      },
    },
    target: { kind: 'topic', topic: data.operationsTopic },
    input: {
      problem:
        'Slipway: a stack whose time is over could not be deleted; it is tried again every 6 hours for a day. Read its events, mend the cause, or delete it by hand.',
      stackId: EventField.fromPath('$.detail.stack-id'),
      reason: EventField.fromPath('$.detail.status-details.status-reason'),
    },
    deadLetters: deadEvents,
  });
}
