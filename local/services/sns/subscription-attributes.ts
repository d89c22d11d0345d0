import { notSupportedLocally } from '../../errors.ts';
import { readFilter } from './filter/subscription-filter.ts';
import { invalidParameter } from './sns-error.ts';

const settable = new Set(['RawMessageDelivery', 'RedrivePolicy', 'FilterPolicy', 'FilterPolicyScope']);
const notDone = new Set(['DeliveryPolicy', 'ReplayPolicy', 'SubscriptionRoleArn']);

/**
 * Checks attributes that somebody sets on a subscription, and joins them with those that it has; without any it is new.
 * @throws AwsError `InvalidParameterException`, or by name for what is not done locally
 */
export function readSubscriptionAttributes(
  given: Readonly<Record<string, string>>,
  protocol: string,
  current?: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(given)) {
    if (notDone.has(name)) throw notSupportedLocally(`${name} of an SNS subscription`);
    if (!settable.has(name)) throw invalidParameter('AttributeName');
    if (name === 'RawMessageDelivery') checkRawDelivery(value, protocol);
    if (name === 'RedrivePolicy') readDeadLetterArn(value);
  }
  return readFilter({ ...current, ...given }, current ? 'SetSubscriptionAttributes' : 'Subscribe');
}

function checkRawDelivery(value: string, protocol: string): void {
  if (!/^(true|false)$/i.test(value)) throw invalidParameter('Attributes Reason: RawMessageDelivery: Invalid value');
  if (value.toLowerCase() === 'true' && !['sqs', 'http', 'https', 'firehose'].includes(protocol)) {
    throw invalidParameter(`Attributes Reason: Delivery protocol [${protocol}] does not support raw message delivery.`);
  }
}

/** The queue in a RedrivePolicy. */
export function readDeadLetterArn(redrivePolicy: string): string {
  const [, arn] = /"deadLetterTargetArn"\s*:\s*"(arn:aws:sqs:[^"]+)"/.exec(redrivePolicy) ?? [];
  if (arn === undefined) throw invalidParameter('RedrivePolicy: deadLetterTargetArn must be the ARN of a queue');
  return arn;
}
