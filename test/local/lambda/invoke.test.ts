import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLog } from '../../../local/services/lambda/function-logs.ts';
import { functionCloud, roleArn, type FunctionCloud } from './function-cloud.ts';

let functions: FunctionCloud;
beforeEach(async () => {
  functions = await functionCloud();
});
afterEach(() => functions.close());

describe('Invoke', () => {
  it('[lambda.invoke.answer] answers what the handler returns', async () => {
    await functions.deploy('echo', 'exports.handler = async (event) => ({ got: event });');
    expect(await functions.invoke('echo', { a: 1 })).toMatchObject({ payload: { got: { a: 1 } }, version: '$LATEST' });
    expect((await functions.invoke('echo', { a: 1 })).functionError).toBeUndefined();
  });

  it('[lambda.invoke.answer] passes an empty object when there is no payload, and answers null for nothing', async () => {
    await functions.deploy('keys', 'exports.handler = async (event) => { globalThis.seen = event; };');
    expect((await functions.invoke('keys')).payload).toBeNull();
    await functions.deploy('empty', 'exports.handler = async (event) => Object.keys(event).length;');
    expect((await functions.invoke('empty')).payload).toBe(0);
  });

  it('[lambda.invoke.reference] accepts a name, an ARN, a partial ARN and a qualified ARN', async () => {
    const { attributes } = await functions.deploy(
      'named',
      'exports.handler = async (_event, context) => context.invokedFunctionArn;',
    );
    const arn = String(attributes['Arn']);
    expect(arn).toBe('arn:aws:lambda:us-east-1:123456789012:function:named');
    expect((await functions.invoke('named')).payload).toBe(arn);
    expect((await functions.invoke(arn)).payload).toBe(arn);
    expect((await functions.invoke('123456789012:function:named')).payload).toBe(arn);
    expect((await functions.invoke(`${arn}:$LATEST`)).payload).toBe(`${arn}:$LATEST`);
  });

  it('[lambda.invoke.context] gives the handler the context of its invocation', async () => {
    const source = `exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`;
    await functions.deploy('context', source, { Timeout: 7, MemorySize: 256 });
    const { payload } = await functions.invoke('context');
    expect(payload).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/context',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
    const left = (payload as { left: number }).left;
    expect(left).toBeGreaterThan(5000);
    expect(left).toBeLessThanOrEqual(7000);
  });

  it('[lambda.invoke.environment] gives the handler its own environment and nothing else of the machine than PATH', async () => {
    process.env['SECRET_OF_THE_MACHINE'] = 'x';
    await functions.deploy('env', 'exports.handler = async () => process.env;', {
      Environment: { Variables: { TABLE: 'releases', COUNT: 3 } },
    });
    const { payload } = await functions.invoke('env');
    delete process.env['SECRET_OF_THE_MACHINE'];
    expect(payload).toMatchObject({
      PATH: process.env['PATH'],
      TZ: 'UTC',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      _HANDLER: 'index.handler',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      TABLE: 'releases',
      COUNT: '3',
    });
    expect(payload).not.toHaveProperty('SECRET_OF_THE_MACHINE');
    const key = (payload as Record<string, string>)['AWS_ACCESS_KEY_ID'] ?? '';
    expect(functions.cloud.context.credentials.find(key)?.principal).toMatchObject({ roleArn, sessionName: 'env' });
  });

  it('[lambda.invoke.warm] keeps a thread warm between invocations', async () => {
    await functions.deploy('counter', 'let calls = 0; exports.handler = async () => ++calls;');
    const first = await functions.invoke('counter');
    const second = await functions.invoke('counter');
    expect([first.payload, second.payload]).toEqual([1, 2]);
    expect(first.tail).toContain('Init Duration');
    expect(second.tail).not.toContain('Init Duration');
  });

  it('[lambda.invoke.warm] runs invocations of one function at the same time in threads of their own', async () => {
    await functions.deploy(
      'parallel',
      'let calls = 0; exports.handler = () => new Promise((r) => setTimeout(() => r(++calls), 200));',
    );
    const answers = await Promise.all([functions.invoke('parallel'), functions.invoke('parallel')]);
    expect(answers.map(({ payload }) => payload)).toEqual([1, 1]);
  });

  it('[lambda.invoke.clock] shows the cloud’s time in Date, and the machine’s in the deadline', async () => {
    const source = `exports.handler = async (event, context) =>
      [new Date().toISOString(), Date.now(), Date().slice(0, 15), new Date(0).getTime(), new Date() instanceof Date, context.getRemainingTimeInMillis() <= 3000];`;
    await functions.deploy('clock', source);
    const nowMs = functions.cloud.clock.nowMs();
    const { payload } = await functions.invoke('clock');
    expect(payload).toEqual([new Date(nowMs).toISOString(), nowMs, expect.any(String), 0, true, true]);
    await functions.cloud.advance(3_600_000);
    const [later] = (await functions.invoke('clock')).payload as string[];
    expect(later).toBe(new Date(nowMs + 3_600_000).toISOString());
  });

  it('[lambda.invoke.clock] holds the cloud’s clock while it runs', async () => {
    await functions.deploy('slow', 'exports.handler = () => new Promise((r) => setTimeout(r, 100));');
    const running = functions.invoke('slow');
    await Promise.resolve();
    expect(functions.cloud.clock.isHeld()).toBe(true);
    await running;
    expect(functions.cloud.clock.isHeld()).toBe(false);
  });

  it('[lambda.invoke.new-code] runs the new code after a change, not the warm thread of the old', async () => {
    const first = await functions.deploy('changing', 'exports.handler = async () => 1;');
    expect((await functions.invoke('changing')).payload).toBe(1);
    expect((await functions.deploy('changing', 'exports.handler = async () => 2;')).physicalId).toBe(first.physicalId);
    expect((await functions.invoke('changing')).payload).toBe(2);
  });

  it('[lambda.invoke.dry-run] checks and runs nothing for DryRun', async () => {
    await functions.deploy('dry', 'exports.handler = async () => 1;');
    const output = await functions.cloud.call('lambda', 'Invoke', { FunctionName: 'dry', InvocationType: 'DryRun' });
    expect(output).toEqual({ StatusCode: 204 });
    expect(readLog(functions.cloud.context.folder, 'dry').entries).toEqual([]);
  });

  it('[lambda.invoke.refused] refuses a function that is not there, a payload that is no JSON and one that is too large', async () => {
    await functions.deploy('strict', 'exports.handler = async () => 1;');
    await expect(functions.invoke('absent')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      httpStatus: 404,
    });
    const invoke = (input: object): Promise<unknown> =>
      functions.cloud.call('lambda', 'Invoke', { FunctionName: 'strict', ...input });
    await expect(invoke({ Payload: Buffer.from('{') })).rejects.toMatchObject({
      code: 'InvalidRequestContentException',
    });
    const mebibyte = Buffer.from(JSON.stringify('x'.repeat(1_048_576)));
    await expect(invoke({ Payload: mebibyte, InvocationType: 'Event' })).rejects.toMatchObject({
      code: 'RequestTooLargeException',
      httpStatus: 413,
    });
    await expect(invoke({ Payload: Buffer.alloc(6_291_457, '1') })).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    await expect(invoke({ FunctionName: 'strict:1', Qualifier: '2' })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
  });

  it('[lambda.concurrency.throttled] refuses more than the reserved concurrency', async () => {
    await functions.deploy('single', 'exports.handler = () => new Promise((r) => setTimeout(r, 200));', {
      ReservedConcurrentExecutions: 1,
    });
    const running = functions.invoke('single');
    await expect(functions.invoke('single')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      httpStatus: 429,
      members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    await running;
  });

  it('[lambda.logs] writes what a function prints to its log, readable by its owner only', async () => {
    await functions.deploy(
      'talker',
      `console.log('loading'); exports.handler = async () => { console.error('two\\nlines', { a: 1 }); process.stdout.write('raw\\n'); };`,
    );
    const { tail } = await functions.invoke('talker');
    const { folder } = functions.cloud.context;
    const { entries, nextByte } = readLog(folder, 'talker');
    const requestId = entries.at(-1)?.requestId;
    expect(entries.map(({ message }) => message)).toEqual([
      `START RequestId: ${requestId} Version: $LATEST`,
      'INFO\tloading',
      'ERROR\ttwo\nlines { a: 1 }',
      'raw',
      `END RequestId: ${requestId}`,
      expect.stringMatching(
        /^REPORT RequestId: .*\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration/,
      ) as unknown,
    ]);
    expect(entries[2]?.requestId).toBe(requestId);
    expect(tail).toContain('raw\n');
    expect(statSync(join(folder, 'logs', 'talker.log')).mode & 0o777).toBe(0o600);
    expect(readLog(folder, 'talker', nextByte).entries).toEqual([]);
  });
});
