import * as z from 'zod';
import { notSupportedLocally } from '../../../errors.ts';
import type { JsonObject } from '../../../json.ts';
import type { ResourceType } from '../../../template/resource.ts';
import { invalidParameter } from '../sns-error.ts';
import { readSubscriptionAttributes } from '../subscription-attributes.ts';
import { subscribe, type SubscriptionParts } from '../subscriptions.ts';

const subscriptionSchema = z.looseObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  RawMessageDelivery: z.union([z.boolean(), z.string()]).transform(String).optional(),
  RedrivePolicy: z.union([z.string(), z.looseObject({})]).optional(),
  FilterPolicy: z.union([z.string(), z.looseObject({})]).optional(),
  FilterPolicyScope: z.string().optional(),
});

const refused = ['DeliveryPolicy', 'ReplayPolicy', 'SubscriptionRoleArn'];

/** `AWS::SNS::Subscription`. An HTTP endpoint still has to confirm. */
export function subscriptionResource(parts: SubscriptionParts): ResourceType {
  const { topics } = parts;
  return {
    type: 'AWS::SNS::Subscription',
    replacedBy: ['TopicArn', 'Protocol', 'Endpoint'],
    create: (properties) => {
      const { TopicArn, Protocol, Endpoint, ...rest } = readProperties(properties);
      const attributes = toAttributes(rest);
      const { arn } = subscribe({ topicArn: TopicArn, protocol: Protocol, endpoint: Endpoint, attributes }, parts);
      return { physicalId: arn, attributes: {} };
    },
    update: (current, properties) => {
      const read = readProperties(properties);
      const subscription = topics.getSubscription(current.physicalId);
      topics.putSubscription({
        ...subscription,
        attributes: readSubscriptionAttributes(toAttributes(read), read.Protocol),
      });
      return current;
    },
    delete: ({ physicalId }) => topics.unsubscribe(physicalId),
  };
}

function readProperties(properties: JsonObject): z.output<typeof subscriptionSchema> {
  const there = refused.find((name) => properties[name] !== undefined);
  if (there !== undefined) throw notSupportedLocally(`${there} of an AWS::SNS::Subscription`);
  const read = subscriptionSchema.safeParse(properties);
  if (!read.success) throw invalidParameter(z.prettifyError(read.error));
  return read.data;
}

function toAttributes(
  properties: Pick<
    z.output<typeof subscriptionSchema>,
    'RawMessageDelivery' | 'RedrivePolicy' | 'FilterPolicy' | 'FilterPolicyScope'
  >,
): Record<string, string> {
  const { RawMessageDelivery, RedrivePolicy, FilterPolicy, FilterPolicyScope } = properties;
  return {
    ...(RawMessageDelivery !== undefined && { RawMessageDelivery }),
    ...(RedrivePolicy !== undefined && { RedrivePolicy: toText(RedrivePolicy) }),
    ...(FilterPolicy !== undefined && { FilterPolicy: toText(FilterPolicy) }),
    ...(FilterPolicyScope !== undefined && { FilterPolicyScope }),
  };
}

function toText(document: string | object): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}
