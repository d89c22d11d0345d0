import type { CloudContext } from '../service-module.ts';
import type { Deliveries } from './deliveries.ts';
import { checkFilterCount } from './filter/subscription-filter.ts';
import { invalidParameter } from './sns-error.ts';
import { readSubscriptionAttributes } from './subscription-attributes.ts';
import type { Subscription, TopicStore } from './topic-store.ts';

/** What subscribing needs. */
export interface SubscriptionParts {
  readonly context: CloudContext;
  readonly topics: TopicStore;
  readonly deliveries: Deliveries;
}

/** What somebody asks to be subscribed. */
export interface SubscriptionRequest {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly isOfTopicResource?: boolean;
}

const endpointPatterns: Readonly<Record<string, RegExp>> = {
  lambda: /^arn:aws:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/,
  sqs: /^arn:aws:sqs:[^:]+:\d{12}:[^:]+$/,
  http: /^http:\/\/./,
  https: /^https:\/\/./,
  email: /@/,
  'email-json': /@/,
  sms: /^\+?[\d-]+$/,
  application: /^arn:aws:sns:/,
  firehose: /^arn:aws:firehose:/,
};

/** Functions and queues of this cloud need no confirmation. */
const confirmedAtOnce = new Set(['lambda', 'sqs']);
const askedForConfirmation = new Set(['http', 'https']);

/** Confirmation tokens are good for two days (SNS developer guide). */
const tokenLifeMs = 2 * 24 * 3_600_000;

/**
 * Subscribes an endpoint, or gives the subscription it has; an HTTP endpoint is then asked to confirm.
 * @throws AwsError `InvalidParameterException`, `NotFoundException`, `FilterPolicyLimitExceededException`, or by name for what is
 *   not done locally
 */
export function subscribe(
  request: SubscriptionRequest,
  { context, topics, deliveries }: SubscriptionParts,
): Subscription {
  const { protocol, endpoint, topicArn } = request;
  checkEndpoint(protocol, endpoint);
  const attributes = readSubscriptionAttributes(request.attributes, protocol);
  return context.store.transaction(() => {
    topics.get(topicArn);
    const known = topics
      .subscriptions(topicArn)
      .find((other) => other.protocol === protocol && other.endpoint === endpoint);
    if (known && Object.entries(attributes).some(([name, value]) => known.attributes[name] !== value)) {
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    }
    if (!known && attributes['FilterPolicy'] !== undefined) checkFilterCount(topicArn, topics.subscriptions());
    const isOfTopicResource = request.isOfTopicResource ?? false;
    const isConfirmed = confirmedAtOnce.has(protocol);
    const subscription =
      known ?? topics.subscribe({ topicArn, protocol, endpoint, attributes, isConfirmed, isOfTopicResource });
    if (!subscription.isConfirmed) askToConfirm(subscription, deliveries, context);
    return subscription;
  });
}

function askToConfirm(subscription: Subscription, deliveries: Deliveries, context: CloudContext): void {
  const { protocol, endpoint } = subscription;
  if (askedForConfirmation.has(protocol)) deliveries.askToConfirm(subscription);
  else context.report(`sns: ${protocol} subscription of ${endpoint} is recorded; nothing is delivered to it locally`);
}

/**
 * Confirms the subscription that a token belongs to; doing it twice does no harm.
 * @throws AwsError `InvalidParameterException` for a token that is unknown or older than two days
 */
export function confirmSubscription(
  topicArn: string,
  token: string,
  { context, topics }: SubscriptionParts,
): Subscription {
  return context.store.transaction(() => {
    topics.get(topicArn);
    const found = topics.subscriptions(topicArn).find((subscription) => subscription.token === token);
    if (!found || (!found.isConfirmed && context.clock.nowMs() > found.createdAtMs + tokenLifeMs)) {
      throw invalidParameter('Token');
    }
    const confirmed = { ...found, isConfirmed: true };
    topics.putSubscription(confirmed);
    return confirmed;
  });
}

function checkEndpoint(protocol: string, endpoint: string): void {
  const pattern = Object.hasOwn(endpointPatterns, protocol) ? endpointPatterns[protocol] : undefined;
  if (!pattern) throw invalidParameter(`Does not support this protocol string: ${protocol}`);
  if (!pattern.test(endpoint)) throw invalidParameter(`${protocol} endpoint: ${endpoint}`);
}
