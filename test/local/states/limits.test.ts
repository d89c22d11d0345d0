import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkVariables } from '../../../local/services/states/errors.ts';
import { evaluate } from '../../../local/services/states/jsonpath/template.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  definitionOf,
  functionAnswer,
  makeMachine,
  openStatesCloud,
  roleArn,
  run,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

const most = 262_144;
const done = { Done: { Type: 'Succeed' } };
/** A text whose JSON has so many bytes; the umlaut has two. */
const textOf = (bytes: number): string => `ä${'x'.repeat(bytes - 4)}`;

it('[states.limits.depth] a value that is nested too deeply to be written fails its state', async () => {
  const text = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const parse = { Type: 'Pass', Output: `{% $parse('${text}') %}`, End: true };
  expect(await run(cloud, { Parse: parse })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
});

describe('256 KiB', () => {
  it('[states.limits.payload-bytes] are the most that an execution takes as input', async () => {
    const stateMachineArn = await makeMachine(cloud, done);
    const begin = (bytes: number): Promise<unknown> =>
      cloud.call('states', 'StartExecution', { stateMachineArn, input: JSON.stringify(textOf(bytes)) });
    await begin(most);
    await expect(begin(most + 1)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('[states.limits.payload-bytes] are the most that a task gives', async () => {
    let bytes = most;
    cloud.answer('lambda', 'Invoke', () => functionAnswer(textOf(bytes)));
    const call = {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:123456789012:function:plan',
      Output: 1,
      End: true,
    };
    expect((await run(cloud, { Call: call })).status).toBe('SUCCEEDED');
    bytes += 1;
    expect(await run(cloud, { Call: call })).toMatchObject({ error: 'States.DataLimitExceeded' });
  });

  it('[states.limits.payload-bytes] are the most that comes back with a task token', async () => {
    let token = '';
    cloud.answer('sqs', 'SendMessage', (input: { MessageBody: string }) => {
      token = input.MessageBody;
      return {};
    });
    const Arguments = { QueueUrl: 'q', MessageBody: '{% $states.context.Task.Token %}' };
    const ask = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Arguments, End: true };
    const execution = await start(cloud, await makeMachine(cloud, { Ask: ask }));
    await settle(cloud, execution);
    const answer = (bytes: number): Promise<unknown> =>
      cloud.call('states', 'SendTaskSuccess', { taskToken: token, output: JSON.stringify(textOf(bytes)) });
    await expect(answer(most + 1)).rejects.toMatchObject({ code: 'InvalidOutput' });
    await answer(most);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
  });

  it('[states.variables.size] are the most that one Assign sets', async () => {
    const set = (bytes: number) => ({
      Set: { Type: 'Pass', Assign: { x: `{% $pad("", ${bytes}, "x") %}` }, Output: 1, End: true },
    });
    // With its name and punctuation: {"x":"…"}
    expect((await run(cloud, set(most - 8))).status).toBe('SUCCEEDED');
    expect((await run(cloud, set(most - 7))).error).toBe('States.DataLimitExceeded');
  });

  it('[states.variables.total] may be set again and again, until all variables hold 10 MiB', async () => {
    const before = { kept: 'x'.repeat(10 * 1_048_576 - 1_000) };
    // {"kept":"…","v":"…"}
    expect(() => checkVariables(before, { v: 'x'.repeat(1_000 - 18) })).not.toThrow();
    expect(() => checkVariables(before, { v: 'x'.repeat(1_000 - 17) })).toThrow('States.DataLimitExceeded');
    expect(() => checkVariables(before, { kept: 'x'.repeat(1_000) })).not.toThrow();
  });
});

describe('the lengths of texts', () => {
  it('[states.limits.definition] are 1 MB for a definition', async () => {
    const padded = (bytes: number): string => {
      const definition = definitionOf(done, { Comment: '' });
      return definition.replace('"Comment":""', `"Comment":"${'x'.repeat(bytes - definition.length)}"`);
    };
    const create = (bytes: number): Promise<unknown> =>
      cloud.call('states', 'CreateStateMachine', { name: 'm', definition: padded(bytes), roleArn });
    await create(1_048_576);
    await expect(create(1_048_577)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it.each([
    ['StopExecution', 'error', 256],
    ['StopExecution', 'cause', 32_768],
    ['StartExecution', 'traceHeader', 256],
    ['PublishStateMachineVersion', 'description', 256],
  ])('[states.limits.texts] are bounded in %s: %s to %i', async (operation, member, length) => {
    const stateMachineArn = await makeMachine(cloud, { Wait: { Type: 'Wait', Seconds: 60, End: true } });
    const executionArn = await start(cloud, stateMachineArn);
    const call = (count: number): Promise<unknown> =>
      cloud.call('states', operation, { stateMachineArn, executionArn, [member]: 'x'.repeat(count) });
    await expect(call(length + 1)).rejects.toMatchObject({ code: 'ValidationException' });
    expect(await settle(cloud, executionArn)).toMatchObject({ status: 'RUNNING' });
    await call(length);
  });

  it('[states.limits.texts] are bounded in SendTaskFailure too, before the token is looked at', async () => {
    const fail = (more: object): Promise<unknown> =>
      cloud.call('states', 'SendTaskFailure', { taskToken: 'x', ...more });
    await expect(fail({ error: 'x'.repeat(257) })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(fail({ error: 'x'.repeat(256) })).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('[states.token.length] are 2,048 characters at most for a task token', async () => {
    let token = '';
    cloud.answer('sqs', 'SendMessage', (input: { MessageBody: string }) => {
      token = input.MessageBody;
      return {};
    });
    const Arguments = { QueueUrl: 'q', MessageBody: '{% $states.context.Task.Token %}' };
    const ask = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Arguments, End: true };
    await settle(cloud, await start(cloud, await makeMachine(cloud, { Ask: ask })));
    expect(token.length).toBeGreaterThan(0);
    expect(token.length).toBeLessThanOrEqual(2_048);
  });
});

describe('the bounds of intrinsic functions', () => {
  const roots = (input: object) => ({ input: input as never, context: {}, variables: {} });
  const isGiven = (text: string, input: object = {}): boolean => {
    try {
      return evaluate(text, roots(input)) !== undefined;
    } catch (error) {
      expect(String(error)).toContain('States.IntrinsicFailure');
      return false;
    }
  };

  it.each([
    ['States.ArrayRange(1, 1000, 1)', true],
    ['States.ArrayRange(1, 1001, 1)', false],
    ['States.ArrayRange(1, 9, 0)', false],
    ['States.MathAdd(2147483646, 1)', true],
    ['States.MathAdd(2147483647, 1)', false],
    ['States.MathAdd(-2147483648, -1)', false],
    ['States.MathRandom(5, 5)', false],
    ["States.Hash('x', 'SHA-3')", false],
    ["States.Hash('x', 'MD5')", true],
    ['States.JsonMerge($, $, true)', false],
    ['States.JsonMerge($, $, false)', true],
    ['States.ArrayGetItem(States.Array(1), 1)', false],
    ['States.ArrayPartition(States.Array(1), 0)', false],
    ["States.StringToJson('{')", false],
    ["States.Format('{} {}', 1)", false],
    ["States.StringSplit('a', '')", false],
  ])('[states.intrinsics.bounds] %s is in them: %s', (text, isIn) => {
    expect(isGiven(text, { a: 1 })).toBe(isIn);
  });

  it.each(['States.Base64Encode($.t)', 'States.Base64Decode($.t)', "States.Hash($.t, 'SHA-1')"])(
    '[states.intrinsics.bounds] let %s take 10,000 characters, and no more',
    (text) => {
      expect(isGiven(text, { t: 'x'.repeat(10_000) })).toBe(true);
      expect(isGiven(text, { t: 'x'.repeat(10_001) })).toBe(false);
    },
  );

  it.each([
    [String.raw`States.Format('it\'s {}', 1)`, "it's 1"],
    [String.raw`States.Format('\{{}\}', 1)`, '{1}'],
    [String.raw`States.Format('\\{}', 1)`, String.raw`\1`],
    [String.raw`States.Array('it\'s \\')`, [String.raw`it's \ `.trimEnd()]],
  ])('[states.intrinsics.escapes] read %s', (text, expected) => {
    expect(evaluate(text, roots({}))).toEqual(expected);
  });
});
