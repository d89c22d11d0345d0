import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluatePath, insertAt, parsePath } from '../../../local/services/states/jsonpath/path.ts';
import { evaluate } from '../../../local/services/states/jsonpath/template.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  functionAnswer,
  functionArn,
  functionError,
  openStatesCloud,
  payloadOf,
  roleArn,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

let made = 0;

async function make(states: Record<string, object>, more: object = {}): Promise<string> {
  made += 1;
  const { stateMachineArn } = await cloud.call<{ stateMachineArn: string }>('states', 'CreateStateMachine', {
    name: `paths-${made}`,
    definition: JSON.stringify({ StartAt: Object.keys(states)[0], States: states, ...more }),
    roleArn,
  });
  return stateMachineArn;
}

async function run(states: Record<string, object>, input: unknown = {}) {
  const described = await settle(cloud, await start(cloud, await make(states), input));
  return {
    ...described,
    value: described.output === undefined ? undefined : (JSON.parse(described.output) as unknown),
  };
}

const pass = (fields: object) => ({ Pass: { Type: 'Pass', ...fields, End: true } });

describe('paths', () => {
  const input = { a: { b: [1, 2, 3, 4] }, 'x y': true, list: [{ n: 1 }, { n: 2 }], no: null };
  const roots = { input, context: { State: { Name: 'S' } }, variables: { v: { w: 5 } } };

  it.each([
    ['$', input],
    ['$.a.b[1]', 2],
    ['$.a.b[-1]', 4],
    ['$.a.b[1:3]', [2, 3]],
    ['$.a.b[-2:]', [3, 4]],
    ['$.a.b[0,2]', [1, 3]],
    ["$['x y']", true],
    ['$["a"]["b"][0]', 1],
    ['$.list[*].n', [1, 2]],
    ['$..n', [1, 2]],
    ['$.list.*', [{ n: 1 }, { n: 2 }]],
    ['$.no', null],
    ['$.absent', undefined],
    ['$.constructor', undefined],
    ['$.absent[*]', []],
    ['$$.State.Name', 'S'],
    ['$v.w', 5],
    ['$.list[?(@.n > 1)]', [{ n: 2 }]],
    ['$.list[?(@.n == 2)].n', [2]],
    ['$..[?(@.n)].n', [1, 2]],
    ['$.list[?(@.n == 1 || @.n == 3)].n', [1]],
    ['$.list[?(@.n >= 1 && !(@.n == 1))].n', [2]],
    ["$.list[?(@.m == 'x')]", []],
    ["$.list[?(@['n'] < $.a.b[1])].n", [1]],
    ['$.a.b[?(@ != 2)]', [1, 3, 4]],
  ])('[states.jsonpath.path] %s finds %j', (path, found) => {
    expect(evaluatePath(parsePath(path), roots)).toEqual(found);
  });

  it.each(['a', '$.', '$.a[', '$.a..', '$.list[?(@.n >)]', '$.list[?(n > 1)]', '$.list[(@.length-1)]'])(
    '[states.jsonpath.syntax] refuses %s',
    (path) => {
      expect(() => parsePath(path)).toThrow();
    },
  );

  it('[states.jsonpath.result-path] makes the objects on the way and leaves the input alone', () => {
    expect(insertAt(parsePath('$.new.deep'), input, 1)).toEqual({ ...input, new: { deep: 1 } });
    expect(insertAt(parsePath('$.a.b[1]'), input, 9)).toMatchObject({ a: { b: [1, 9, 3, 4] } });
    expect(() => insertAt(parsePath('$.no.x'), input, 1)).toThrow();
    expect(input.a.b[1]).toBe(2);
  });
});

describe('intrinsic functions', () => {
  const roots = { input: { n: 5, list: [1, 2, 2, 3], name: 'Ann', o: { a: 1, b: 1 } }, context: {}, variables: {} };

  it.each([
    ["States.Format('Hi {}, {} of {}', $.name, $.n, 'x')", 'Hi Ann, 5 of x'],
    [String.raw`States.Format('it\'s \{{}\} \\', $.n)`, String.raw`it's {5} \ `.trimEnd()],
    ["States.Format('{}', $.o)", '{"a":1,"b":1}'],
    [String.raw`States.StringToJson('{"a":[1]}')`, { a: [1] }],
    ['States.JsonToString($.o)', '{"a":1,"b":1}'],
    ["States.Array(1, 'a', true, null, $.n)", [1, 'a', true, null, 5]],
    ['States.Array()', []],
    ['States.ArrayPartition($.list, 3)', [[1, 2, 2], [3]]],
    ['States.ArrayContains($.list, 3)', true],
    ['States.ArrayRange(1, 9, 4)', [1, 5, 9]],
    ['States.ArrayGetItem($.list, 3)', 3],
    ['States.ArrayLength($.list)', 4],
    ['States.ArrayUnique($.list)', [1, 2, 3]],
    ["States.Base64Encode('Data')", 'RGF0YQ=='],
    ["States.Base64Decode('RGF0YQ==')", 'Data'],
    ["States.Hash('input', 'SHA-1')", '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
    ['States.JsonMerge($.o, States.StringToJson(\'{"b":2}\'), false)', { a: 1, b: 2 }],
    ['States.MathAdd($.n, -1)', 4],
    ["States.StringSplit('1,2+3', ',+')", ['1', '2', '3']],
    ["States.ArrayLength(States.Array($.list[0], $.list['x'], 2))", undefined],
  ])('[states.intrinsics] %s gives %j', (text, expected) => {
    if (expected === undefined) expect(() => evaluate(text, roots)).toThrow('States.IntrinsicFailure');
    else expect(evaluate(text, roots)).toEqual(expected);
  });

  it('[states.intrinsics.random] States.MathRandom keeps to its bounds and its seed, States.UUID gives one', () => {
    expect(evaluate('States.MathRandom(1, 2)', roots)).toBe(1);
    expect(evaluate('States.MathRandom(1, 999, 3)', roots)).toBe(evaluate('States.MathRandom(1, 999, 3)', roots));
    expect(evaluate('States.UUID()', roots)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });
});

describe('a machine in JSONPath', () => {
  it('[states.jsonpath.order] applies InputPath, Parameters, ResultSelector, ResultPath and OutputPath in this order', async () => {
    const seen: unknown[] = [];
    cloud.answer('lambda', 'Invoke', (input) => {
      seen.push(payloadOf(input));
      return functionAnswer({ got: 1, more: 2 });
    });
    const { value } = await run(
      {
        Call: {
          Type: 'Task',
          Resource: functionArn,
          InputPath: '$.in',
          Parameters: { 'x.$': '$.x', fixed: '$.x', 'name.$': '$$.State.Name', nested: [{ 'y.$': '$.x' }] },
          ResultSelector: { 'only.$': '$.got' },
          ResultPath: '$.result',
          OutputPath: '$.result',
          End: true,
        },
      },
      { in: { x: 7 }, kept: true },
    );
    expect(seen).toEqual([{ x: 7, fixed: '$.x', name: 'Call', nested: [{ y: 7 }] }]);
    expect(value).toEqual({ only: 1 });
  });

  it.each([
    [
      { Result: { r: 1 }, ResultPath: '$.at' },
      { in: 1, at: { r: 1 } },
    ],
    [{ Result: 1, ResultPath: null }, { in: 1 }],
    [{ Result: 1 }, 1],
    [{ OutputPath: null }, {}],
    [{ InputPath: null }, {}],
    [{ InputPath: '$.in' }, 1],
    [{ Parameters: { 'a.$': "States.Format('{}!', $.in)" } }, { a: '1!' }],
  ])('[states.jsonpath.pass] Pass with %j gives %j', async (fields, expected) => {
    expect((await run(pass(fields), { in: 1 })).value).toEqual(expected);
  });

  it.each([
    ['States.Runtime', { InputPath: '$.absent' }],
    ['States.Runtime', { OutputPath: '$.absent' }],
    ['States.ParameterPathFailure', { Parameters: { 'a.$': '$.absent' } }],
    ['States.IntrinsicFailure', { Parameters: { 'a.$': 'States.ArrayLength($.in)' } }],
    ['States.ResultPathMatchFailure', { Result: 1, ResultPath: '$.in.deep' }],
  ])('[states.jsonpath.errors] fails with %s for %j', async (error, fields) => {
    expect(await run(pass(fields), { in: 1 })).toMatchObject({ status: 'FAILED', error });
  });

  it.each([
    ['StringEquals', { Variable: '$.s', StringEquals: 'abc' }, true],
    ['StringEqualsPath', { Variable: '$.s', StringEqualsPath: '$.t' }, false],
    ['StringLessThan', { Variable: '$.s', StringLessThan: 'abd' }, true],
    ['StringGreaterThanEquals', { Variable: '$.s', StringGreaterThanEquals: 'abc' }, true],
    ['StringMatches', { Variable: '$.s', StringMatches: 'a*c' }, true],
    ['StringMatches escaped', { Variable: '$.s', StringMatches: 'a\\*c' }, false],
    ['NumericEquals', { Variable: '$.n', NumericEquals: 5 }, true],
    ['NumericEquals on a string', { Variable: '$.s', NumericEquals: 5 }, false],
    ['NumericLessThanEqualsPath', { Variable: '$.n', NumericLessThanEqualsPath: '$.n' }, true],
    ['NumericGreaterThan', { Variable: '$.n', NumericGreaterThan: 5 }, false],
    ['BooleanEquals', { Variable: '$.b', BooleanEquals: false }, true],
    ['TimestampLessThan', { Variable: '$.d', TimestampLessThan: '2026-01-02T00:00:00+00:00' }, true],
    ['TimestampEquals', { Variable: '$.d', TimestampEquals: '2026-01-01T01:00:00+01:00' }, true],
    ['IsNull', { Variable: '$.z', IsNull: true }, true],
    ['IsPresent', { Variable: '$.absent', IsPresent: false }, true],
    ['IsString', { Variable: '$.n', IsString: true }, false],
    ['IsNumeric', { Variable: '$.n', IsNumeric: true }, true],
    ['IsBoolean', { Variable: '$.b', IsBoolean: true }, true],
    ['IsTimestamp', { Variable: '$.s', IsTimestamp: false }, true],
    [
      'And',
      {
        And: [
          { Variable: '$.n', NumericEquals: 5 },
          { Variable: '$.b', BooleanEquals: true },
        ],
      },
      false,
    ],
    [
      'Or',
      {
        Or: [
          { Variable: '$.n', NumericEquals: 5 },
          { Variable: '$.b', BooleanEquals: true },
        ],
      },
      true,
    ],
    ['Not', { Not: { Variable: '$.n', NumericEquals: 5 } }, false],
  ])('[states.jsonpath.choice] %s', async (_name, rule, expected) => {
    const { value } = await run(
      {
        Ask: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: true, End: true },
        No: { Type: 'Pass', Result: false, End: true },
      },
      { s: 'abc', t: 'x', n: 5, b: false, z: null, d: '2026-01-01T00:00:00Z' },
    );
    expect(value).toBe(expected);
  });

  it('[states.jsonpath.assign] assigns from the result, and later states read variables', async () => {
    const { value } = await run({
      Set: { Type: 'Pass', Result: { a: 1 }, Assign: { 'x.$': '$.a', fixed: 2 }, ResultPath: null, Next: 'Get' },
      Get: { Type: 'Pass', Parameters: { 'x.$': '$x', 'sum.$': 'States.MathAdd($x, $fixed)' }, End: true },
    });
    expect(value).toEqual({ x: 1, sum: 3 });
  });

  it('[states.jsonpath.catch] places the error output at the ResultPath of the catcher', async () => {
    cloud.answer('lambda', 'Invoke', () => functionError('Boom', 'no'));
    const { value } = await run(
      {
        Call: {
          Type: 'Task',
          Resource: functionArn,
          Catch: [{ ErrorEquals: ['Boom'], ResultPath: '$.error', Next: 'After' }],
          End: true,
        },
        After: { Type: 'Succeed', OutputPath: '$.error.Error' },
      },
      { kept: 1 },
    );
    expect(value).toBe('Boom');
  });

  it('[states.jsonpath.map] maps ItemsPath with ItemSelector, and Parallel gives all branches the Parameters', async () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } };
    const other = { StartAt: 'Other', States: { Other: { Type: 'Pass', InputPath: '$.p', End: true } } };
    const { value } = await run(
      {
        Each: {
          Type: 'Map',
          ItemsPath: '$.list',
          ItemSelector: { 'v.$': '$$.Map.Item.Value', 'i.$': '$$.Map.Item.Index', 'all.$': '$.k' },
          MaxConcurrencyPath: '$.k',
          ItemProcessor: inner,
          ResultPath: '$.mapped',
          Next: 'Both',
        },
        Both: { Type: 'Parallel', Parameters: { 'p.$': '$.mapped' }, Branches: [other], OutputPath: '$[0]', End: true },
      },
      { list: ['a', 'b'], k: 1 },
    );
    expect(value).toEqual([
      { v: 'a', i: 0, all: 1 },
      { v: 'b', i: 1, all: 1 },
    ]);
  });

  it('[states.map.iterator] runs the Iterator and the Parameters of a Map, as they were called once', async () => {
    const { value } = await run(
      {
        Each: {
          Type: 'Map',
          ItemsPath: '$.list',
          Parameters: { 'n.$': '$$.Map.Item.Value', 'add.$': '$.add' },
          Iterator: {
            StartAt: 'Add',
            States: { Add: { Type: 'Pass', Parameters: { 'sum.$': 'States.MathAdd($.n, $.add)' }, End: true } },
          },
          End: true,
        },
      },
      { list: [1, 2], add: 10 },
    );
    expect(value).toEqual([{ sum: 11 }, { sum: 12 }]);
  });

  it('[states.jsonpath.wait-paths] waits for SecondsPath and fails with ErrorPath and CausePath', async () => {
    const machine = await make({
      Wait: { Type: 'Wait', SecondsPath: '$.s', Next: 'Fail' },
      Fail: { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('because {}', $.s)" },
    });
    const execution = await start(cloud, machine, { s: 5, e: 'Late' });
    await cloud.advance(4_999);
    expect((await settle(cloud, execution)).status).toBe('RUNNING');
    await cloud.advance(1);
    expect(await settle(cloud, execution)).toMatchObject({ error: 'Late', cause: 'because 5' });
  });

  it('[states.query-language.mixed] runs single states in JSONata', async () => {
    const { value } = await run(
      {
        One: { Type: 'Pass', Parameters: { 'n.$': '$.n' }, Next: 'Two' },
        Two: { Type: 'Pass', QueryLanguage: 'JSONata', Output: { twice: '{% $states.input.n * 2 %}' }, Next: 'Three' },
        Three: { Type: 'Pass', InputPath: '$.twice', End: true },
      },
      { n: 4, m: 1 },
    );
    expect(value).toBe(8);
  });

  it.each([
    ['/States/Pass', pass({ Output: 1 })],
    ['/States/Pass/InputPath', pass({ InputPath: 'a' })],
    ['/States/Pass/ResultPath', pass({ ResultPath: '$.a[*]' })],
    ['/States/Pass/Parameters/a.$', pass({ Parameters: { 'a.$': 'States.Nothing()' } })],
    ['/States/Pass/Parameters/a.$', pass({ Parameters: { 'a.$': '$.list[?(@.n >)]' } })],
    ['/States/Ask/Choices[0]', { Ask: { Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'Ask' }] } }],
  ])('[states.jsonpath.check] refuses with the place %s: %j', async (place, states) => {
    await expect(make(states)).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringContaining(` at ${place}'`),
    });
  });
});
