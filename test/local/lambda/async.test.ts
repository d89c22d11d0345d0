import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { functionCloud, roleArn, type FunctionCloud } from './function-cloud.ts';

const minute = 60_000;
const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:job';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:failed';

let functions: FunctionCloud;
let runs: string;
beforeEach(async () => {
  functions = await functionCloud();
  runs = join(functions.cloud.context.folder, 'runs');
});
afterEach(() => functions.close());

/** Writes one line per run and then does `then`. */
function recording(then: string): string {
  return `exports.handler = async (event, context) => {
    require('node:fs').appendFileSync(${JSON.stringify(runs)}, context.awsRequestId + ' ' + new Date().toISOString().slice(11, 19) + '\\n');
    ${then}
  };`;
}

function runTimes(): string[] {
  return existsSync(runs)
    ? readFileSync(runs, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[1] ?? '')
    : [];
}

function configure(properties: JsonObject): Promise<unknown> {
  return functions.cloud.provision('AWS::Lambda::EventInvokeConfig', 'Config', {
    FunctionName: 'job',
    Qualifier: '$LATEST',
    ...properties,
  });
}

/** What was sent to `operation` of a service that is not opened. */
function capture(service: string, operation: string): JsonObject[] {
  const sent: JsonObject[] = [];
  functions.cloud.answer(service, operation, (input: JsonObject) => {
    sent.push(input);
    return {};
  });
  return sent;
}

describe('an asynchronous invocation', () => {
  it('[lambda.async.at-least-once] is answered before it runs, and runs once', async () => {
    await functions.deploy('job', recording('return 1;'));
    await functions.invokeAsync('job');
    expect(runTimes()).toEqual([]);
    await functions.cloud.timers.settled();
    await functions.cloud.advance(24 * 60 * minute);
    expect(runTimes()).toEqual(['09:00:00']);
  });

  it('[lambda.async.retries] is tried again after one minute and two minutes, with the same request id', async () => {
    await functions.deploy('job', recording(`throw new Error('no');`));
    await functions.invokeAsync('job');
    await functions.cloud.advance(24 * 60 * minute);
    expect(runTimes()).toEqual(['09:00:00', '09:01:00', '09:03:00']);
    expect(new Set(readFileSync(runs, 'utf8').match(/[0-9a-f-]{36}/g)).size).toBe(1);
  });

  it('[lambda.async.configuration] is tried as often as its configuration says', async () => {
    await functions.deploy('job', recording(`throw new Error('no');`));
    await configure({ MaximumRetryAttempts: 1 });
    await functions.invokeAsync('job');
    await functions.cloud.advance(60 * minute);
    expect(runTimes()).toEqual(['09:00:00', '09:01:00']);
  });

  it('[lambda.async.destinations] tells its failure to a queue, in the documented record, as the function’s role', async () => {
    const sent = capture('sqs', 'SendMessage');
    await functions.deploy('job', recording(`throw new TypeError('no');`));
    await configure({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: queueArn } } });
    await functions.invokeAsync('job', { order: 1 });
    await functions.cloud.advance(60 * minute);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/failed' });
    expect(JSON.parse(String(sent[0]?.['MessageBody']))).toEqual({
      version: '1.0',
      timestamp: '2026-01-05T09:01:00.000Z',
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        functionArn: `${functionArn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { order: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'TypeError', errorMessage: 'no', trace: expect.any(Array) as unknown },
    });
    expect(functions.cloud.calls.at(-1)?.principal).toMatchObject({ kind: 'role', roleArn });
  });

  it('[lambda.async.destinations] tells its success to a bus and its failure to a function or topic', async () => {
    const puts = capture('events', 'PutEvents');
    const bus = 'arn:aws:events:us-east-1:123456789012:event-bus/main';
    await functions.deploy(
      'job',
      `exports.handler = async (event) => event.fail ? Promise.reject(new Error('no')) : 'done';`,
    );
    const handled = await functions.deploy('failed', recording(`globalThis.last = event; return event;`));
    const OnFailure = { Destination: String(handled.attributes['Arn']) };
    await configure({ MaximumRetryAttempts: 0, DestinationConfig: { OnSuccess: { Destination: bus }, OnFailure } });
    await functions.invokeAsync('job');
    await functions.cloud.timers.settled();
    const [entry] = puts[0]?.['Entries'] as JsonObject[];
    expect(entry).toMatchObject({
      EventBusName: bus,
      Source: 'lambda',
      DetailType: 'Lambda Function Invocation Result - Success',
      Resources: [`${functionArn}:$LATEST`, bus],
    });
    expect(JSON.parse(String(entry?.['Detail']))).toMatchObject({
      requestContext: { condition: 'Success' },
      responsePayload: 'done',
    });
    await functions.invokeAsync('job', { fail: true });
    await functions.cloud.timers.settled();
    expect(runTimes()).toHaveLength(1);
  });

  it('[lambda.async.dead-letter] sends the event itself to a dead-letter topic', async () => {
    const sent = capture('sns', 'Publish');
    const TargetArn = 'arn:aws:sns:us-east-1:123456789012:dead';
    await functions.deploy('job', `exports.handler = async () => { throw new Error('no'); };`, {
      DeadLetterConfig: { TargetArn },
    });
    await functions.invokeAsync('job', { order: 1 });
    await functions.cloud.advance(60 * minute);
    expect(sent).toEqual([{ TopicArn: TargetArn, Message: '{"order":1}' }]);
  });

  it('[lambda.async.throttled] backs off when throttled, and ends as too old', async () => {
    const sent = capture('sqs', 'SendMessage');
    await functions.deploy('job', recording('return 1;'), { ReservedConcurrentExecutions: 0 });
    await configure({ MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: queueArn } } });
    await functions.invokeAsync('job');
    await functions.cloud.advance(10 * minute);
    expect(runTimes()).toEqual([]);
    const record = JSON.parse(String(sent[0]?.['MessageBody'])) as JsonObject;
    expect(record['requestContext']).toMatchObject({ condition: 'EventAgeExceeded', approximateInvokeCount: 0 });
    expect(record).not.toHaveProperty('responsePayload');
  });

  it('[lambda.async.throttled] runs once the throttle is gone', async () => {
    await functions.deploy('job', recording('return 1;'), { ReservedConcurrentExecutions: 0 });
    await functions.invokeAsync('job');
    await functions.cloud.advance(3000);
    await functions.deploy('job', recording('return 1;'));
    await functions.cloud.advance(minute);
    expect(runTimes()).toHaveLength(1);
  });

  it('says plainly when its destination refuses, and goes on', async () => {
    await functions.deploy('job', `exports.handler = async () => { throw new Error('no'); };`);
    const Destination = 'arn:aws:lambda:us-east-1:123456789012:function:absent';
    await configure({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
    await functions.invokeAsync('job');
    await functions.cloud.advance(minute);
    expect(functions.cloud.reported.join()).toContain(
      `could not tell its destination ${Destination}: Function not found`,
    );
  });

  it('[lambda.async.at-least-once] is delivered again after the process died in the middle', async () => {
    await functions.deploy(
      'job',
      recording(`if (Date.now() < Date.UTC(2026, 0, 5, 9, 0, 1)) while (true) {}; return 1;`),
      { Timeout: 900 },
    );
    await functions.invokeAsync('job');
    while (runTimes().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const restarted = functions.cloud.restart();
    functions.cloud = await restarted;
    functions.cloud.clock.jumpTo(Date.UTC(2026, 0, 5, 9, 5));
    await functions.cloud.advance(minute);
    while (runTimes().length === 1) await functions.cloud.advance(1000);
    expect(runTimes()).toHaveLength(2);
    expect(functions.cloud.reported).toEqual([]);
  });
});
