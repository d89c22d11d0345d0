import type { ValidateStateMachineDefinitionOutput } from '@aws-sdk/client-sfn';
import validateAsl from 'asl-validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { definitionOf, openStatesCloud, roleArn } from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

function validate(definition: string, more: object = {}): Promise<ValidateStateMachineDefinitionOutput> {
  return cloud.call('states', 'ValidateStateMachineDefinition', { definition, ...more });
}

const done = { Type: 'Succeed' };
/** A definition in JSONPath. */
const byPaths = (states: Record<string, object>): string => definitionOf(states, { QueryLanguage: 'JSONPath' });
const pass = (more: object = {}): object => ({ Type: 'Pass', ...more });

describe('ValidateStateMachineDefinition', () => {
  it('[states.validate.ok] says OK, and nothing, of a definition that a machine can be made of', async () => {
    expect(await validate(definitionOf({ Done: done }))).toEqual({ result: 'OK', diagnostics: [], truncated: false });
  });

  it.each([
    ['INVALID_JSON_DESCRIPTION', '/', '{'],
    ['MISSING_DESCRIPTION', '/', ' '],
    ['SCHEMA_VALIDATION_FAILED', '/States/A/Seconds', definitionOf({ A: { Type: 'Wait', Seconds: 'x', End: true } })],
    ['SCHEMA_VALIDATION_FAILED', '/StartAt', JSON.stringify({ States: { Done: done } })],
    ['MISSING_TRANSITION_TARGET', '/States/A/Next', definitionOf({ A: pass({ Next: 'B' }) })],
    ['MISSING_END_STATE', '/', definitionOf({ A: pass({ Next: 'A' }) })],
    [
      'DUPLICATE_STATE_NAME',
      '/States/A/Branches[0]/States/A',
      definitionOf({ A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: done } }], End: true } }),
    ],
  ])('[states.validate.codes] says %s at %s', async (code, location, definition) => {
    const answer = await validate(definition);
    expect(answer).toMatchObject({ result: 'FAIL', diagnostics: [{ severity: 'ERROR', code, location }] });
    expect(answer.diagnostics?.[0]?.message).not.toBe('');
    const making = cloud.call('states', 'CreateStateMachine', { name: 'm', definition, roleArn });
    await expect(making).rejects.toMatchObject({ code: 'InvalidDefinition', message: expect.stringContaining(code) });
  });

  it('[states.validate.all] says what is wrong with each state, up to maxResults, and that there is more', async () => {
    const definition = definitionOf({ A: pass({ Nxt: 'B' }), B: pass({ Next: 'C', Output: '{% ( %}' }), C: done });
    expect((await validate(definition)).diagnostics?.map(({ location }) => location)).toEqual([
      '/States/A',
      '/States/B/Output',
    ]);
    expect(await validate(definition, { maxResults: 1 })).toMatchObject({
      diagnostics: [{ location: '/States/A' }],
      truncated: true,
    });
    expect(await validate(definition, { maxResults: 2 })).toMatchObject({ truncated: false });
    expect((await validate(definition, { maxResults: 0 })).diagnostics).toHaveLength(2);
    await expect(validate(definition, { maxResults: 101 })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it.each([
    ['NO_DOLLAR', '/States/A/Parameters/x', byPaths({ A: pass({ Parameters: { x: '$.y' }, End: true }) })],
    [
      'NO_DOLLAR',
      '/States/A/Parameters/list[0]',
      byPaths({ A: pass({ Parameters: { list: ['States.UUID()'] }, End: true }) }),
    ],
    ['PASS_RESULT_IS_STATIC', '/States/A/Result/x', byPaths({ A: pass({ Result: { x: '$.y' }, End: true }) })],
    ['NO_PATH', '/States/A/Error', byPaths({ A: { Type: 'Fail', Error: '$.error' } })],
  ])('[states.validate.warnings] warns with %s at %s, when asked to', async (code, location, definition) => {
    expect(await validate(definition)).toEqual({ result: 'OK', diagnostics: [], truncated: false });
    expect(await validate(definition, { severity: 'WARNING' })).toMatchObject({
      result: 'OK',
      diagnostics: [{ severity: 'WARNING', code, location }],
    });
  });

  it('[states.validate.type] checks a definition for the type of machine that it is for', async () => {
    const resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
    const definition = definitionOf({ Send: { Type: 'Task', Resource: resource, End: true } });
    expect((await validate(definition)).result).toBe('OK');
    expect((await validate(definition, { type: 'EXPRESS' })).result).toBe('FAIL');
  });

  it('[states.validate.not-local] refuses by name what is not supported locally, which AWS may take', async () => {
    const distributed = { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'Done', States: { Done: done } };
    const definition = definitionOf({ Each: { Type: 'Map', ItemProcessor: distributed, End: true } });
    await expect(validate(definition)).rejects.toMatchObject({ code: 'NotImplemented' });
  });

  it.each([
    definitionOf({ A: pass({ Next: 'B' }) }),
    definitionOf({ A: { Type: 'Choice', Choices: [] } }),
    definitionOf({ A: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } }),
    definitionOf({ A: pass({ InputPath: '$.x', End: true }) }),
    byPaths({ A: { Type: 'Choice', Choices: [{ Variable: '$.x', Next: 'B' }] }, B: done }),
  ])('[states.validate.asl-validator] refuses what asl-validator refuses: %s', async (definition) => {
    expect(validateAsl(JSON.parse(definition)).isValid).toBe(false);
    expect((await validate(definition)).result).toBe('FAIL');
  });
});

describe('tags of a machine', () => {
  const tagsOf = async (resourceArn: string): Promise<unknown> =>
    (await cloud.call('states', 'ListTagsForResource', { resourceArn }))['tags'];
  const make = async (tags: object[]): Promise<string> => {
    const input = { name: 'm', definition: definitionOf({ Done: done }), roleArn, tags };
    const { stateMachineArn } = await cloud.call<{ stateMachineArn: string }>('states', 'CreateStateMachine', input);
    return stateMachineArn;
  };

  it('[states.tags] come with it, are added, replaced and taken away', async () => {
    const resourceArn = await make([{ key: 'team', value: 'web' }]);
    await cloud.call('states', 'TagResource', {
      resourceArn,
      tags: [
        { key: 'team', value: 'app' },
        { key: 'tier', value: '1' },
      ],
    });
    expect(await tagsOf(resourceArn)).toEqual([
      { key: 'team', value: 'app' },
      { key: 'tier', value: '1' },
    ]);
    await cloud.call('states', 'UntagResource', { resourceArn, tagKeys: ['team', 'none'] });
    expect(await tagsOf(resourceArn)).toEqual([{ key: 'tier', value: '1' }]);
  });

  it.each([
    ['aws:team', ''],
    ['te*am', ''],
    ['team', 'a;b'],
  ])('[states.tags.characters] are refused as %s with the value "%s", and no machine is made', async (key, value) => {
    await expect(make([{ key, value }])).rejects.toMatchObject({ code: 'ValidationException' });
    const resourceArn = await make([{ key: 'team', value: 'ä b@c' }]);
    await expect(cloud.call('states', 'TagResource', { resourceArn, tags: [{ key, value }] })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    expect(await tagsOf(resourceArn)).toEqual([{ key: 'team', value: 'ä b@c' }]);
  });

  it('[states.tags.limits] are 50 at most, and no other resource has them', async () => {
    const tags = Array.from({ length: 51 }, (_unused, index) => ({ key: `k${index}`, value: '' }));
    await expect(make(tags)).rejects.toMatchObject({ code: 'TooManyTags' });
    const resourceArn = await make([]);
    await expect(cloud.call('states', 'TagResource', { resourceArn, tags })).rejects.toMatchObject({
      code: 'TooManyTags',
    });
    expect(await tagsOf(resourceArn)).toEqual([]);
    await expect(tagsOf(`${resourceArn}x`)).rejects.toMatchObject({ code: 'ResourceNotFound' });
  });
});
