import type { CreateCustomActionTypeInput, Job } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { create, pipelineCloud, putSource, refusal } from './fixture.ts';
import { actionTypeId, definition, rigPipeline } from './rig.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await pipelineCloud({ redeliveryDelayMs: 10_000 });
  await putSource(cloud, { a: 'a' });
});
afterEach(() => cloud.close());

const createType = (changes: Partial<CreateCustomActionTypeInput> = {}) =>
  cloud.call('codepipeline', 'CreateCustomActionType', { ...definition, ...changes });
const poll = async (input: object = {}): Promise<Job[]> => {
  const asked = { actionTypeId, queryParam: { Bench: 'blue' }, ...input };
  return (await cloud.call<{ jobs: Job[] }>('codepipeline', 'PollForJobs', asked)).jobs;
};

describe('a custom action type', () => {
  it('[codepipeline.custom-action.create] is listed under the owner Custom with its properties', async () => {
    expect(await createType()).toMatchObject({ actionType: { id: actionTypeId } });
    const { actionTypes } = await cloud.call<{ actionTypes: object[] }>('codepipeline', 'ListActionTypes', {
      actionOwnerFilter: 'Custom',
    });
    expect(actionTypes).toMatchObject([{ id: actionTypeId, settings: definition.settings }]);
    const aws = await cloud.call<{ actionTypes: { id: { provider: string } }[] }>('codepipeline', 'ListActionTypes', {
      actionOwnerFilter: 'AWS',
    });
    expect(aws.actionTypes.map(({ id }) => id.provider)).toContain('Lambda');
  });

  const property = { required: true, key: false, secret: false };
  it.each([
    [
      '[codepipeline.custom-action.queryable-one]',
      { configurationProperties: ['a', 'b'].map((name) => ({ ...property, name, queryable: true })) },
      /Only one property/,
    ],
    [
      '[codepipeline.custom-action.queryable-plain]',
      { configurationProperties: [{ ...property, name: 'a', secret: true, queryable: true }] },
      /must be required and not secret/,
    ],
    [
      '[codepipeline.custom-action.url-template]',
      { settings: { entityUrlTemplate: 'https://x/{Config:Token}' } },
      /URL template refers to 'Token'/,
    ],
    [
      '[codepipeline.custom-action.property-limit]',
      { configurationProperties: Array.from({ length: 11 }, (_, index) => ({ ...property, name: `p${index}` })) },
      /less than or equal to 10/,
    ],
    [
      '[codepipeline.custom-action.artifact-limit]',
      { inputArtifactDetails: { minimumCount: 0, maximumCount: 6 } },
      /less than or equal to 5/,
    ],
  ])('%s is refused when it breaks the rule', async (_id, changes, message) => {
    expect(await refusal(createType(changes as Partial<CreateCustomActionTypeInput>))).toMatch(message);
  });

  it.each<[string, object, RegExp]>([
    ['a long provider', { provider: 'x'.repeat(36) }, /provider.*less than or equal to 35/],
    ['a version with a full stop', { version: '1.0' }, /version.*pattern/],
    ['a long version', { version: '1'.repeat(10) }, /version.*less than or equal to 9/],
    [
      'a long property name',
      { configurationProperties: [{ ...property, name: 'p'.repeat(51) }] },
      /name.*less than or equal to 50/,
    ],
    [
      'a long description',
      { configurationProperties: [{ ...property, name: 'p', description: 'd'.repeat(161) }] },
      /description.*less than or equal to 160/,
    ],
    [
      'an unknown type of property',
      { configurationProperties: [{ ...property, name: 'p', type: 'Date' }] },
      /type.*String, Number, Boolean/,
    ],
    ['a long URL', { settings: { entityUrlTemplate: 'x'.repeat(2049) } }, /entityUrlTemplate.*2048/],
    [
      'more artifacts at least than at most',
      { inputArtifactDetails: { minimumCount: 2, maximumCount: 1 } },
      /minimum count of input artifacts \(2\) is above the maximum \(1\)/,
    ],
  ])('[codepipeline.custom-action.bounds] is refused with %s', async (_, changes, message) => {
    expect(await refusal(createType(changes))).toMatch(message);
  });

  it('[codepipeline.custom-action.categories] is refused by name for a category that is reserved', async () => {
    expect(await refusal(createType({ category: 'Source' }))).toMatch(/NotImplemented.*category Source/);
  });

  it('[codepipeline.custom-action.quota] is refused after 50', async () => {
    for (let version = 1; version <= 50; version += 1) await createType({ version: String(version) });
    expect(await refusal(createType({ version: '51' }))).toMatch(/^LimitExceededException/);
  });

  it('[codepipeline.custom-action.version-once] comes back after deletion only as it was', async () => {
    await createType();
    await cloud.call('codepipeline', 'DeleteCustomActionType', { category: 'Test', provider: 'Rig', version: '1' });
    expect(await refusal(poll())).toMatch(/^ActionTypeNotFoundException/);
    expect(await refusal(create(cloud, rigPipeline()))).toMatch(
      /^InvalidActionDeclarationException: ActionType \(.*Provider: 'Rig'.*is not available in region US_EAST_1/,
    );
    expect(await refusal(createType({ settings: {} }))).toMatch(/^ValidationException.*never used/);
    await createType();
    expect(await poll()).toEqual([]);
  });

  it('[codepipeline.custom-action.queryable-value] limits the queryable value in a pipeline to 20 plain characters', async () => {
    await createType();
    expect(await refusal(create(cloud, rigPipeline({ Bench: 'a'.repeat(21), Token: 'x' })))).toMatch(/at most 20/);
    expect(await refusal(create(cloud, rigPipeline({ Bench: 'a b', Token: 'x' })))).toMatch(/at most 20/);
    expect(await refusal(create(cloud, rigPipeline({ Bench: 'a', Token: 'x', Rounds: 'two' })))).toMatch(/a number/);
  });

  it('[codepipeline.action-type.external] is told by GetActionType only of external providers', async () => {
    const type = { category: 'Deploy', owner: 'ThirdParty', provider: 'Acme', version: '1' };
    expect(await refusal(cloud.call('codepipeline', 'GetActionType', type))).toMatch(/^ActionTypeNotFoundException/);
  });
});
