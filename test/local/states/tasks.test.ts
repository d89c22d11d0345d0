import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import {
  functionAnswer,
  functionArn,
  functionError,
  historyOf,
  historyTypes,
  makeMachine,
  openStatesCloud,
  payloadOf,
  run,
  settle,
  start,
} from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

/** A task that calls a function by its own ARN. */
const callFunction = { Type: 'Task', Resource: functionArn, End: true };

/** Makes the function fail as listed, then answer; gives the cloud's time of each call, in seconds from the start. */
function failThenAnswer(failures: readonly object[]): number[] {
  const callsAt: number[] = [];
  const startMs = cloud.clock.nowMs();
  cloud.answer('lambda', 'Invoke', () => {
    callsAt.push((cloud.clock.nowMs() - startMs) / 1_000);
    return failures[callsAt.length - 1] ?? functionAnswer('done');
  });
  return callsAt;
}

describe('Retry', () => {
  const boom = functionError('Boom', 'no');

  it('[states.retry.backoff] retries with growing intervals, up to the largest', async () => {
    const callsAt = failThenAnswer([boom, boom, boom, boom]);
    const Retry = [{ ErrorEquals: ['Boom'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 10 }];
    const execution = await start(cloud, await makeMachine(cloud, { Call: { ...callFunction, Retry } }));
    await cloud.advance(60_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect(callsAt).toEqual([0, 2, 8, 18, 28]);
  });

  it('[states.retry.defaults] retries three times, after 1, 2 and 4 seconds, when nothing else is said', async () => {
    const callsAt = failThenAnswer([boom, boom, boom, boom]);
    const execution = await start(
      cloud,
      await makeMachine(cloud, { Call: { ...callFunction, Retry: [{ ErrorEquals: ['States.ALL'] }] } }),
    );
    await cloud.advance(60_000);
    expect((await settle(cloud, execution)).error).toBe('Boom');
    expect(callsAt).toEqual([0, 1, 3, 7]);
  });

  it('[states.retry.jitter] spreads retries over the interval with full jitter', async () => {
    const callsAt = failThenAnswer([boom]);
    const Retry = [{ ErrorEquals: ['Boom'], IntervalSeconds: 1_000, JitterStrategy: 'FULL' }];
    const execution = await start(cloud, await makeMachine(cloud, { Call: { ...callFunction, Retry } }));
    await cloud.advance(1_000_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect(callsAt[1]).toBeLessThan(1_000);
  });

  it('[states.retry.counters] counts each retrier on its own and never retries with 0 attempts', async () => {
    const bang = functionError('Bang', 'no');
    const callsAt = failThenAnswer([boom, bang, boom, bang]);
    const Retry = [
      { ErrorEquals: ['Never'], MaxAttempts: 0 },
      { ErrorEquals: ['Boom'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 10, BackoffRate: 1 },
    ];
    const execution = await start(cloud, await makeMachine(cloud, { Call: { ...callFunction, Retry } }));
    await cloud.advance(60_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect(callsAt).toEqual([0, 1, 11, 12, 22]);
  });

  it('[states.retry.each-visit] counts retries anew each time the state is entered', async () => {
    const callsAt = failThenAnswer([boom, functionAnswer(1), boom, functionAnswer(2)]);
    const Retry = [{ ErrorEquals: ['Boom'], MaxAttempts: 1, IntervalSeconds: 1 }];
    const execution = await start(
      cloud,
      await makeMachine(cloud, {
        Call: { ...callFunction, End: undefined, Retry, Next: 'Again?' },
        'Again?': {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'Call' }],
          Default: 'Done',
        },
        Done: { Type: 'Succeed' },
      }),
    );
    await cloud.advance(60_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect(callsAt).toEqual([0, 1, 1, 2]);
  });

  it('[states.context.retry-count] evaluates the arguments again, which see the count of retries', async () => {
    failThenAnswer([boom, boom]);
    const execution = await start(
      cloud,
      await makeMachine(cloud, {
        Call: {
          ...callFunction,
          Arguments: '{% $states.context.State.RetryCount %}',
          Retry: [{ ErrorEquals: ['Boom'] }],
        },
      }),
    );
    await cloud.advance(60_000);
    await settle(cloud, execution);
    expect(
      cloud.calls
        .filter(({ request }) => request.service === 'lambda')
        .map(({ request }) => payloadOf(request.input as never)),
    ).toEqual([0, 1, 2]);
    expect(await historyTypes(cloud, execution)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      ...Array.from({ length: 2 }, () => [
        'LambdaFunctionScheduled',
        'LambdaFunctionStarted',
        'LambdaFunctionFailed',
      ]).flat(),
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

describe('Catch', () => {
  const caught = (ErrorEquals: string[], more: object = {}) => ({
    Call: { ...callFunction, Catch: [{ ErrorEquals, Next: 'Caught', ...more }] },
    Caught: { Type: 'Pass', End: true },
  });

  it('[states.catch.replaces] goes on with the error when the catcher has no Output', async () => {
    failThenAnswer([functionError('Boom', 'no')]);
    const { status, value } = await run(cloud, caught(['Boom']));
    const cause = JSON.stringify({ errorType: 'Boom', errorMessage: 'no' });
    expect({ status, value }).toEqual({ status: 'SUCCEEDED', value: { Error: 'Boom', Cause: cause } });
  });

  it('[states.catch.output] makes output and variables from the error and the input', async () => {
    failThenAnswer([functionError('Boom', 'no')]);
    const states = caught(['States.TaskFailed'], {
      Output: { id: '{% $states.input.id %}' },
      Assign: { error: '{% $states.errorOutput.Error %}' },
    });
    const { value } = await run(
      cloud,
      { ...states, Caught: { Type: 'Pass', Output: '{% [$states.input.id, $error] %}', End: true } },
      { id: 'r-1' },
    );
    expect(value).toEqual(['r-1', 'Boom']);
  });

  it('[states.catch.after-retry] comes after the retries', async () => {
    const callsAt = failThenAnswer([functionError('Boom', 'no'), functionError('Boom', 'no')]);
    const states = caught(['States.ALL']);
    const Retry = [{ ErrorEquals: ['Boom'], MaxAttempts: 1, IntervalSeconds: 5 }];
    const execution = await start(cloud, await makeMachine(cloud, { ...states, Call: { ...states.Call, Retry } }));
    await cloud.advance(10_000);
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect(callsAt).toEqual([0, 5]);
  });

  it('[states.catch.output-failure] catches an output that cannot be evaluated, after the task succeeded', async () => {
    failThenAnswer([]);
    const states = caught(['States.QueryEvaluationError']);
    const execution = await start(
      cloud,
      await makeMachine(cloud, { ...states, Call: { ...states.Call, Output: '{% $states.result.nothing %}' } }),
    );
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
    expect((await historyTypes(cloud, execution)).slice(4, 7)).toEqual([
      'LambdaFunctionSucceeded',
      'EvaluationFailed',
      'TaskStateExited',
    ]);
  });

  it('[states.catch.own-failure] fails when the output of a catcher cannot be evaluated', async () => {
    failThenAnswer([functionError('Boom', 'no')]);
    const { error, cause } = await run(cloud, caught(['States.ALL'], { Output: '{% $states.result %}' }));
    expect(error).toBe('States.QueryEvaluationError');
    expect(cause).toContain("for the field 'Catch[0]/Output'");
  });

  it('[states.errors.data-limit] does not catch by States.ALL a result that is too large, but by its name', async () => {
    const large = (names: string[]) => {
      cloud.answer('lambda', 'Invoke', () => functionAnswer('x'.repeat(300_000)));
      return run(cloud, caught(names));
    };
    expect(await large(['States.ALL'])).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(await large(['States.DataLimitExceeded'])).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('[states.errors.runtime] never catches States.Runtime', async () => {
    const states = {
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem',
        Arguments: { TableName: 't', Item: {}, Extra: 1 },
        Catch: [{ ErrorEquals: ['States.Runtime'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', End: true },
    };
    const { status, error, cause } = await run(cloud, states);
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.Runtime' });
    expect(cause).toContain('The field "Extra" is not supported by Step Functions');
  });
});

describe('TimeoutSeconds', () => {
  const slow = (seconds: number): void => {
    cloud.answer('lambda', 'Invoke', async () => {
      await new Promise<void>((resolve) => release.push(resolve));
      return functionAnswer(seconds);
    });
  };
  let release: (() => void)[] = [];

  beforeEach(() => {
    release = [];
  });

  it('[states.timeout.task] ends a task that takes too long, and forgets its late answer', async () => {
    slow(10);
    const machine = await makeMachine(cloud, { Call: { ...callFunction, TimeoutSeconds: 5 } });
    const execution = await start(cloud, machine);
    // The call stays open, so that time has to be moved by hand.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    cloud.clock.jumpTo(cloud.clock.nowMs() + 5_000);
    // A timer of no frame, for the queue to look at the clock again.
    cloud.timers.schedule('states.run', { frame: 0 });
    while (
      (await cloud.call<{ status: string }>('states', 'DescribeExecution', { executionArn: execution })).status ===
      'RUNNING'
    ) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const go of release) go();
    expect(await settle(cloud, execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(await historyTypes(cloud, execution)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionTimedOut',
      'ExecutionFailed',
    ]);
  });

  it('[states.errors.task-failed] is caught by its name and not by States.TaskFailed', async () => {
    const states = (name: string) => ({
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { FunctionName: 'ask' },
        TimeoutSeconds: '{% 2 * 10 %}',
        Catch: [{ ErrorEquals: [name], Next: 'Late' }],
        End: true,
      },
      Late: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true },
    });
    cloud.answer('lambda', 'Invoke', () => functionAnswer(null));
    const caught = await start(cloud, await makeMachine(cloud, states('States.Timeout')));
    const failed = await start(cloud, await makeMachine(cloud, states('States.TaskFailed')));
    await cloud.advance(20_000);
    expect(await settle(cloud, caught)).toMatchObject({ status: 'SUCCEEDED', output: '"States.Timeout"' });
    expect(await settle(cloud, failed)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });
});

describe('the call', () => {
  it("[states.task.role] is made as the machine's role, in a session named after the execution", async () => {
    failThenAnswer([]);
    await settle(cloud, await start(cloud, await makeMachine(cloud, { Call: callFunction }), {}, 'release-1'));
    expect(cloud.calls.find(({ request }) => request.service === 'lambda')?.principal).toMatchObject({
      kind: 'role',
      arn: 'arn:aws:sts::123456789012:assumed-role/machine/release-1',
      roleArn: 'arn:aws:iam::123456789012:role/machine',
      sessionName: 'release-1',
    });
  });

  it('[states.task.arguments] passes the input on when there are no Arguments, and the result as output', async () => {
    cloud.answer('lambda', 'Invoke', (input) => functionAnswer({ got: payloadOf(input) }));
    expect((await run(cloud, { Call: callFunction }, { a: 1 })).value).toEqual({ got: { a: 1 } });
  });

  it('[states.task.output] makes the output from the result and the input', async () => {
    failThenAnswer([]);
    const Output = '{% $states.input.id & " " & $states.result %}';
    expect((await run(cloud, { Call: { ...callFunction, Output } }, { id: 'r-1' })).value).toBe('r-1 done');
  });

  it('[states.task.not-local] ends with States.Runtime, which nothing hides, when the local cloud lacks the operation', async () => {
    const states = {
      Get: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:describeTable',
        Arguments: { TableName: 't' },
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', End: true },
    };
    const { error, cause } = await run(cloud, states);
    expect(error).toBe('States.Runtime');
    expect(cause).toContain('not supported locally');
  });

  it('[states.task.no-secrets] writes no task token and no argument into the cause of arguments that do not fit', async () => {
    const states = {
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken',
        Arguments: { TableName: 't', Item: '{% $states.context.Task.Token %}' },
        End: true,
      },
    };
    const { error, cause } = await run(cloud, states);
    expect(error).toBe('States.Runtime');
    expect(cause).toBe(
      "The Arguments could not be used to start the Task: [The value for the field 'Item' must be a MAP]",
    );
  });

  it('[states.lambda.client-error] fails by the name that the SDK gives a call which broke', async () => {
    cloud.answer('lambda', 'Invoke', () => {
      throw new Error('socket hang up');
    });
    expect(await run(cloud, { Call: callFunction })).toMatchObject({
      error: 'Lambda.SdkClientException',
      cause: 'socket hang up',
    });
  });

  it.each([
    ['ResourceNotFoundException', 'Lambda.ResourceNotFoundException'],
    ['TooManyRequestsException', 'Lambda.TooManyRequestsException'],
    ['ServiceException', 'Lambda.ServiceException'],
    ['AccessDeniedException', 'Lambda.AWSLambdaException'],
  ])("[states.lambda.errors] names Lambda's %s %s", async (code, error) => {
    cloud.answer('lambda', 'Invoke', () => {
      throw new AwsError(code, 'no', { httpStatus: 404 });
    });
    const result = await run(cloud, { Call: callFunction });
    expect(result.error).toBe(error);
    expect(result.cause).toMatch(new RegExp(`^no \\(Service: AWSLambda; Status Code: 404; Error Code: ${code};`));
  });

  it.each([[undefined], ['Sandbox.Timedout'], ['Runtime.ExitError']])(
    '[states.lambda.unknown] names a function that died (%s) Lambda.Unknown',
    async (errorType) => {
      failThenAnswer([functionError(errorType, 'Task timed out after 3.00 seconds')]);
      const { error, cause } = await run(cloud, { Call: callFunction });
      expect(error).toBe('Lambda.Unknown');
      expect(cause).toContain('Task timed out after 3.00 seconds');
    },
  );
});

it('[states.lambda.arn] has the exact history of a function that succeeds', async () => {
  failThenAnswer([]);
  const machine = await makeMachine(cloud, {
    Plan: { ...callFunction, End: undefined, Next: 'Note', TimeoutSeconds: 60 },
    Note: { Type: 'Pass', Assign: { plan: '{% $states.input %}' }, End: true },
  });
  const execution = await start(cloud, machine, { id: 1 });
  await settle(cloud, execution);
  const at = new Date(cloud.clock.nowMs());
  const untruncated = { truncated: false };
  expect(await historyOf(cloud, execution)).toEqual(
    [
      {
        type: 'ExecutionStarted',
        previousEventId: 0,
        executionStartedEventDetails: {
          input: '{"id":1}',
          inputDetails: untruncated,
          roleArn: 'arn:aws:iam::123456789012:role/machine',
        },
      },
      {
        type: 'TaskStateEntered',
        previousEventId: 0,
        stateEnteredEventDetails: { name: 'Plan', input: '{"id":1}', inputDetails: untruncated },
      },
      {
        type: 'LambdaFunctionScheduled',
        previousEventId: 2,
        lambdaFunctionScheduledEventDetails: {
          resource: functionArn,
          input: '{"id":1}',
          inputDetails: untruncated,
          timeoutInSeconds: 60,
        },
      },
      { type: 'LambdaFunctionStarted', previousEventId: 3 },
      {
        type: 'LambdaFunctionSucceeded',
        previousEventId: 4,
        lambdaFunctionSucceededEventDetails: { output: '"done"', outputDetails: untruncated },
      },
      {
        type: 'TaskStateExited',
        previousEventId: 5,
        stateExitedEventDetails: { name: 'Plan', output: '"done"', outputDetails: untruncated },
      },
      {
        type: 'PassStateEntered',
        previousEventId: 6,
        stateEnteredEventDetails: { name: 'Note', input: '"done"', inputDetails: untruncated },
      },
      {
        type: 'PassStateExited',
        previousEventId: 7,
        stateExitedEventDetails: {
          name: 'Note',
          output: '"done"',
          outputDetails: untruncated,
          assignedVariables: { plan: '"done"' },
          assignedVariablesDetails: untruncated,
        },
      },
      {
        type: 'ExecutionSucceeded',
        previousEventId: 8,
        executionSucceededEventDetails: { output: '"done"', outputDetails: untruncated },
      },
    ].map((event, index) => ({ ...event, id: index + 1, timestamp: at })),
  );
});
