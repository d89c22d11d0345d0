import type { Tag } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import { repeated } from '../structure/refusals.ts';

const maxTags = 50;

/** Letters, numbers, spaces and `+ - = . _ : / @` (User Guide, quotas). */
const allowed = /^[\p{L}\p{N}\p{Z}+\-=._:/@]*$/u;

/**
 * The rules of a resource's tags beyond their lengths: at most 50, each key once, no key of AWS's own, no other characters.
 * @throws AwsError `InvalidTagsException`, `TooManyTagsException`
 */
export function checkTags(tags: readonly Tag[]): void {
  const keys = tags.map((tag) => tag.key ?? '');
  if (repeated(keys) !== undefined) {
    throw new AwsError('InvalidTagsException', 'The tags name a key more than once');
  }
  checkTagKeys(keys);
  const wrong = tags.find(({ key = '', value = '' }) => !allowed.test(key) || !allowed.test(value));
  if (wrong) {
    const message = `The tag '${wrong.key}' has other characters than letters, numbers, spaces and + - = . _ : / @`;
    throw new AwsError('InvalidTagsException', message);
  }
  if (tags.length > maxTags) {
    throw new AwsError('TooManyTagsException', `${tags.length} tags are given; the maximum is ${maxTags}`);
  }
}

/**
 * Keys that begin with `aws:` are kept for AWS.
 * @throws AwsError `InvalidTagsException`
 */
export function checkTagKeys(keys: readonly string[]): void {
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved === undefined) return;
  throw new AwsError('InvalidTagsException', `The tag key '${reserved}' begins with 'aws:', which is reserved`);
}
