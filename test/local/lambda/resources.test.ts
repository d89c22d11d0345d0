import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCodeStore } from '../../../local/services/lambda/code.ts';
import type { ResourceContext } from '../../../local/template/resource.ts';
import { functionCloud, type FunctionCloud } from './function-cloud.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:app';

let functions: FunctionCloud;
beforeEach(async () => {
  functions = await functionCloud();
});
afterEach(() => functions.close());

describe('AWS::Lambda::Function', () => {
  it('takes a name of its own when the template gives none', async () => {
    const { physicalId } = await functions.cloud.provision('AWS::Lambda::Function', 'Handler', {
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::123456789012:role/r',
      Code: { ZipFile: 'exports.handler = async () => "inline";' },
    });
    expect(physicalId).toBe('test-Handler-1234abcd');
    expect((await functions.invoke(physicalId)).payload).toBe('inline');
  });

  it.each([
    ['a runtime that is not Node.js', { Runtime: 'python3.13' }, 'NotImplemented'],
    ['a container image', { PackageType: 'Image' }, 'NotImplemented'],
    ['a layer', { Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:x:1'] }, 'NotImplemented'],
    ['a time-out over 900 s', { Timeout: 901 }, 'InvalidParameterValueException'],
    ['less than 128 MB', { MemorySize: 64 }, 'InvalidParameterValueException'],
    ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'InvalidParameterValueException'],
    [
      'variables over 4 KB',
      { Environment: { Variables: { LONG: 'x'.repeat(4096) } } },
      'InvalidParameterValueException',
    ],
  ])('[lambda.template.refused] refuses %s', async (_what, properties, code) => {
    await expect(functions.deploy('app', '1;', properties)).rejects.toMatchObject({ code });
  });

  it('is described as the SDK expects it', async () => {
    await functions.deploy('app', '1;', { Timeout: 30, Architectures: ['arm64'], TracingConfig: { Mode: 'Active' } });
    const configuration = {
      FunctionName: 'app',
      FunctionArn: functionArn,
      Timeout: 30,
      MemorySize: 128,
      State: 'Active',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/app' },
    };
    const call = (operation: string, input: object): Promise<unknown> =>
      functions.cloud.call('lambda', operation, input);
    expect(await call('GetFunctionConfiguration', { FunctionName: functionArn })).toMatchObject(configuration);
    expect(await call('GetFunction', { FunctionName: 'app' })).toMatchObject({ Configuration: configuration });
    await functions.deploy('second', '2;');
    expect(await call('ListFunctions', { MaxItems: 1 })).toMatchObject({
      Functions: [configuration],
      NextMarker: 'app',
    });
    expect(await call('ListFunctions', { Marker: 'app' })).toMatchObject({ Functions: [{ FunctionName: 'second' }] });
  });

  it('keeps its code when the asset is gone, and drops what no function names at the next start', async () => {
    await functions.deploy('app', 'exports.handler = async () => 1;');
    await functions.deploy('app', 'exports.handler = async () => 2;');
    const code = join(functions.cloud.context.folder, 'lambda', 'code');
    expect(readdirSync(code)).toHaveLength(3);
    functions.cloud = await functions.cloud.restart();
    expect(readdirSync(code)).toHaveLength(2);
    expect((await functions.invoke('app')).payload).toBe(2);
  });
});

describe('code', () => {
  const contextFor = (file: string): ResourceContext => ({
    logicalId: 'F',
    stackName: 's',
    stackId: 's',
    generateName: () => 'f',
    assetPath: () => file,
  });
  const keepZip = (name: string) => {
    const { folder } = functions.cloud.context;
    const file = join(folder, 'code.zip');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, zipSync({ [name]: strToU8('exports.handler = async () => 1;') }));
    return openCodeStore(join(folder, 'zips')).keep({ S3Bucket: 'b', S3Key: 'k' }, contextFor(file));
  };

  it('is unpacked from a zip', () => {
    expect(readdirSync(keepZip('lib/index.js').folder)).toEqual(['lib']);
  });

  it('refuses a zip with a file outside of it', () => {
    expect(() => keepZip('../index.js')).toThrow(/\.\.\/index\.js lies outside/);
  });
});

describe('versions and aliases', () => {
  it('run what was current when they were made', async () => {
    await functions.deploy('app', 'exports.handler = async (e, c) => [1, c.functionVersion];');
    const version = await functions.cloud.provision('AWS::Lambda::Version', 'V1', { FunctionName: 'app' });
    expect(version).toEqual({
      physicalId: `${functionArn}:1`,
      attributes: { Version: '1', FunctionArn: `${functionArn}:1` },
    });
    const alias = await functions.cloud.provision('AWS::Lambda::Alias', 'Live', {
      FunctionName: 'app',
      Name: 'live',
      FunctionVersion: '1',
    });
    expect(alias.physicalId).toBe(`${functionArn}:live`);
    await functions.deploy('app', 'exports.handler = async (e, c) => [2, c.functionVersion];');
    expect(await functions.invoke('app')).toMatchObject({ payload: [2, '$LATEST'] });
    expect(await functions.invoke(alias.physicalId)).toMatchObject({ payload: [1, '1'], version: '1' });
    expect(await functions.invoke('app:1')).toMatchObject({ payload: [1, '1'] });
    await expect(functions.invoke('app:2')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('are made once, although asked for again after a crash', async () => {
    await functions.deploy('app', '1;');
    const first = await functions.cloud.provision('AWS::Lambda::Version', 'V1', { FunctionName: 'app' });
    expect(await functions.cloud.provision('AWS::Lambda::Version', 'V1', { FunctionName: 'app' })).toEqual(first);
    const second = await functions.cloud.provision('AWS::Lambda::Version', 'V2', { FunctionName: 'app' });
    expect(second.attributes['Version']).toBe('2');
  });
});

describe('AWS::Lambda::Permission', () => {
  it('[lambda.permission.template] is a statement of the function’s policy', async () => {
    await functions.deploy('app', '1;');
    await expect(functions.cloud.call('lambda', 'GetPolicy', { FunctionName: 'app' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    const SourceArn = 'arn:aws:events:us-east-1:123456789012:rule/r';
    await functions.cloud.provision('AWS::Lambda::Permission', 'Allow', {
      FunctionName: functionArn,
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn,
    });
    const { Policy } = await functions.cloud.call<{ Policy: string }>('lambda', 'GetPolicy', { FunctionName: 'app' });
    expect(JSON.parse(Policy)).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Sid: 'test-Allow-1234abcd',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: functionArn,
          Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
        },
      ],
    });
  });
});

it.each(['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Url'])(
  '[lambda.template.refused] %s is refused by its name',
  async (type) => {
    await expect(functions.cloud.provision(type, 'R', {})).rejects.toThrow(`${type} is not supported locally`);
  },
);
