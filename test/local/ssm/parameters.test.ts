import type {
  DescribeParametersCommandOutput,
  GetParameterCommandOutput,
  GetParameterHistoryCommandOutput,
  GetParametersByPathCommandOutput,
  PutParameterCommandInput,
  PutParameterCommandOutput,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { openSsm } from '../../../local/services/ssm/service.ts';
import { parameterResource } from '../../../local/services/ssm/parameter-resource.ts';
import { openParameters } from '../../../local/services/ssm/parameters.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud({ services: [openSsm] });
});
afterEach(() => cloud.close());

function put(
  Name: string,
  Value: string,
  more: Partial<PutParameterCommandInput> = {},
): Promise<PutParameterCommandOutput> {
  return cloud.call('ssm', 'PutParameter', { Name, Value, Type: 'String', ...more });
}

async function get(Name: string, more: object = {}): Promise<NonNullable<GetParameterCommandOutput['Parameter']>> {
  const { Parameter } = await cloud.call<GetParameterCommandOutput>('ssm', 'GetParameter', { Name, ...more });
  if (!Parameter) throw new Error('no parameter in the reply');
  return Parameter;
}

function byPath(Path: string, more: object = {}): Promise<GetParametersByPathCommandOutput> {
  return cloud.call('ssm', 'GetParametersByPath', { Path, ...more });
}

async function describedNames(ParameterFilters: object[]): Promise<(string | undefined)[]> {
  const output = await cloud.call<DescribeParametersCommandOutput>('ssm', 'DescribeParameters', { ParameterFilters });
  return (output.Parameters ?? []).map(({ Name }) => Name);
}

describe('a parameter', () => {
  it('[ssm.parameter.selector] is answered by name, version and ARN', async () => {
    expect(await put('/app/color', 'red')).toEqual({ Version: 1, Tier: 'Standard' });
    await put('/app/color', 'blue', { Overwrite: true });
    const ARN = 'arn:aws:ssm:us-east-1:123456789012:parameter/app/color';
    expect(await get('/app/color')).toMatchObject({ Value: 'blue', Version: 2, Type: 'String', ARN, DataType: 'text' });
    expect(await get('/app/color:1')).toMatchObject({ Value: 'red', Version: 1, Selector: ':1' });
    expect(await get(ARN)).toMatchObject({ Value: 'blue' });
    await put('plain', 'x');
    expect(await get('arn:aws:ssm:us-east-1:123456789012:parameter/plain')).toMatchObject({ Name: 'plain' });
  });

  it('[ssm.parameter.missing] is not found when it, or its version, does not exist', async () => {
    await expect(get('/none')).rejects.toMatchObject({ code: 'ParameterNotFound' });
    await put('/a', '1');
    await expect(get('/a:2')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
    await expect(get('/a:label')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
    await expect(cloud.call('ssm', 'DeleteParameter', { Name: '/none' })).rejects.toMatchObject({
      code: 'ParameterNotFound',
    });
  });

  it('[ssm.parameter.overwrite] is overwritten only when that is asked for, and keeps what the overwrite leaves out', async () => {
    await put('/a', '1', { Description: 'first', AllowedPattern: '^\\d$' });
    await expect(put('/a', '2')).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
    await cloud.call('ssm', 'PutParameter', { Name: '/a', Value: '2', Overwrite: true });
    await expect(put('/a', 'x', { Overwrite: true })).rejects.toMatchObject({
      code: 'ParameterPatternMismatchException',
    });
    await expect(put('/a', '3', { Overwrite: true, Type: 'SecureString' })).rejects.toMatchObject({
      code: 'HierarchyTypeMismatchException',
    });
    const { Parameters } = await cloud.call<GetParameterHistoryCommandOutput>('ssm', 'GetParameterHistory', {
      Name: '/a',
    });
    expect(Parameters).toMatchObject([
      { Version: 1, Value: '1', Description: 'first' },
      { Version: 2, Value: '2', Description: 'first', LastModifiedUser: 'arn:aws:iam::123456789012:user/local' },
    ]);
  });

  it('[ssm.parameter.secure-string] hides a secure string from readers who do not ask for decryption', async () => {
    await put('/key', 'hunter2', { Type: 'SecureString' });
    expect(await get('/key', { WithDecryption: true })).toMatchObject({ Value: 'hunter2', Type: 'SecureString' });
    expect((await get('/key')).Value).not.toContain('hunter2');
    const { Parameters } = await byPath('/');
    expect(JSON.stringify(Parameters)).not.toContain('hunter2');
    const history = await cloud.call('ssm', 'GetParameterHistory', { Name: '/key' });
    expect(JSON.stringify(history)).not.toContain('hunter2');
  });

  it('[ssm.parameter.size] holds 4 KB, or 8 KB in the advanced tier, from which it does not come back', async () => {
    await put('/a', 'x'.repeat(4096));
    await expect(put('/b', 'x'.repeat(4097))).rejects.toMatchObject({ code: 'ValidationException' });
    expect(await put('/b', 'x'.repeat(4097), { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
    await put('/c', 'x'.repeat(8192), { Tier: 'Advanced' });
    await expect(put('/d', 'x'.repeat(8193), { Tier: 'Advanced' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    await expect(put('/c', 'x', { Tier: 'Standard', Overwrite: true })).rejects.toThrow('downgrade');
  });

  it.each([
    ['a/b', 'ValidationException'],
    ['/a//b', 'ValidationException'],
    ['/a/', 'ValidationException'],
    ['a b', 'ValidationException'],
    ['ssmThing', 'ValidationException'],
    ['/SSM/x', 'ValidationException'],
    ['/aws/x', 'AccessDeniedException'],
    [`/${'a/'.repeat(15)}a`, 'HierarchyLevelLimitExceededException'],
    ['a'.repeat(1012), 'ValidationException'],
  ])('[ssm.parameter.name] is refused under the name %s', async (name, code) => {
    await expect(put(name, 'x')).rejects.toMatchObject({ code });
  });

  it.each([
    [{ Type: undefined }, 'ValidationException'],
    [{ Type: 'Number' as 'String' }, 'UnsupportedParameterType'],
    [{ AllowedPattern: '(' }, 'InvalidAllowedPatternException'],
    [{ Value: '' }, 'ValidationException'],
    [{ Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException'],
    [{ Policies: '[{"Type":"Expiration"}]' }, 'NotImplemented'],
    [{ DataType: 'aws:ec2:image' }, 'NotImplemented'],
  ])('is refused when put with %j', async (more, code) => {
    await expect(
      cloud.call('ssm', 'PutParameter', { Name: '/x', Value: '1', Type: 'String', ...more }),
    ).rejects.toMatchObject({ code });
    await expect(get('/x')).rejects.toMatchObject({ code: 'ParameterNotFound' });
  });

  it('[ssm.parameter.history] keeps its last hundred versions', async () => {
    for (let n = 1; n <= 103; n++) await put('/a', String(n), { Overwrite: true });
    await expect(get('/a:3')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
    expect((await get('/a:4')).Value).toBe('4');
  });

  it('survives a restart', async () => {
    await put('/a', '1');
    cloud = await cloud.restart();
    expect((await get('/a')).Value).toBe('1');
  });
});

describe('many parameters', () => {
  it('[ssm.parameters.invalid] are answered together, with the names that are not there', async () => {
    await put('/a', '1');
    const call = (Names: string[]): Promise<unknown> => cloud.call('ssm', 'GetParameters', { Names });
    expect(await call(['/a', '/b', '/a:9'])).toMatchObject({
      Parameters: [{ Name: '/a', Value: '1' }],
      InvalidParameters: ['/b', '/a:9'],
    });
    await expect(call([])).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(call(['/a', '/a'])).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(call(Array.from({ length: 11 }, (_, n) => `/${n}`))).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it('[ssm.parameters.by-path] are listed below a path, directly or at any depth, page by page', async () => {
    for (const name of ['/s/a', '/s/b', '/s/deep/c', '/sx', '/s/d']) await put(name, name);
    expect((await byPath('/s')).Parameters?.map(({ Name }) => Name)).toEqual(['/s/a', '/s/b', '/s/d']);
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await byPath('/s/', { Recursive: true, MaxResults: 2, NextToken });
      seen.push(...(page.Parameters ?? []).map(({ Name }) => Name));
      expect(page.Parameters?.length).toBeLessThanOrEqual(2);
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen).toEqual(['/s/a', '/s/b', '/s/d', '/s/deep/c']);
    await expect(byPath('s')).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(byPath('/s', { MaxResults: 11 })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(byPath('/s', { NextToken: 'eHg=' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
  });

  it('[ssm.parameters.filters] are found by name, path, type, tier and tag, without their values', async () => {
    await put('/s/a', 'secret-value', { Type: 'SecureString' });
    await put('/s/deep/b', 'x'.repeat(5000), { Tier: 'Advanced' });
    await put('c', '1', { Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(await describedNames([])).toEqual(['/s/a', '/s/deep/b', 'c']);
    expect(await describedNames([{ Key: 'Name', Option: 'BeginsWith', Values: ['/s'] }])).toEqual([
      '/s/a',
      '/s/deep/b',
    ]);
    expect(await describedNames([{ Key: 'Path', Values: ['/s'] }])).toEqual(['/s/a']);
    expect(await describedNames([{ Key: 'Path', Option: 'Recursive', Values: ['/s'] }])).toHaveLength(2);
    expect(await describedNames([{ Key: 'Tier', Values: ['Advanced'] }])).toEqual(['/s/deep/b']);
    expect(await describedNames([{ Key: 'tag:team', Values: ['blue'] }])).toEqual(['c']);
    await expect(describedNames([{ Key: 'Colour', Values: ['x'] }])).rejects.toMatchObject({
      code: 'InvalidFilterKey',
    });
    expect(JSON.stringify(await cloud.call('ssm', 'DescribeParameters', {}))).not.toContain('secret-value');
  });

  it('are deleted together', async () => {
    await put('/a', '1');
    expect(await cloud.call('ssm', 'DeleteParameters', { Names: ['/a', '/b'] })).toEqual({
      DeletedParameters: ['/a'],
      InvalidParameters: ['/b'],
    });
    expect(await put('/a', '1')).toMatchObject({ Version: 1 });
  });
});

describe('AWS::SSM::Parameter', () => {
  const properties: JsonObject = {
    Name: '/slip/x',
    Type: 'String',
    Value: '1',
    Description: 'd',
    Tags: { team: 'blue' },
  };
  const type = (): ReturnType<typeof parameterResource> =>
    parameterResource(cloud.context, openParameters(cloud.store));
  const noContext = {} as never; // Updates and deletions of parameters read nothing of it.

  it('[ssm.template] makes a parameter, and a new version only when something changes', async () => {
    const made = await cloud.provision('AWS::SSM::Parameter', 'P', properties);
    expect(made).toEqual({ physicalId: '/slip/x', attributes: { Type: 'String', Value: '1' } });
    await cloud.provision('AWS::SSM::Parameter', 'P', properties);
    await type().update(made, properties, noContext);
    expect((await get('/slip/x')).Version).toBe(1);
    const updated = await type().update(made, { ...properties, Value: '2' }, noContext);
    expect(updated.attributes).toMatchObject({ Value: '2' });
    expect((await get('/slip/x')).Version).toBe(2);
    await type().delete(made, properties, noContext);
    await expect(get('/slip/x')).rejects.toMatchObject({ code: 'ParameterNotFound' });
  });

  it('does not take over a parameter that someone else made, and refuses what a template cannot make', async () => {
    await put('/slip/x', 'mine');
    await expect(cloud.provision('AWS::SSM::Parameter', 'P', properties)).rejects.toMatchObject({
      code: 'ParameterAlreadyExists',
    });
    const secure = { ...properties, Name: '/y', Type: 'SecureString' };
    await expect(cloud.provision('AWS::SSM::Parameter', 'P', secure)).rejects.toThrow('SecureString');
  });
});
