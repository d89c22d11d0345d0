import type { Tag } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import { repeated } from '../structure/refusals.ts';

const maxTags = 50;

/**
 * The rules of a resource's tags beyond their lengths: at most 50, each key once.
 * @throws AwsError `InvalidTagsException`, `TooManyTagsException`
 */
export function checkTags(tags: readonly Tag[]): void {
  if (repeated(tags.map((tag) => tag.key ?? '')) !== undefined) {
    throw new AwsError('InvalidTagsException', 'The tags name a key more than once');
  }
  if (tags.length > maxTags) {
    throw new AwsError('TooManyTagsException', `${tags.length} tags are given; the maximum is ${maxTags}`);
  }
}
