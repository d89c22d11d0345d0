import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  definitionOf,
  functionArn,
  historyOf,
  makeMachine,
  openStatesCloud,
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
const create = (definition: string): Promise<{ stateMachineArn: string }> =>
  cloud.call('states', 'CreateStateMachine', { name: `machine-${++made}`, definition, roleArn });

/** The refusal of a definition; undefined if it is taken. */
const refusal = (definition: string): Promise<{ code: string; message: string } | undefined> =>
  create(definition).then(
    () => undefined,
    (error: { code: string; message: string }) => error,
  );

const done = { Type: 'Succeed' };
const group = { StartAt: 'Inner', States: { Inner: done } };
const task = { Type: 'Task', Resource: functionArn };
const byPaths = (states: Record<string, object>): string => definitionOf(states, { QueryLanguage: 'JSONPath' });

/** A state with all that its type must have, in either language. */
const least: Readonly<Record<string, object>> = {
  Task: { ...task, End: true },
  Pass: { Type: 'Pass', End: true },
  Wait: { Type: 'Wait', Seconds: 1, End: true },
  Succeed: done,
  Fail: { Type: 'Fail' },
  Parallel: { Type: 'Parallel', Branches: [group], End: true },
  Map: { Type: 'Map', ItemProcessor: group, End: true },
};
const handlers = { Retry: [{ ErrorEquals: ['X'] }], Catch: [{ ErrorEquals: ['X'], Next: 'Done' }] };
const results = { ResultSelector: {}, ResultPath: '$.x', Parameters: {} };
const around = { InputPath: '$', OutputPath: '$' };

/** The fields of each type beside the least ones, in each language. */
const fields: Readonly<Record<'JSONPath' | 'JSONata', Readonly<Record<string, object>>>> = {
  JSONPath: {
    Task: { ...around, ...results, ...handlers, TimeoutSecondsPath: '$.t', HeartbeatSecondsPath: '$.h', Assign: {} },
    Pass: { ...around, Result: 1, ResultPath: '$.x', Parameters: {}, Assign: {} },
    Wait: { ...around, Assign: {} },
    Succeed: around,
    Fail: { ErrorPath: '$.e', CausePath: '$.c' },
    Parallel: { ...around, ...results, ...handlers, Assign: {} },
    Map: {
      ...around,
      ...handlers,
      ResultSelector: {},
      ResultPath: '$.x',
      ItemsPath: '$.items',
      ItemSelector: {},
      MaxConcurrencyPath: '$.n',
      ToleratedFailureCountPath: '$.n',
      ToleratedFailurePercentagePath: '$.n',
      Assign: {},
    },
  },
  JSONata: {
    Task: { Arguments: {}, Output: 1, Assign: {}, TimeoutSeconds: 9, HeartbeatSeconds: '{% 5 %}', ...handlers },
    Pass: { Output: 1, Assign: {} },
    Wait: { Output: 1, Assign: {} },
    Succeed: { Output: 1 },
    Fail: { Error: '{% "E" %}', Cause: 'because' },
    Parallel: { Arguments: {}, Output: 1, Assign: {}, ...handlers },
    Map: { Items: [1], ItemSelector: {}, MaxConcurrency: '{% 1 %}', Output: 1, Assign: {}, ...handlers },
  },
};

describe('the fields of states', () => {
  const rows = (['JSONPath', 'JSONata'] as const).flatMap((language) =>
    Object.keys(least).map((type) => ({ language, type })),
  );

  it.each(rows)('[states.definition.fields] of a $type in $language are these, and no others', async (row) => {
    const own = fields[row.language][row.type] ?? {};
    const other = fields[row.language === 'JSONata' ? 'JSONPath' : 'JSONata'][row.type] ?? {};
    const taken = async (more: object): Promise<boolean> => {
      const states = { Try: { ...least[row.type], ...more }, Done: done };
      const isCaught = 'Catch' in more;
      const kept = isCaught ? states : { Try: states.Try };
      return (await refusal(definitionOf(kept, { QueryLanguage: row.language }))) === undefined;
    };
    for (const [name, value] of Object.entries(own))
      expect([name, await taken({ [name]: value })]).toEqual([name, true]);
    const foreign = Object.keys(other).filter(
      (name) => !(name in own) && !/^(TimeoutSeconds|HeartbeatSeconds|Error|Cause|MaxConcurrency)$/.test(name),
    );
    if (row.type !== 'Fail') expect(foreign).not.toEqual([]);
    for (const name of [...foreign, 'Nonsense']) {
      const value = { ...other, Nonsense: 1 }[name];
      expect([name, await taken({ [name]: value })]).toEqual([name, false]);
    }
  });

  it.each(['Pass', 'Wait', 'Succeed', 'Fail'])(
    '[states.handlers.where] of a %s are no Retry and no Catch',
    async (type) => {
      for (const [name, value] of Object.entries(handlers)) {
        const states = { Try: { ...least[type], [name]: value }, Done: done };
        expect((await refusal(definitionOf(states)))?.code).toBe('InvalidDefinition');
      }
    },
  );

  it('[states.definition.state-name] have names of 80 characters at most', async () => {
    expect(await refusal(definitionOf({ ['x'.repeat(80)]: done }))).toBeUndefined();
    expect((await refusal(definitionOf({ ['x'.repeat(81)]: done })))?.code).toBe('InvalidDefinition');
  });

  it.each([
    ['a', true],
    ['Zähler_1', true],
    ['x'.repeat(80), true],
    ['x'.repeat(81), false],
    ['1a', false],
    ['a-b', false],
    ['states', false],
  ])('[states.variables.name] call a variable %s: %s', async (name, isTaken) => {
    const found = await refusal(definitionOf({ Set: { Type: 'Pass', Assign: { [name]: 1 }, End: true } }));
    expect(found === undefined).toBe(isTaken);
  });
});

describe('the query language', () => {
  it('[states.query-language.default] is JSONPath unless something else is said', async () => {
    const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', InputPath: '$.x', End: true } } });
    const { stateMachineArn } = await create(definition);
    expect((await settle(cloud, await start(cloud, stateMachineArn, { x: 1 }))).output).toBe('1');
  });

  it('[states.query-language.jsonata-only] of a state is not JSONPath in a machine in JSONata', async () => {
    const state = { Type: 'Pass', QueryLanguage: 'JSONPath', End: true };
    expect((await refusal(definitionOf({ A: state })))?.message).toContain("'QueryLanguage' can not be 'JSONPath'");
  });

  it.each([
    ['?:', '$states.input.a ?: 1'],
    ['??', '$states.input.a ?? 1'],
  ])('[states.jsonata.version] has no operator %s, which came after JSONata 2.0.6', async (_name, expression) => {
    const found = await refusal(definitionOf({ A: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } }));
    expect(found?.message).toContain('INVALID_JSONATA_EXPRESSION');
  });

  it('[states.jsonata.top-level] refuses names that are looked up in no document', async () => {
    const found = await refusal(definitionOf({ A: { Type: 'Pass', Output: '{% phone %}', End: true } }));
    expect(found?.message).toContain("UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone'");
  });

  it.each(['States.Nothing(1)', 'States.Format(', "States.Array('x)"])(
    '[states.intrinsics.unknown] refuses the intrinsic function %s',
    async (text) => {
      const state = { Type: 'Pass', Parameters: { 'x.$': text }, End: true };
      expect((await refusal(byPaths({ A: state })))?.message).toContain(
        'must be a valid JSONPath or a valid intrinsic',
      );
    },
  );

  it('[states.intrinsics.depth] takes ten intrinsic functions in one another, and no eleventh', async () => {
    const nested = (depth: number): string => 'States.Array('.repeat(depth) + '1' + ')'.repeat(depth);
    const state = (depth: number): object => ({ Type: 'Pass', Parameters: { 'x.$': nested(depth) }, End: true });
    expect(await refusal(byPaths({ A: state(10) }))).toBeUndefined();
    expect((await refusal(byPaths({ A: state(11) })))?.code).toBe('InvalidDefinition');
  });

  it.each(['And', 'Or', 'Not'])('[states.choice.nested-next] has no Next inside %s', async (name) => {
    const rule = { Variable: '$.x', IsNull: true };
    const asking = (inner: object): string =>
      byPaths({
        Ask: { Type: 'Choice', Choices: [{ [name]: name === 'Not' ? inner : [inner], Next: 'Done' }] },
        Done: done,
      });
    expect(await refusal(asking(rule))).toBeUndefined();
    expect((await refusal(asking({ ...rule, Next: 'Done' })))?.code).toBe('InvalidDefinition');
  });
});

describe('retriers and catchers', () => {
  it.each([
    [{ IntervalSeconds: 1 }, true],
    [{ IntervalSeconds: 0 }, false],
    [{ IntervalSeconds: 99_999_999 }, true],
    [{ IntervalSeconds: 100_000_000 }, false],
    [{ MaxAttempts: 0 }, true],
    [{ MaxAttempts: -1 }, false],
    [{ MaxAttempts: 99_999_999 }, true],
    [{ MaxAttempts: 100_000_000 }, false],
    [{ BackoffRate: 1 }, true],
    [{ BackoffRate: 0.9 }, false],
    [{ MaxDelaySeconds: 2 }, true],
    [{ MaxDelaySeconds: 31_622_399 }, true],
    [{ MaxDelaySeconds: 31_622_400 }, false],
    [{ IntervalSeconds: 5, MaxDelaySeconds: 5 }, false],
    [{ JitterStrategy: 'FULL' }, true],
    [{ JitterStrategy: 'NONE' }, true],
    [{ JitterStrategy: 'SOME' }, false],
    [{ ErrorEquals: [] }, false],
  ])('[states.retry.bounds] %o is taken: %s', async (fields, isTaken) => {
    const Retry = [{ ErrorEquals: ['X'], ...fields }];
    expect((await refusal(definitionOf({ Call: { ...task, Retry, End: true } }))) === undefined).toBe(isTaken);
  });

  it.each(['Retry', 'Catch'])('[states.handlers.all-alone] of %s name States.ALL alone, and last', async (field) => {
    const taken = async (...names: string[][]): Promise<boolean> => {
      const list = names.map((ErrorEquals) => ({ ErrorEquals, ...(field === 'Catch' && { Next: 'Done' }) }));
      const caught = field === 'Catch' ? { Done: done } : {};
      return (await refusal(definitionOf({ Call: { ...task, [field]: list, End: true }, ...caught }))) === undefined;
    };
    expect(await taken(['X'], ['States.ALL'])).toBe(true);
    expect(await taken(['States.ALL', 'X'])).toBe(false);
    expect(await taken(['States.ALL'], ['X'])).toBe(false);
  });

  it('[states.timeout.heartbeat-smaller] of a task take a heartbeat that is smaller than its time', async () => {
    const timed = (heartbeat: number): string =>
      definitionOf({ Call: { ...task, TimeoutSeconds: 5, HeartbeatSeconds: heartbeat, End: true } });
    expect(await refusal(timed(4))).toBeUndefined();
    expect((await refusal(timed(5)))?.code).toBe('InvalidDefinition');
  });
});

describe('the resource of a task', () => {
  it.each(['dynamodb:PutItem', 'dynamodb:putItems'])(
    '[states.aws-sdk.recognized] is not aws-sdk:%s',
    async (action) => {
      const state = { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${action}`, End: true };
      expect((await refusal(definitionOf({ Call: state })))?.message).toContain('is not recognized');
    },
  );

  it('[states.lambda.arn-no-token] is no function ARN with a task token', async () => {
    const state = { Type: 'Task', Resource: `${functionArn}.waitForTaskToken`, End: true };
    expect((await refusal(definitionOf({ Call: state })))?.code).toBe('InvalidDefinition');
  });
});

describe('what expressions see', () => {
  it.each([
    ['result', { Look: { Type: 'Pass', Output: '{% $states.result %}', End: true } }],
    ['errorOutput', { Look: { Type: 'Pass', Output: '{% $states.errorOutput %}', End: true } }],
  ])('[states.jsonata.states] is no $states.%s in a Pass', async (_name, states) => {
    const execution = await start(cloud, await makeMachine(cloud, states));
    expect(await settle(cloud, execution)).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('[states.jsonata.states] is errorOutput, and no result, in a Catch', async () => {
    const Catch = [
      {
        ErrorEquals: ['States.ALL'],
        Next: 'Done',
        Output: '{% [$exists($states.result), $states.errorOutput.Error] %}',
      },
    ];
    cloud.answer('lambda', 'Invoke', () => {
      throw new Error('socket hang up');
    });
    const execution = await start(cloud, await makeMachine(cloud, { Call: { ...task, Catch, End: true }, Done: done }));
    expect((await settle(cloud, execution)).output).toBe('[false,"Lambda.SdkClientException"]');
  });

  it('[states.context.paths] is the context object behind $$ in JSONPath', async () => {
    const Parameters = { 'name.$': '$$.Execution.Name', 'state.$': '$$.State.Name', 'machine.$': '$$.StateMachine.Id' };
    const { stateMachineArn } = await create(byPaths({ Look: { Type: 'Pass', Parameters, End: true } }));
    const execution = await start(cloud, stateMachineArn, {}, 'one');
    expect(JSON.parse((await settle(cloud, execution)).output ?? '')).toEqual({
      name: 'one',
      state: 'Look',
      machine: stateMachineArn,
    });
    expect(await historyOf(cloud, execution)).toHaveLength(4);
  });
});
