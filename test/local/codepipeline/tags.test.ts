import type { Tag } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { approvalAction, pipelineCloud, pipelineOf, refusal } from './fixture.ts';

const prefix = 'arn:aws:codepipeline:us-east-1:123456789012:';
const pipelineArn = `${prefix}checkout`;
const typeArn = `${prefix}actiontype:Custom/Test/Rig/1`;
const type = {
  category: 'Test',
  provider: 'Rig',
  version: '1',
  inputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
  outputArtifactDetails: { minimumCount: 0, maximumCount: 0 },
};
const team: Tag = { key: 'team', value: 'checkout' };

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud();
  const pipeline = pipelineOf({ Ask: [approvalAction()] });
  await cloud.call('codepipeline', 'CreatePipeline', { pipeline, tags: [team] });
  await cloud.call('codepipeline', 'CreateCustomActionType', { ...type, tags: [team] });
});
afterEach(() => cloud.close());

const tag = (resourceArn: string, tags: Tag[]) => cloud.call('codepipeline', 'TagResource', { resourceArn, tags });
const untag = (resourceArn: string, tagKeys: string[]) =>
  cloud.call('codepipeline', 'UntagResource', { resourceArn, tagKeys });
const list = async (resourceArn: string): Promise<Tag[]> =>
  (await cloud.call<{ tags: Tag[] }>('codepipeline', 'ListTagsForResource', { resourceArn })).tags;

describe.each([
  ['a pipeline', pipelineArn],
  ['a custom action type', typeArn],
])('%s', (_, arn) => {
  it('[codepipeline.tags.resources] has the tags of its creation, of TagResource, and not those of UntagResource', async () => {
    expect(await list(arn)).toEqual([team]);
    expect(await tag(arn, [{ key: 'ring', value: '1' }])).toEqual({});
    expect(await tag(arn, [{ key: 'team', value: 'payment' }])).toEqual({});
    expect(await list(arn)).toEqual([
      { key: 'ring', value: '1' },
      { key: 'team', value: 'payment' },
    ]);
    await untag(arn, ['ring', 'unknown']);
    expect(await list(arn)).toEqual([{ key: 'team', value: 'payment' }]);
  });

  it('[codepipeline.tags.limit] has 50 tags at most, those that it has counted in', async () => {
    await tag(
      arn,
      Array.from({ length: 49 }, (_unused, index) => ({ key: `key ${index}`, value: '' })),
    );
    expect(await refusal(tag(arn, [{ key: 'one more', value: '' }]))).toMatch(/^TooManyTagsException: 51 tags/);
    await tag(arn, [{ key: 'key 0', value: 'changed' }]);
    expect(await list(arn)).toHaveLength(50);
  });
});

describe('tags', () => {
  it.each<[string, Tag[], RegExp]>([
    ['a key twice', [team, team], /^InvalidTagsException.*more than once/],
    ['a key of AWS', [{ key: 'aws:team', value: 'x' }], /^InvalidTagsException.*'aws:'/],
    ['another character', [{ key: 'team', value: 'a;b' }], /^InvalidTagsException.*'team' has other characters/],
    ['a key that is too long', [{ key: 'k'.repeat(129), value: 'x' }], /^ValidationException.*128/],
    ['a value that is too long', [{ key: 'k', value: 'v'.repeat(257) }], /^ValidationException.*256/],
  ])('[codepipeline.tags.characters] are refused with %s', async (_, tags, why) => {
    expect(await refusal(tag(pipelineArn, tags))).toMatch(why);
    expect(await list(pipelineArn)).toEqual([team]);
  });

  it.each([
    ['ResourceNotFoundException', `${prefix}nobody`],
    ['ResourceNotFoundException', `${prefix}actiontype:Custom/Test/Rig/2`],
    ['ResourceNotFoundException', `${prefix}actiontype:AWS/Invoke/Lambda/1`],
    ['ResourceNotFoundException', `${prefix}webhook:hook`],
    ['InvalidArnException', 'arn:aws:codepipeline:eu-west-1:123456789012:checkout'],
    ['ValidationException', 'checkout'],
  ])('[codepipeline.tags.unknown] end in %s for %s', async (code, arn) => {
    expect(await refusal(list(arn))).toMatch(new RegExp(`^${code}`));
    expect(await refusal(untag(arn, ['team']))).toMatch(new RegExp(`^${code}`));
    expect(await refusal(tag(arn, [team]))).toMatch(new RegExp(`^${code}`));
  });

  it('[codepipeline.tags.one-page] are listed in one call, so no token is known', async () => {
    const call = cloud.call('codepipeline', 'ListTagsForResource', { resourceArn: pipelineArn, nextToken: 'x' });
    expect(await refusal(call)).toMatch(/^InvalidNextTokenException/);
  });

  it('[codepipeline.tags.deleted-type] go with a deleted type, which comes back with others', async () => {
    await tag(typeArn, [{ key: 'ring', value: '1' }]);
    await cloud.call('codepipeline', 'DeleteCustomActionType', { category: 'Test', provider: 'Rig', version: '1' });
    expect(await refusal(list(typeArn))).toMatch(/^ResourceNotFoundException/);
    await cloud.call('codepipeline', 'CreateCustomActionType', type);
    expect(await list(typeArn)).toEqual([]);
  });
});
