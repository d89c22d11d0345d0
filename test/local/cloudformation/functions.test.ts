import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLambda } from '../../../local/services/lambda/service.ts';
import { stackCloud, type StackCloud } from './stack-cloud.ts';

let stacks: StackCloud;
beforeEach(async () => {
  stacks = await stackCloud([openLambda]);
});
afterEach(() => stacks.close());

const code = (answer: string) => zipSync({ 'index.js': strToU8(`exports.handler = async () => '${answer}';`) });
const put = (Key: string, Body: Uint8Array) => stacks.cloud.call('s3', 'PutObject', { Bucket: 'code', Key, Body });
const template = (S3Key: string) => ({
  Resources: {
    Hello: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'hello',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::123456789012:role/hello',
        Code: { S3Bucket: 'code', S3Key },
      },
    },
  },
});

async function answer(): Promise<string> {
  // What Lambda answers.
  const { Payload: payload } = (await stacks.cloud.call('lambda', 'Invoke', { FunctionName: 'hello' })) as {
    Payload: Uint8Array;
  };
  return Buffer.from(payload).toString();
}

it('[cloudformation.template.objects] runs a function from a zip in S3, and another one after an update', async () => {
  await stacks.cloud.call('s3', 'CreateBucket', { Bucket: 'code' });
  await put('one.zip', code('one'));
  await stacks.deploy('functions', template('one.zip'));
  expect(await stacks.status('functions')).toBe('CREATE_COMPLETE');
  expect(await answer()).toBe('"one"');
  await put('two.zip', code('two'));
  await stacks.deploy('functions', template('two.zip'));
  expect(await stacks.status('functions')).toBe('UPDATE_COMPLETE');
  expect(await answer()).toBe('"two"');
  await stacks.deploy('functions', template('missing.zip'));
  expect(await stacks.status('functions')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await answer()).toBe('"two"');
});
