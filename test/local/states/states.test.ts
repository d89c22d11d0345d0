import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { testStartMs } from '../../support/cloud-context.ts';
import { historyOf, historyTypes, makeMachine, openStatesCloud, run, settle, start } from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

describe('Pass', () => {
  it('[states.pass.input] gives its input when it has no Output', async () => {
    const { status, value } = await run(cloud, { Pass: { Type: 'Pass', End: true } }, { a: [1, 2] });
    expect({ status, value }).toEqual({ status: 'SUCCEEDED', value: { a: [1, 2] } });
  });

  it('[states.jsonata.delimiters] evaluates every expression in its Output and leaves other strings as they are', async () => {
    const { value } = await run(
      cloud,
      {
        Pass: {
          Type: 'Pass',
          Output: { sum: '{% $sum($states.input.items) %}', list: ['{% 1 + 1 %}', ' {% 1 %} ', '$states.input', null] },
          End: true,
        },
      },
      { items: [1, 2, 3] },
    );
    expect(value).toEqual({ sum: 6, list: [2, ' {% 1 %} ', '$states.input', null] });
  });

  it('[states.variables.old-values] assigns variables that later states see, and evaluates Assign and Output from the old ones', async () => {
    const { value } = await run(cloud, {
      First: { Type: 'Pass', Assign: { count: 1 }, Next: 'Second' },
      Second: { Type: 'Pass', Assign: { count: '{% $count + 1 %}' }, Output: '{% $count %}', Next: 'Third' },
      Third: { Type: 'Pass', Output: { before: '{% $states.input %}', now: '{% $count %}' }, End: true },
    });
    expect(value).toEqual({ before: 1, now: 2 });
  });

  it('[states.context] shows the execution, the machine and the state in the context', async () => {
    const machine = await makeMachine(cloud, { Look: { Type: 'Pass', Output: '{% $states.context %}', End: true } });
    const execution = await start(cloud, machine, { id: 7 }, 'one');
    const { output = '' } = await settle(cloud, execution);
    const time = new Date(testStartMs).toISOString();
    expect(JSON.parse(output)).toEqual({
      Execution: {
        Id: execution,
        Input: { id: 7 },
        StartTime: time,
        Name: 'one',
        RoleArn: 'arn:aws:iam::123456789012:role/machine',
        RedriveCount: 0,
      },
      StateMachine: { Id: machine, Name: machine.split(':').at(-1) },
      State: { Name: 'Look', EnteredTime: time },
    });
  });
});

describe('Choice', () => {
  const states = {
    Ask: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'End', Output: 'big', Assign: { size: 'L' } },
        { Condition: '{% $states.input.n > 5 %}', Next: 'End' },
      ],
      Default: 'End',
      Output: 'default',
      Assign: { size: 'S' },
    },
    End: {
      Type: 'Pass',
      Output: { got: '{% $states.input %}', size: '{% $exists($size) ? $size : "none" %}' },
      End: true,
    },
  };

  it.each([
    { n: 11, expected: { got: 'big', size: 'L' } },
    { n: 6, expected: { got: { n: 6 }, size: 'none' } },
    { n: 1, expected: { got: 'default', size: 'S' } },
  ])('[states.choice.first] takes the first rule that is true, or the default, for $n', async ({ n, expected }) => {
    expect((await run(cloud, states, { n })).value).toEqual(expected);
  });

  it('[states.choice.no-match] fails when no rule matches and there is no default', async () => {
    const { status, error, cause } = await run(cloud, {
      Ask: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'End' }] },
      End: { Type: 'Succeed' },
    });
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(cause).toContain("the state 'Ask' (entered at the event id #2)");
  });

  it('[states.choice.boolean] fails when a condition is no boolean', async () => {
    const { error, cause } = await run(cloud, {
      Ask: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }] },
      End: { Type: 'Succeed' },
    });
    expect(error).toBe('States.QueryEvaluationError');
    expect(cause).toContain(
      "for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean'",
    );
  });
});

describe('Wait', () => {
  const waiting = async (state: object, input: unknown = {}): Promise<number> => {
    const machine = await makeMachine(cloud, { Wait: { Type: 'Wait', ...state, End: true } });
    const execution = await start(cloud, machine, input);
    await cloud.advance(3_600_000);
    const { status, startDate, stopDate } = await settle(cloud, execution);
    expect(status).toBe('SUCCEEDED');
    return ((stopDate?.getTime() ?? NaN) - startDate.getTime()) / 1_000;
  };

  it('[states.wait.seconds] waits some seconds', async () => {
    expect(await waiting({ Seconds: 90 })).toBe(90);
  });

  it('[states.wait.seconds-expression] waits the seconds that an expression gives', async () => {
    expect(await waiting({ Seconds: '{% $states.input.s * 2 %}' }, { s: 30 })).toBe(60);
  });

  it('[states.wait.timestamp] waits until a timestamp', async () => {
    expect(await waiting({ Timestamp: '{% $fromMillis($millis() + 45000) %}' })).toBe(45);
  });

  it('[states.wait.past] goes on at once when the timestamp is past', async () => {
    expect(await waiting({ Timestamp: '2020-01-01T00:00:00Z' })).toBe(0);
  });

  it('[states.wait.output-late] makes its output when it ends, not when it begins', async () => {
    const machine = await makeMachine(cloud, {
      Wait: { Type: 'Wait', Seconds: 10, Output: '{% $millis() %}', End: true },
    });
    const execution = await start(cloud, machine);
    await cloud.advance(10_000);
    expect((await settle(cloud, execution)).output).toBe(String(testStartMs + 10_000));
  });

  it.each([{ Seconds: '{% 1.5 %}' }, { Seconds: '{% -1 %}' }, { Timestamp: '{% "tomorrow" %}' }])(
    '[states.wait.bounds] fails when the time is none: %o',
    async (field) => {
      const { error } = await run(cloud, { Wait: { Type: 'Wait', ...field, End: true } });
      expect(error).toBe('States.QueryEvaluationError');
    },
  );
});

describe('Succeed and Fail', () => {
  it('[states.succeed] succeeds with the output of Succeed', async () => {
    const { status, value } = await run(cloud, { Done: { Type: 'Succeed', Output: '{% "yes" %}' } });
    expect({ status, value }).toEqual({ status: 'SUCCEEDED', value: 'yes' });
  });

  it('[states.fail] fails with the error and cause of Fail', async () => {
    const states = { No: { Type: 'Fail', Error: 'Release.Refused', Cause: '{% "because " & $states.input.why %}' } };
    const { status, error, cause } = await run(cloud, states, { why: 'frozen' });
    expect({ status, error, cause }).toEqual({ status: 'FAILED', error: 'Release.Refused', cause: 'because frozen' });
  });

  it('[states.fail.nameless] fails without an error when Fail names none', async () => {
    const machine = await makeMachine(cloud, { No: { Type: 'Fail' } });
    const execution = await start(cloud, machine);
    expect(await settle(cloud, execution)).not.toHaveProperty('error');
    expect((await historyOf(cloud, execution)).at(-1)).toMatchObject({ executionFailedEventDetails: {} });
  });
});

describe('expressions', () => {
  it('[states.jsonata.undefined] fails when one yields nothing, naming the expression, the field and the state', async () => {
    const machine = await makeMachine(cloud, {
      E: { Type: 'Pass', Output: { v: '{% $states.input.missing %}' }, End: true },
    });
    const execution = await start(cloud, machine);
    const { error, cause } = await settle(cloud, execution);
    expect(error).toBe('States.QueryEvaluationError');
    expect(cause).toBe(
      "An error occurred while executing the state 'E' (entered at the event id #2). The JSONata expression " +
        "'$states.input.missing' specified for the field 'Output/v' returned nothing (undefined).",
    );
    const events = await historyOf(cloud, execution);
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'EvaluationFailed',
      'ExecutionFailed',
    ]);
    expect(events[2]).toMatchObject({
      previousEventId: 2,
      evaluationFailedEventDetails: { state: 'E', location: 'Output/v', error: 'States.QueryEvaluationError' },
    });
  });

  it.each([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(1, 9, 4)', [1, 5, 9]],
    ['$hash("abc", "SHA-256")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['$parse("{\\"a\\": 1}").a', 1],
    ['$random(7) = $random(7)', true],
    ['$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4/).index', 0],
    ['$now()', new Date(testStartMs).toISOString()],
    ['$now("[Y0001]")', '2026'],
    ['$millis()', testStartMs],
  ])('[states.jsonata.functions] has %s', async (expression, expected) => {
    expect((await run(cloud, { E: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } })).value).toEqual(
      expected,
    );
  });

  it.each(['$eval("1")', '$range(1, 2000, 1)', '$hash("a", "SHA-3")', '$parse("{")', 'function($x) { $x }', '$count'])(
    '[states.jsonata.refused] fails for %s',
    async (expression) => {
      const { error } = await run(cloud, { E: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } });
      expect(error).toBe('States.QueryEvaluationError');
    },
  );

  it('[states.jsonata.endless] ends an expression that never would', async () => {
    const { error } = await run(cloud, {
      E: { Type: 'Pass', Output: '{% ($f := function() { $f() }; $f()) %}', End: true },
    });
    expect(error).toBe('States.QueryEvaluationError');
  });
});

describe('limits', () => {
  it('[states.history.limit] ends a loop with the 25,000th event', async () => {
    const machine = await makeMachine(cloud, {
      Loop: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Loop' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    });
    const execution = await start(cloud, machine);
    const { status, error, cause } = await settle(cloud, execution);
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.Runtime' });
    expect(cause).toBe('The execution reached the maximum number of history events (25000).');
    const { events } = await cloud.call<{ events: { id: number; type: string; previousEventId: number }[] }>(
      'states',
      'GetExecutionHistory',
      { executionArn: execution, reverseOrder: true, maxResults: 2 },
    );
    expect(events).toMatchObject([
      { id: 25_000, type: 'ExecutionFailed', previousEventId: 24_999 },
      { id: 24_999, type: 'ChoiceStateExited' },
    ]);
  });

  it('[states.limits.payload] fails when an output is larger than 256 KiB', async () => {
    const states = { Big: { Type: 'Pass', Output: '{% $join([1..300].($pad("", 1000, "x"))) %}', End: true } };
    expect((await run(cloud, states)).error).toBe('States.DataLimitExceeded');
  });

  it("[states.timeout.machine] ends an execution when the machine's time is over", async () => {
    const machine = await makeMachine(
      cloud,
      { Wait: { Type: 'Wait', Seconds: 100, End: true } },
      { TimeoutSeconds: 60 },
    );
    const execution = await start(cloud, machine);
    await cloud.advance(60_000);
    const described = await settle(cloud, execution);
    expect(described.status).toBe('TIMED_OUT');
    expect(described).not.toHaveProperty('error');
    expect((await historyOf(cloud, execution)).at(-1)).toMatchObject({
      type: 'ExecutionTimedOut',
      previousEventId: 0,
      executionTimedOutEventDetails: { error: 'States.Timeout' },
    });
    await cloud.advance(100_000);
    expect(await historyTypes(cloud, execution)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut']);
  });
});
