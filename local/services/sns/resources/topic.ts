import * as z from 'zod';
import { notSupportedLocally } from '../../../errors.ts';
import type { JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../../template/resource.ts';
import { invalidParameter } from '../sns-error.ts';
import { subscribe, type SubscriptionParts } from '../subscriptions.ts';
import { createTopic, readTopicAttributes } from '../topics.ts';

const topicSchema = z.looseObject({
  TopicName: z.string().optional(),
  DisplayName: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
  TracingConfig: z.string().optional(),
  SignatureVersion: z.coerce.string().optional(),
  Subscription: z.array(z.object({ Protocol: z.string(), Endpoint: z.string() })).default([]),
  Tags: z.array(z.object({ Key: z.string(), Value: z.coerce.string() })).default([]),
});

const refused = [
  'FifoTopic',
  'ContentBasedDeduplication',
  'FifoThroughputScope',
  'ArchivePolicy',
  'DataProtectionPolicy',
];

type TopicProperties = z.output<typeof topicSchema>;

/** `AWS::SNS::Topic`, with the subscriptions that its template lists in it. */
export function topicResource(parts: SubscriptionParts): ResourceType {
  const { topics } = parts;
  const put = (name: string, properties: TopicProperties): Provisioned => {
    const tags = Object.fromEntries(properties.Tags.map(({ Key, Value }) => [Key, Value]));
    const { arn } = createTopic(name, { attributes: {}, tags }, parts);
    const policy = topics.get(arn).attributes['Policy'];
    const attributes = { ...toAttributes(properties), ...(policy !== undefined && { Policy: policy }) };
    topics.put({ arn, tags, attributes });
    followSubscriptions(arn, properties.Subscription, parts);
    return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
  };
  return {
    type: 'AWS::SNS::Topic',
    replacedBy: ['TopicName', 'FifoTopic'],
    create: (properties, context: ResourceContext) => {
      const read = readProperties(properties);
      return put(read.TopicName ?? context.generateName(256), read);
    },
    update: (current, properties) => put(String(current.attributes['TopicName']), readProperties(properties)),
    delete: ({ physicalId }) => topics.delete(physicalId),
  };
}

function readProperties(properties: JsonObject): TopicProperties {
  const there = refused.find((name) => properties[name] !== undefined && properties[name] !== false);
  if (there !== undefined) throw notSupportedLocally(`${there} of an AWS::SNS::Topic`);
  const read = topicSchema.safeParse(properties);
  if (!read.success) throw invalidParameter(z.prettifyError(read.error));
  return read.data;
}

function toAttributes({
  DisplayName,
  KmsMasterKeyId,
  TracingConfig,
  SignatureVersion,
}: TopicProperties): Record<string, string> {
  const given = { DisplayName, KmsMasterKeyId, TracingConfig, SignatureVersion };
  const present = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return readTopicAttributes(Object.fromEntries(present));
}

/** Ends those that the template no longer lists, and makes the new ones. */
function followSubscriptions(
  topicArn: string,
  listed: TopicProperties['Subscription'],
  parts: SubscriptionParts,
): void {
  for (const known of parts.topics.subscriptions(topicArn)) {
    const isListed = listed.some(
      ({ Protocol, Endpoint }) => Protocol === known.protocol && Endpoint === known.endpoint,
    );
    if (known.isOfTopicResource && !isListed) parts.topics.unsubscribe(known.arn);
  }
  for (const { Protocol, Endpoint } of listed) {
    const isThere = parts.topics
      .subscriptions(topicArn)
      .some(({ protocol, endpoint }) => protocol === Protocol && endpoint === Endpoint);
    if (!isThere) {
      subscribe({ topicArn, protocol: Protocol, endpoint: Endpoint, attributes: {}, isOfTopicResource: true }, parts);
    }
  }
}
