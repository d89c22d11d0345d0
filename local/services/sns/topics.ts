import { notSupportedLocally } from '../../errors.ts';
import type { CloudContext } from '../service-module.ts';
import { invalidParameter } from './sns-error.ts';
import type { Topic, TopicStore } from './topic-store.ts';

/** Attributes of a topic that may be set; those that would do nothing locally are refused instead. */
const settable = new Set(['DisplayName', 'Policy', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig']);
const notDone = new Set([
  'FifoTopic',
  'ContentBasedDeduplication',
  'FifoThroughputScope',
  'ArchivePolicy',
  'DataProtectionPolicy',
  'DeliveryPolicy',
  'MaximumMessageSize',
]);

/**
 * Makes a topic, or gives the one of this name.
 * @throws AwsError `InvalidParameterException` for a bad name, or if it is there with other attributes
 */
export function createTopic(
  name: string,
  made: Pick<Topic, 'attributes' | 'tags'>,
  { topics, context }: { topics: TopicStore; context: CloudContext },
): Topic {
  if (name.endsWith('.fifo')) throw notSupportedLocally('an SNS FIFO topic');
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
  const attributes = readTopicAttributes(made.attributes);
  const arn = `arn:aws:sns:${context.region}:${context.account}:${name}`;
  const known = topics.find(arn);
  if (known) {
    const differs = Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value);
    if (differs) throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
    return known;
  }
  const topic = { arn, attributes, tags: made.tags };
  topics.put(topic);
  return topic;
}

/**
 * Checks attributes that somebody sets on a topic.
 * @throws AwsError `InvalidParameterException`, or by name for what does nothing locally
 */
export function readTopicAttributes(given: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    if (notDone.has(name) && value !== 'false') throw notSupportedLocally(`the attribute ${name} of an SNS topic`);
    if (name === 'SignatureVersion' && value !== '2') throw notSupportedLocally(`SNS signature version ${value}`);
    const isKnown = settable.has(name) || notDone.has(name) || /Feedback(RoleArn|SampleRate)$/.test(name);
    if (!isKnown) throw invalidParameter('AttributeName');
  }
  return Object.fromEntries(Object.entries(given).filter(([name]) => !notDone.has(name)));
}

/** What GetTopicAttributes answers. */
export function describeTopic(topic: Topic, topics: TopicStore, account: string): Record<string, string> {
  const subscriptions = topics.subscriptions(topic.arn);
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  return {
    TopicArn: topic.arn,
    Owner: account,
    DisplayName: '',
    Policy: JSON.stringify(defaultPolicy(topic.arn, account)),
    EffectiveDeliveryPolicy: JSON.stringify(defaultDeliveryPolicy),
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(subscriptions.length - confirmed),
    SubscriptionsDeleted: '0',
    SignatureVersion: '2',
    ...topic.attributes,
  };
}

/** Retries of HTTP deliveries, as SNS documents its default: three, 20 s apart. */
const defaultDeliveryPolicy = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
  },
};

function defaultPolicy(arn: string, account: string): object {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ];
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  };
}
