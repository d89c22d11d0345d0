import {
  ListTagsForResourceInput$,
  TagResourceInput$,
  UntagResourceInput$,
  type CodePipeline,
  type TagResourceInput,
  type UntagResourceInput,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { findTags, putTags, type Tagged } from '../records/tags.ts';
import { checkTagKeys, checkTags } from './check-tags.ts';

/** Tags pipelines and custom action types. */
export function tagOperations(engine: Engine): Operations<CodePipeline> {
  return {
    TagResource: (input) => tagResource(engine, input),
    UntagResource: (input) => untagResource(engine, input),
    ListTagsForResource(input) {
      checkInput(ListTagsForResourceInput$, input);
      if (input.nextToken !== undefined) {
        throw new AwsError('InvalidNextTokenException', 'The next token is not valid: all tags are listed in one call');
      }
      return { tags: [...knownTagged(engine, input.resourceArn).tags] };
    },
  };
}

/** Adds tags, or gives those that are there a new value; see TagResource. */
export function tagResource(engine: Engine, input: TagResourceInput): object {
  checkInput(TagResourceInput$, input);
  const { tags = [] } = input;
  checkTags(tags);
  const { at, tags: before } = knownTagged(engine, input.resourceArn);
  const keys = new Set(tags.map(({ key }) => key));
  const all = [...before.filter(({ key }) => !keys.has(key)), ...tags];
  checkTags(all);
  putTags(engine.context.store, at, all);
  return {};
}

/** Removes tags by their keys; see UntagResource. */
export function untagResource(engine: Engine, input: UntagResourceInput): object {
  checkInput(UntagResourceInput$, input);
  const { tagKeys = [] } = input;
  checkTagKeys(tagKeys);
  const { at, tags } = knownTagged(engine, input.resourceArn);
  const left = tags.filter(({ key = '' }) => !tagKeys.includes(key));
  putTags(engine.context.store, at, left);
  return {};
}

function knownTagged(engine: Engine, arn = '') {
  const at = taggedOf(engine, arn);
  const tags = at && findTags(engine.context.store, at);
  if (at && tags) return { at, tags };
  throw new AwsError(
    'ResourceNotFoundException',
    `There is no pipeline and no custom action type with the ARN '${arn}'`,
  );
}

function taggedOf({ context }: Engine, arn: string): Tagged | undefined {
  const [, , , region, account, ...rest] = arn.split(':');
  if (region !== context.region || account !== context.account) {
    const place = `region ${context.region} and account ${context.account}`;
    throw new AwsError('InvalidArnException', `The ARN '${arn}' is of another region or account than ${place}`);
  }
  const [first = '', second] = rest;
  if (second === undefined) return { pipeline: first };
  const [owner, category = '', provider = '', version = ''] = second.split('/');
  return first === 'actiontype' && owner === 'Custom' ? { actionType: { category, provider, version } } : undefined;
}
