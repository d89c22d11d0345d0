import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { pickVersion } from '../../../local/services/lambda/function-aliases.ts';
import { functionCloud, type FunctionCloud } from './function-cloud.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:app';
const returning = (value: number) => `exports.handler = async () => ${value};`;

let functions: FunctionCloud;
beforeEach(async () => {
  functions = await functionCloud();
  await functions.deploy('app', returning(1));
});
afterEach(() => functions.close());

const call = (operation: string, input: object = {}): Promise<JsonObject> =>
  functions.cloud.call('lambda', operation, { FunctionName: 'app', ...input });

/** Versions 1 and 2, which answer their numbers. */
async function publishTwo(): Promise<void> {
  await call('PublishVersion');
  await functions.deploy('app', returning(2));
  await call('PublishVersion');
}

const weights = (version: string, weight: number) => ({
  RoutingConfig: { AdditionalVersionWeights: { [version]: weight } },
});

describe('versions', () => {
  it('[lambda.version.publish] freeze code and configuration under the next number', async () => {
    expect(await call('PublishVersion', { Description: 'first' })).toMatchObject({
      Version: '1',
      FunctionArn: `${functionArn}:1`,
      Description: 'first',
    });
    await functions.deploy('app', returning(2));
    expect(await call('PublishVersion')).toMatchObject({ Version: '2', Description: '' });
    expect(await functions.invoke('app:1')).toMatchObject({ payload: 1, version: '1' });
    expect(await functions.invoke('app:2')).toMatchObject({ payload: 2, version: '2' });
  });

  it('[lambda.version.unchanged] are not published again while nothing has changed', async () => {
    await call('PublishVersion');
    expect(await call('PublishVersion', { Description: 'again' })).toMatchObject({ Version: '1', Description: '' });
  });

  it('[lambda.version.preconditions] are not published from other code or another revision than the caller saw', async () => {
    await expect(call('PublishVersion', { CodeSha256: 'other' })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
    await expect(call('PublishVersion', { RevisionId: 'other' })).rejects.toMatchObject({
      code: 'PreconditionFailedException',
      httpStatus: 412,
    });
    const { CodeSha256, RevisionId } = await call('GetFunctionConfiguration');
    expect(await call('PublishVersion', { CodeSha256, RevisionId })).toMatchObject({ Version: '1' });
  });

  it('[lambda.version.list] are listed by number after $LATEST, page by page', async () => {
    await publishTwo();
    for (let n = 3; n <= 10; n++) {
      await functions.deploy('app', returning(n));
      await call('PublishVersion');
    }
    const listed: unknown[] = [];
    let Marker: unknown;
    do {
      const page = await call('ListVersionsByFunction', { MaxItems: 4, ...(Marker !== undefined && { Marker }) });
      listed.push(...(page['Versions'] as JsonObject[]).map(({ Version }) => Version));
      Marker = page['NextMarker'];
    } while (Marker !== undefined);
    expect(listed).toEqual(['$LATEST', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });
});

describe('aliases', () => {
  it('[lambda.alias.lifecycle] are made, read, changed, listed and deleted', async () => {
    await publishTwo();
    const live = { AliasArn: `${functionArn}:live`, Name: 'live', FunctionVersion: '1', Description: '' };
    expect(await call('CreateAlias', { Name: 'live', FunctionVersion: '1' })).toMatchObject(live);
    await call('CreateAlias', { Name: 'canary', FunctionVersion: '2', Description: 'new' });
    expect(await call('GetAlias', { Name: 'live' })).toMatchObject(live);
    const listed = await call('ListAliases');
    expect(listed['Aliases']).toMatchObject([{ Name: 'canary' }, { Name: 'live' }]);
    expect((await call('ListAliases', { FunctionVersion: '1' }))['Aliases']).toMatchObject([{ Name: 'live' }]);
    await call('UpdateAlias', { Name: 'live', FunctionVersion: '2' });
    expect((await functions.invoke('app:live')).payload).toBe(2);
    await call('DeleteAlias', { Name: 'live' });
    await expect(call('GetAlias', { Name: 'live' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(functions.invoke('app:live')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('[lambda.alias.weights] send the share of a weight to the second version', async () => {
    await publishTwo();
    await call('CreateAlias', { Name: 'live', FunctionVersion: '1', ...weights('2', 1) });
    expect(await call('GetAlias', { Name: 'live' })).toMatchObject(weights('2', 1));
    expect(await functions.invoke('app:live')).toMatchObject({ payload: 2, version: '2' });
    await call('UpdateAlias', { Name: 'live', ...weights('2', 0) });
    expect(await functions.invoke('app:live')).toMatchObject({ payload: 1, version: '1' });
    await call('UpdateAlias', { Name: 'live', RoutingConfig: { AdditionalVersionWeights: {} } });
    expect(await call('GetAlias', { Name: 'live' })).not.toHaveProperty('RoutingConfig');
  });

  it('[lambda.alias.share] picks by chance in proportion to the weight', () => {
    const alias = {
      functionName: 'app',
      alias: 'live',
      version: '1',
      description: '',
      weights: { 2: 0.1 },
      revisionId: '',
    };
    expect([0, 0.09, 0.1, 0.99].map((random) => pickVersion(alias, random))).toEqual(['2', '2', '1', '1']);
  });

  it('[lambda.alias.template] get their weights from a template, too', async () => {
    await publishTwo();
    await functions.cloud.provision('AWS::Lambda::Alias', 'Live', {
      FunctionName: 'app',
      Name: 'live',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: '2', FunctionWeight: 1 }] },
    });
    expect(await functions.invoke('app:live')).toMatchObject({ payload: 2 });
  });

  const invalid = 'InvalidParameterValueException';
  it.each([
    ['[lambda.alias.name]', { Name: '12' }, invalid],
    ['[lambda.alias.name]', { Name: 'a b' }, invalid],
    ['[lambda.alias.version]', { FunctionVersion: 'live' }, invalid],
    ['[lambda.alias.version-there]', { FunctionVersion: '9' }, 'ResourceNotFoundException'],
    ['[lambda.alias.weight-range]', weights('2', 1.1), invalid],
    ['[lambda.alias.weight-same]', weights('1', 0.5), invalid],
    ['[lambda.alias.weight-latest]', weights('$LATEST', 0.5), invalid],
    ['[lambda.alias.weight-there]', weights('9', 0.5), 'ResourceNotFoundException'],
    ['[lambda.alias.weight-count]', { RoutingConfig: { AdditionalVersionWeights: { 2: 0.1, 3: 0.1 } } }, invalid],
    ['[lambda.alias.conflict]', { Name: 'there' }, 'ResourceConflictException'],
  ])('%s are refused for %j', async (_rule, input, code) => {
    await publishTwo();
    await call('CreateAlias', { Name: 'there', FunctionVersion: '1' });
    await expect(call('CreateAlias', { Name: 'live', FunctionVersion: '1', ...input })).rejects.toMatchObject({ code });
    expect((await call('ListAliases'))['Aliases']).toHaveLength(1);
  });

  it('[lambda.alias.revision] are not changed from another revision than the caller saw', async () => {
    await publishTwo();
    const { RevisionId } = await call('CreateAlias', { Name: 'live', FunctionVersion: '1' });
    await call('UpdateAlias', { Name: 'live', RevisionId, FunctionVersion: '2' });
    await expect(call('UpdateAlias', { Name: 'live', RevisionId, FunctionVersion: '1' })).rejects.toMatchObject({
      code: 'PreconditionFailedException',
    });
  });
});

describe('reserved concurrency', () => {
  const tooMany = {
    code: 'TooManyRequestsException',
    httpStatus: 429,
    members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  };

  it('[lambda.concurrency.zero] of 0 throttles every invocation, until it is deleted', async () => {
    await call('PublishVersion');
    expect(await call('GetFunctionConcurrency')).toEqual({});
    await call('PutFunctionConcurrency', { ReservedConcurrentExecutions: 0 });
    expect(await call('GetFunctionConcurrency')).toEqual({ ReservedConcurrentExecutions: 0 });
    expect(await call('GetFunction')).toMatchObject({ Concurrency: { ReservedConcurrentExecutions: 0 } });
    await expect(functions.invoke('app')).rejects.toMatchObject(tooMany);
    await expect(functions.invoke('app:1')).rejects.toMatchObject(tooMany);
    await call('DeleteFunctionConcurrency');
    expect((await functions.invoke('app')).payload).toBe(1);
  });

  it('[lambda.concurrency.shared] counts the invocations of all versions together, also those that wait', async () => {
    await functions.deploy('app', 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 50));');
    await call('PublishVersion');
    await call('PutFunctionConcurrency', { ReservedConcurrentExecutions: 1 });
    const [first, second] = await Promise.allSettled([functions.invoke('app'), functions.invoke('app:1')]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: tooMany });
  });

  it('[lambda.concurrency.template] is the template’s, until its value there changes', async () => {
    await functions.deploy('app', returning(1), { ReservedConcurrentExecutions: 5 });
    expect(await call('GetFunctionConcurrency')).toEqual({ ReservedConcurrentExecutions: 5 });
    await call('PutFunctionConcurrency', { ReservedConcurrentExecutions: 7 });
    await functions.deploy('app', returning(2), { ReservedConcurrentExecutions: 5 });
    expect(await call('GetFunctionConcurrency')).toEqual({ ReservedConcurrentExecutions: 7 });
    await functions.deploy('app', returning(2), { ReservedConcurrentExecutions: 6 });
    expect(await call('GetFunctionConcurrency')).toEqual({ ReservedConcurrentExecutions: 6 });
    await functions.deploy('app', returning(2));
    expect(await call('GetFunctionConcurrency')).toEqual({});
  });

  it('[lambda.concurrency.unreserved] leaves 100 to the functions that reserve none', async () => {
    await functions.deploy('other', returning(1), { ReservedConcurrentExecutions: 500 });
    const code = 'InvalidParameterValueException';
    await expect(call('PutFunctionConcurrency', { ReservedConcurrentExecutions: 401 })).rejects.toMatchObject({ code });
    await expect(call('PutFunctionConcurrency', { ReservedConcurrentExecutions: -1 })).rejects.toMatchObject({ code });
    await call('PutFunctionConcurrency', { ReservedConcurrentExecutions: 400 });
    await expect(
      call('PutFunctionConcurrency', { FunctionName: 'app:1', ReservedConcurrentExecutions: 1 }),
    ).rejects.toMatchObject({ code });
  });

  it('[lambda.update-code] leaves UpdateFunctionCode refused by name: code comes from the template', async () => {
    await expect(call('UpdateFunctionCode', {})).rejects.toMatchObject({
      code: 'NotImplemented',
      message: 'lambda:UpdateFunctionCode is not supported locally',
    });
  });
});
