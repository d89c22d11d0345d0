import { AwsError } from '../../../errors.ts';
import { invalidParameter } from '../sns-error.ts';
import type { Subscription } from '../topic-store.ts';
import { compileFilterPolicy, type FilterScope } from './filter-policy.ts';
import { InvalidFilter } from './invalid-filter.ts';

type Attributes = Readonly<Record<string, string>>;

/** What the policy of a subscription looks at: message attributes if nothing else is set. */
export function scopeOf(attributes: Attributes): FilterScope {
  return attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
}

/**
 * Checks the filter of a subscription as it would be; an empty text ends the policy.
 * @param call Subscribe says more in front of a reason than SetSubscriptionAttributes
 * @throws AwsError `InvalidParameterException`
 */
export function readFilter(attributes: Attributes, call: 'Subscribe' | 'SetSubscriptionAttributes'): Attributes {
  const refuse = (reason: string): AwsError =>
    invalidParameter(call === 'Subscribe' ? `Attributes Reason: ${reason}` : reason);
  const { FilterPolicy: text = '', FilterPolicyScope: scope, ...others } = attributes;
  if (scope !== undefined && scope !== 'MessageBody' && scope !== 'MessageAttributes') {
    const words = 'Please use either MessageBody or MessageAttributes';
    throw refuse(`FilterPolicyScope: Invalid value [${scope}]. ${words}`);
  }
  const kept = { ...others, ...(scope !== undefined && { FilterPolicyScope: scope }) };
  if (text === '') return kept;
  try {
    compileFilterPolicy(text, scopeOf(attributes));
  } catch (error) {
    if (error instanceof InvalidFilter) throw refuse(error.message);
    throw error;
  }
  return { ...kept, FilterPolicy: text };
}

/** SNS quotas. */
const maxPolicies = { topic: 200, account: 10_000 };

/**
 * Checks that there is room for one more policy.
 * @throws AwsError `FilterPolicyLimitExceededException`
 */
export function checkFilterCount(topicArn: string, subscriptions: readonly Subscription[]): void {
  const filtered = subscriptions.filter(({ attributes }) => attributes['FilterPolicy'] !== undefined);
  const ofTopic = filtered.filter((subscription) => subscription.topicArn === topicArn);
  if (ofTopic.length < maxPolicies.topic && filtered.length < maxPolicies.account) return;
  throw new AwsError(
    'FilterPolicyLimitExceededException',
    `Filter policy limit exceeded: ${maxPolicies.topic} for a topic, ${maxPolicies.account} for an account`,
    { httpStatus: 403 },
  );
}
