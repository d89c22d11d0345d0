import type { SNS, Subscription as ListedSubscription } from '@aws-sdk/client-sns';
import type { Operations } from '../../gateway/service.ts';
import { checkFilterCount, scopeOf } from './filter/subscription-filter.ts';
import { readSubscriptionAttributes } from './subscription-attributes.ts';
import { confirmSubscription, subscribe, type SubscriptionParts } from './subscriptions.ts';
import { toPage } from './topic-operations.ts';
import type { Subscription, TopicStore } from './topic-store.ts';

type SubscriptionOperations =
  | 'Subscribe'
  | 'ConfirmSubscription'
  | 'Unsubscribe'
  | 'ListSubscriptions'
  | 'ListSubscriptionsByTopic'
  | 'GetSubscriptionAttributes'
  | 'SetSubscriptionAttributes';

/** The operations on subscriptions. */
export function subscriptionOperations(parts: SubscriptionParts): Pick<Operations<SNS>, SubscriptionOperations> {
  const { topics, context } = parts;
  const toListed = (subscription: Subscription): ListedSubscription => ({
    SubscriptionArn: subscription.isConfirmed ? subscription.arn : 'PendingConfirmation',
    Owner: context.account,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  });
  return {
    Subscribe: ({ TopicArn = '', Protocol = '', Endpoint = '', Attributes = {}, ReturnSubscriptionArn }) => {
      const request = { topicArn: TopicArn, protocol: Protocol, endpoint: Endpoint, attributes: Attributes };
      const { arn, isConfirmed } = subscribe(request, parts);
      return { SubscriptionArn: isConfirmed || ReturnSubscriptionArn ? arn : 'pending confirmation' };
    },
    ConfirmSubscription: ({ TopicArn = '', Token = '', AuthenticateOnUnsubscribe }) => {
      const confirmed = confirmSubscription(TopicArn, Token, parts);
      if (AuthenticateOnUnsubscribe === 'true') {
        const attributes = { ...confirmed.attributes, ConfirmationWasAuthenticated: 'true' };
        topics.putSubscription({ ...confirmed, attributes });
      }
      return { SubscriptionArn: confirmed.arn };
    },
    Unsubscribe: ({ SubscriptionArn = '' }) => {
      topics.unsubscribe(SubscriptionArn);
      return {};
    },
    ListSubscriptions: ({ NextToken = '' }) => {
      const { page, next } = toPage(topics.subscriptions(), NextToken);
      return { Subscriptions: page.map(toListed), ...next };
    },
    ListSubscriptionsByTopic: ({ TopicArn = '', NextToken = '' }) => {
      const { page, next } = toPage(topics.subscriptions(topics.get(TopicArn).arn), NextToken);
      return { Subscriptions: page.map(toListed), ...next };
    },
    GetSubscriptionAttributes: ({ SubscriptionArn = '' }) => ({
      Attributes: describe(topics.getSubscription(SubscriptionArn), context.account),
    }),
    SetSubscriptionAttributes: ({ SubscriptionArn = '', AttributeName = '', AttributeValue = '' }) => {
      const subscription = topics.getSubscription(SubscriptionArn);
      setAttributes(subscription, { [AttributeName]: AttributeValue }, topics);
      return {};
    },
  };
}

function setAttributes(subscription: Subscription, given: Record<string, string>, topics: TopicStore): void {
  const { topicArn, protocol, attributes: before } = subscription;
  const attributes = readSubscriptionAttributes(given, protocol, before);
  const isFiltered = attributes['FilterPolicy'] !== undefined;
  if (isFiltered && before['FilterPolicy'] === undefined) checkFilterCount(topicArn, topics.subscriptions());
  topics.putSubscription({ ...subscription, attributes });
}

function describe(subscription: Subscription, account: string): Record<string, string> {
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: account,
    PendingConfirmation: String(!subscription.isConfirmed),
    ConfirmationWasAuthenticated: String(subscription.protocol === 'lambda' || subscription.protocol === 'sqs'),
    RawMessageDelivery: 'false',
    ...(subscription.attributes['FilterPolicy'] !== undefined && {
      FilterPolicyScope: scopeOf(subscription.attributes),
    }),
    ...subscription.attributes,
  };
}
