import type { PutEventsResponse, Target } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { openEvents, type EventsModule } from '../../../local/services/events/service.ts';
import type { CloudContext } from '../../../local/services/service-module.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:follow';
const machineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:release:live';
const topicArn = 'arn:aws:sns:us-east-1:123456789012:told';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:dead';
const roleArn = 'arn:aws:iam::123456789012:role/starter';

let cloud: TestCloud;
let events: EventsModule;
let payloads: string[];
let deadLetters: { MessageBody: string; MessageAttributes: Record<string, { StringValue: string }> }[];

beforeEach(async () => {
  payloads = [];
  deadLetters = [];
  const open = (context: CloudContext) => (events = openEvents(context));
  cloud = await testCloud({ services: [open] });
  answerTargets(cloud);
  await cloud.call('events', 'CreateEventBus', { Name: 'releases' });
});
afterEach(() => cloud.close());

function answerTargets(to: TestCloud): void {
  to.answer(
    'lambda',
    'Invoke',
    ({ Payload }: { Payload: Uint8Array }) => void payloads.push(Buffer.from(Payload).toString()),
  );
  to.answer('sns', 'Publish', ({ Message }: { Message: string }) => void payloads.push(Message));
  to.answer('states', 'StartExecution', ({ input }: { input: string }) => void payloads.push(input));
  to.answer('sqs', 'SendMessage', (message: never) => void deadLetters.push(message));
}

async function rule(pattern: object, targets: Partial<Target>[], bus = 'releases', name = 'r'): Promise<void> {
  await cloud.call('events', 'PutRule', { Name: name, EventBusName: bus, EventPattern: JSON.stringify(pattern) });
  const withIds = targets.map((target, index) => ({ Id: `t${index}`, ...target }));
  await cloud.call('events', 'PutTargets', { Rule: name, EventBusName: bus, Targets: withIds });
}

function put(entries: object[], bus = 'releases'): Promise<PutEventsResponse> {
  return cloud.call<PutEventsResponse>('events', 'PutEvents', {
    Entries: entries.map((entry) => ({
      EventBusName: bus,
      Source: 'slipway',
      DetailType: 'x',
      Detail: '{}',
      ...entry,
    })),
  });
}

describe('putting events', () => {
  it('[events.put.delivered] delivers to each target of each rule that fits, and to no other', async () => {
    await rule({ source: ['slipway'] }, [{ Arn: functionArn }, { Arn: topicArn }]);
    await rule({ source: ['other'] }, [{ Arn: functionArn }], 'releases', 'other');
    const answer = await put([{ Detail: '{"a":1}', Resources: ['arn:x'] }]);
    await cloud.timers.settled();
    expect(payloads).toHaveLength(2);
    expect(JSON.parse(payloads[0] ?? '')).toEqual({
      version: '0',
      id: answer.Entries?.[0]?.EventId,
      'detail-type': 'x',
      source: 'slipway',
      account: '123456789012',
      time: '2026-01-05T09:00:00Z',
      region: 'us-east-1',
      resources: ['arn:x'],
      detail: { a: 1 },
    });
  });

  it('[events.put.entries] fails the entries that are wrong, AWS sources among them, and takes the others', async () => {
    await rule({ source: ['slipway'] }, [{ Arn: functionArn }]);
    const answer = await put([
      {},
      { Source: 'aws.codepipeline' },
      { Detail: '{' },
      { Detail: '[]' },
      { DetailType: undefined },
      { DetailType: 'y'.repeat(129) },
    ]);
    await cloud.timers.settled();
    expect(answer.FailedEntryCount).toBe(5);
    expect(answer.Entries?.map(({ ErrorCode: code }) => code)).toEqual([
      undefined,
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
      'InvalidArgument',
    ]);
    expect(payloads).toHaveLength(1);
  });

  it.each([
    ['no entries', []],
    ['eleven entries', Array.from({ length: 11 }, () => ({}))],
    ['more than 1 MB', [{ Detail: JSON.stringify({ a: 'x'.repeat(1_048_576) }) }]],
  ])('[events.put.limits] refuses %s', async (_name, entries) => {
    await expect(put(entries)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('[events.put.missing-bus] answers an id for a bus that does not exist, and says that the event was dropped', async () => {
    const answer = await put([{}], 'nowhere');
    expect(answer.FailedEntryCount).toBe(0);
    expect(cloud.reported).toEqual([expect.stringContaining('bus nowhere, which does not exist')]);
  });

  it('[events.target.role] starts a state machine as the role of the target, named after the event', async () => {
    await rule({ source: ['slipway'] }, [{ Arn: machineArn, RoleArn: roleArn, InputPath: '$.detail' }]);
    const answer = await put([{ Detail: '{"a":[1]}' }]);
    await cloud.timers.settled();
    const call = cloud.calls.find(({ request }) => request.service === 'states');
    expect(call?.principal).toMatchObject({ kind: 'role', roleArn });
    expect(call?.request.input).toMatchObject({ stateMachineArn: machineArn, input: '{"a":[1]}' });
    // The request's input is what callTarget sends.
    const { name } = call?.request.input as { name: string };
    expect(name.startsWith(`${answer.Entries?.[0]?.EventId}_`)).toBe(true);
  });

  it('[events.target.bus] passes an event on to another bus as it is', async () => {
    const bus = 'arn:aws:events:us-east-1:123456789012:event-bus/releases';
    await rule({ source: ['aws.codepipeline'] }, [{ Arn: functionArn }]);
    await rule({ source: ['aws.codepipeline'] }, [{ Arn: bus }], 'default', 'forward');
    events.deliverEvent({ source: 'aws.codepipeline', 'detail-type': 'x', resources: [], detail: {} });
    await cloud.timers.settled();
    expect(JSON.parse(payloads[0] ?? '')).toMatchObject({ source: 'aws.codepipeline' });
  });

  it('[events.rule.disabled] delivers nothing of a disabled rule until it is enabled again', async () => {
    await rule({ source: ['slipway'] }, [{ Arn: functionArn }]);
    await cloud.call('events', 'DisableRule', { Name: 'r', EventBusName: 'releases' });
    await put([{}]);
    await cloud.call('events', 'EnableRule', { Name: 'r', EventBusName: 'releases' });
    await put([{ Detail: '{"second":true}' }]);
    await cloud.timers.settled();
    expect(payloads.map((payload) => JSON.parse(payload).detail)).toEqual([{ second: true }]);
  });
});

describe('events of AWS services', () => {
  it('[events.service.transaction] vanish with the transaction that sent them', async () => {
    await rule({ source: ['aws.x'] }, [{ Arn: functionArn }], 'default');
    const event = { source: 'aws.x', 'detail-type': 'x', resources: [], detail: {} };
    expect(() =>
      cloud.store.transaction(() => {
        events.deliverEvent(event);
        throw new Error('rolled back');
      }),
    ).toThrow('rolled back');
    await cloud.timers.settled();
    expect(payloads).toEqual([]);
  });
});

describe('inputs of targets', () => {
  const detail = { name: 'a', count: 2, list: [{ id: 7 }], object: { k: 'v' }, odd: 'say "hi"' };

  it.each<[string, Partial<Target>, string]>([
    ['a constant', { Input: '{"fixed":true}' }, '{"fixed":true}'],
    ['a part of the event', { InputPath: '$.detail.list[0].id' }, '7'],
    [
      'texts quoted by EventBridge, and numbers not',
      {
        InputTransformer: {
          InputPathsMap: { n: '$.detail.name', c: '$.detail.count' },
          InputTemplate: '{"n":<n>,"c":<c>}',
        },
      },
      '{"n":"a","c":2}',
    ],
    [
      'values inside a text, unescaped',
      {
        InputTransformer: {
          InputPathsMap: { n: '$.detail.name', c: '$.detail.count' },
          InputTemplate: '"<n> \\"has\\" <c>"',
        },
      },
      '"a \\"has\\" 2"',
    ],
    [
      'objects and lists as JSON',
      {
        InputTransformer: {
          InputPathsMap: { o: '$.detail.object', l: '$.detail.list' },
          InputTemplate: '{"o":<o>,"l":<l>}',
        },
      },
      '{"o":{"k":"v"},"l":[{"id":7}]}',
    ],
    [
      'nothing for a path that is not there',
      { InputTransformer: { InputPathsMap: { m: '$.detail.missing' }, InputTemplate: '{"in":"[<m>]","out":<m>}' } },
      '{"in":"[]","out":""}',
    ],
    [
      'the rule and the time of ingestion',
      { InputTransformer: { InputTemplate: '{"r":<aws.events.rule-name>,"t":"<aws.events.event.ingestion-time>"}' } },
      '{"r":"r","t":"2026-01-05T09:00:00Z"}',
    ],
    [
      'lines of text',
      { InputTransformer: { InputPathsMap: { n: '$.detail.name' }, InputTemplate: '"one <n>"\n"two"' } },
      '"one a"\n"two"',
    ],
  ])('[events.input] are %s', async (_name, target, expected) => {
    await rule({ source: ['slipway'] }, [{ Arn: topicArn, ...target }]);
    await put([{ Detail: JSON.stringify(detail) }]);
    await cloud.timers.settled();
    expect(payloads).toEqual([expected]);
  });

  it('[events.input.event-variables] leaves the detail out of the event variable and keeps it in the JSON one', async () => {
    const template = '{"e":<aws.events.event>,"j":<aws.events.event.json>}';
    await rule({ source: ['slipway'] }, [{ Arn: topicArn, InputTransformer: { InputTemplate: template } }]);
    await put([{}]);
    await cloud.timers.settled();
    const { e, j } = JSON.parse(payloads[0] ?? '');
    expect([e.source, 'detail' in e, j.detail]).toEqual(['slipway', false, {}]);
  });

  it('[events.input.unescaped] sends an event whose unescaped value breaks the template to the dead letters', async () => {
    const transformer = { InputPathsMap: { o: '$.detail.odd' }, InputTemplate: '{"o":"<o>"}' };
    await rule({ source: ['slipway'] }, [
      { Arn: topicArn, InputTransformer: transformer, DeadLetterConfig: { Arn: queueArn } },
    ]);
    await put([{ Detail: JSON.stringify(detail) }]);
    await cloud.timers.settled();
    expect(payloads).toEqual([]);
    expect(deadLetters[0]?.MessageAttributes['ERROR_CODE']?.StringValue).toBe('INVALID_JSON');
  });
});

describe('failed deliveries', () => {
  const failing = (code: string, httpStatus: number) =>
    cloud.answer('lambda', 'Invoke', () => {
      payloads.push('tried');
      throw new AwsError(code, 'no', { httpStatus });
    });

  it.each([
    ['a missing target', 'ResourceNotFoundException', 404, 'NO_RESOURCE'],
    ['a missing permission', 'AccessDeniedException', 403, 'NO_PERMISSIONS'],
  ])('[events.dead-letter.at-once] go to the dead letters at once for %s', async (_name, code, status, expected) => {
    failing(code, status);
    await rule({ source: ['slipway'] }, [{ Arn: functionArn, DeadLetterConfig: { Arn: queueArn } }]);
    await put([{}]);
    await cloud.advance(86_400_000);
    expect(payloads).toHaveLength(1);
    const attributes = Object.entries(deadLetters[0]?.MessageAttributes ?? {});
    expect(Object.fromEntries(attributes.map(([name, { StringValue: value }]) => [name, value]))).toEqual({
      RULE_ARN: 'arn:aws:events:us-east-1:123456789012:rule/releases/r',
      TARGET_ARN: functionArn,
      ERROR_CODE: expected,
      ERROR_MESSAGE: 'no',
      RETRY_ATTEMPTS: '0',
    });
    expect(JSON.parse(deadLetters[0]?.MessageBody ?? '')).toMatchObject({ source: 'slipway' });
  });

  it('[events.retry.policy] are retried as often as the policy says, then go to the dead letters', async () => {
    failing('ServiceException', 500);
    const target = { Arn: functionArn, DeadLetterConfig: { Arn: queueArn }, RetryPolicy: { MaximumRetryAttempts: 2 } };
    await rule({ source: ['slipway'] }, [target]);
    await put([{}]);
    await cloud.advance(60_000);
    expect(payloads).toHaveLength(3);
    expect(deadLetters[0]?.MessageAttributes).toMatchObject({
      RETRY_ATTEMPTS: { StringValue: '2' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    });
  });

  it('[events.retry.age] stop at the maximum age', async () => {
    failing('ServiceException', 500);
    const target = {
      Arn: functionArn,
      DeadLetterConfig: { Arn: queueArn },
      RetryPolicy: { MaximumEventAgeInSeconds: 60 },
    };
    await rule({ source: ['slipway'] }, [target]);
    await put([{}]);
    await cloud.advance(600_000);
    expect(payloads).toHaveLength(6);
    expect(deadLetters[0]?.MessageAttributes['EXHAUSTED_RETRY_CONDITION']?.StringValue).toBe(
      'MaximumEventAgeInSeconds',
    );
  });

  it('[events.retry.defaults] end within the documented 24 hours and 185 retries by default', async () => {
    failing('ServiceException', 500);
    await rule({ source: ['slipway'] }, [{ Arn: functionArn }]);
    await put([{}]);
    await cloud.advance(2 * 86_400_000);
    expect(payloads).toHaveLength(186);
  });

  it('[events.retry.restart] survive a restart in between', async () => {
    failing('ServiceException', 500);
    await rule({ source: ['slipway'] }, [{ Arn: functionArn }]);
    await put([{}]);
    await cloud.timers.settled();
    cloud = await cloud.restart();
    answerTargets(cloud);
    await cloud.advance(10_000);
    expect(payloads[0]).toBe('tried');
    expect(JSON.parse(payloads[1] ?? '')).toMatchObject({ source: 'slipway' });
    expect(payloads).toHaveLength(2);
  });

  it('[events.retry.once] count a state machine that was started before as delivered', async () => {
    cloud.answer('states', 'StartExecution', () => {
      throw new AwsError('ExecutionAlreadyExists', 'again');
    });
    await rule({ source: ['slipway'] }, [{ Arn: machineArn, RoleArn: roleArn, DeadLetterConfig: { Arn: queueArn } }]);
    await put([{}]);
    await cloud.timers.settled();
    expect(deadLetters).toEqual([]);
  });
});

describe('rules', () => {
  const putRule = (input: object) => cloud.call('events', 'PutRule', { Name: 'r', ...input });

  it.each<[string, object, string]>([
    ['neither pattern nor schedule', {}, 'ValidationException'],
    ['a broken pattern', { EventPattern: '{"a":[]}' }, 'InvalidEventPatternException'],
    [
      'a schedule on another bus',
      { EventBusName: 'releases', ScheduleExpression: 'rate(1 minute)' },
      'ValidationException',
    ],
    ['a schedule that is none', { ScheduleExpression: 'rate(1 minutes)' }, 'ValidationException'],
    ['a bus that does not exist', { EventBusName: 'no', EventPattern: '{"a":["b"]}' }, 'ResourceNotFoundException'],
    ['a bad name', { Name: 'a b', EventPattern: '{"a":["b"]}' }, 'ValidationException'],
  ])('[events.rule.refused] are refused with %s', async (_name, input, code) => {
    await expect(putRule(input)).rejects.toMatchObject({ code });
  });

  it.each<[string, Partial<Target>, RegExp]>([
    ['two kinds of input', { Input: '1', InputPath: '$' }, /Only one of Input/],
    ['an unknown variable', { InputTransformer: { InputTemplate: '"<x>"' } }, /no variable x/],
    ['an unquoted text', { InputTransformer: { InputTemplate: 'hello' } }, /not JSON/],
    ['a variable as key', { InputTransformer: { InputPathsMap: { k: '$.id' }, InputTemplate: '{<k>:1}' } }, /not JSON/],
    [
      'a variable inside a key',
      { InputTransformer: { InputPathsMap: { k: '$.id' }, InputTemplate: '{"a-<k>" :1}' } },
      /cannot stand in a key/,
    ],
    [
      'a variable with a reserved name',
      { InputTransformer: { InputPathsMap: { 'aws.events.event': '$' }, InputTemplate: '{"a":1}' } },
      /cannot start with AWS/,
    ],
    [
      'more than 100 variables',
      {
        InputTransformer: {
          InputPathsMap: Object.fromEntries(Array.from({ length: 101 }, (_unused, index) => [`v${index}`, '$.id'])),
          InputTemplate: '{"a":1}',
        },
      },
      /more than 100 entries/,
    ],
    ['input that is no JSON', { Input: '{' }, /JSON syntax error/],
    ['too many retries', { RetryPolicy: { MaximumRetryAttempts: 186 } }, /0 to 185/],
    ['a machine without a role', { Arn: machineArn }, /RoleArn is required/],
    ['a service that is not here', { Arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/s' }, /not supported locally/],
  ])('[events.target.refused] refuse targets with %s', async (_name, target, message) => {
    await expect(rule({ source: ['x'] }, [{ Arn: functionArn, ...target }])).rejects.toThrow(message);
  });

  it('[events.rule.targets] hold at most five targets', async () => {
    const six = Array.from({ length: 6 }, () => ({ Arn: functionArn }));
    await expect(rule({ source: ['x'] }, six)).rejects.toMatchObject({ code: 'LimitExceededException' });
  });

  it('[events.rule.delete] can be deleted only without targets', async () => {
    await rule({ source: ['x'] }, [{ Arn: functionArn }]);
    const it = { Name: 'r', EventBusName: 'releases' };
    await expect(cloud.call('events', 'DeleteRule', it)).rejects.toThrow("Rule can't be deleted since it has targets.");
    await cloud.call('events', 'RemoveTargets', { Rule: 'r', EventBusName: 'releases', Ids: ['t0'] });
    await cloud.call('events', 'DeleteRule', it);
    await expect(cloud.call('events', 'DescribeRule', it)).rejects.toThrow(
      'Rule r does not exist on EventBus releases.',
    );
  });

  it('list in pages', async () => {
    for (const name of ['a', 'b', 'c']) await putRule({ Name: name, EventPattern: '{"a":["b"]}' });
    const first = await cloud.call<{ Rules: { Name: string }[]; NextToken: string }>('events', 'ListRules', {
      Limit: 2,
    });
    const second = await cloud.call<{ Rules: { Name: string }[] }>('events', 'ListRules', {
      NextToken: first.NextToken,
    });
    expect([...first.Rules, ...second.Rules].map(({ Name: name }) => name)).toEqual(['a', 'b', 'c']);
    expect(second).not.toHaveProperty('NextToken');
  });

  it('[events.test-pattern] are tested against an event that has all its fields', async () => {
    const event = { id: '1', account: '1', source: 'x', time: 't', region: 'r', resources: [], 'detail-type': 'd' };
    const test = (Event: object) =>
      cloud.call('events', 'TestEventPattern', { EventPattern: '{"source":["x"]}', Event: JSON.stringify(Event) });
    expect(await test(event)).toEqual({ Result: true });
    expect(await test({ ...event, source: 'y' })).toEqual({ Result: false });
    await expect(test({ source: 'x' })).rejects.toThrow('id is missing');
  });
});

describe('rules with a schedule', () => {
  it('[events.schedule.rate] send the scheduled event to their own targets at the rate', async () => {
    await cloud.call('events', 'PutRule', { Name: 's', ScheduleExpression: 'rate(5 minutes)' });
    await cloud.call('events', 'PutTargets', { Rule: 's', Targets: [{ Id: 't', Arn: functionArn }] });
    await cloud.advance(11 * 60_000);
    const times = payloads.map((payload) => JSON.parse(payload)).map((event) => [event['detail-type'], event.time]);
    expect(times).toEqual([
      ['Scheduled Event', '2026-01-05T09:05:00Z'],
      ['Scheduled Event', '2026-01-05T09:10:00Z'],
    ]);
  });

  it('[events.schedule.missed] skip what was missed while the cloud was off and say so', async () => {
    await cloud.call('events', 'PutRule', { Name: 's', ScheduleExpression: 'cron(0 * * * ? *)' });
    await cloud.call('events', 'PutTargets', { Rule: 's', Targets: [{ Id: 't', Arn: functionArn }] });
    const { store } = cloud;
    await cloud.timers.stop();
    cloud = await testCloud({ services: [openEvents], store, startMs: Date.UTC(2026, 0, 5, 12, 30) });
    answerTargets(cloud);
    expect(cloud.reported).toEqual([
      expect.stringContaining('the run of 2026-01-05T10:00:00Z and later ones were missed'),
    ]);
    await cloud.advance(3_600_000);
    expect(payloads.map((payload) => JSON.parse(payload).time)).toEqual(['2026-01-05T13:00:00Z']);
  });
});

describe('resources of a template', () => {
  const properties = (targets: string[]) => ({
    Name: 'r',
    EventBusName: 'releases',
    EventPattern: { source: ['slipway'] },
    Targets: targets.map((id) => ({ Id: id, Arn: functionArn })),
  });

  it('make a rule with its targets, named with its bus', async () => {
    const rule = await cloud.provision('AWS::Events::Rule', 'Rule', properties(['a', 'b']));
    expect(rule).toEqual({
      physicalId: 'releases|r',
      attributes: { Arn: 'arn:aws:events:us-east-1:123456789012:rule/releases/r' },
    });
    await put([{}]);
    await cloud.timers.settled();
    expect(payloads).toHaveLength(2);
  });

  it('drop targets that left the template', async () => {
    await cloud.provision('AWS::Events::Rule', 'Rule', properties(['a', 'b']));
    await cloud.provision('AWS::Events::Rule', 'Rule', properties(['b']));
    const listed = await cloud.call('events', 'ListTargetsByRule', { Rule: 'r', EventBusName: 'releases' });
    expect(listed).toMatchObject({ Targets: [{ Id: 'b' }] });
  });

  it('make a bus and statements of its policy', async () => {
    const bus = await cloud.provision('AWS::Events::EventBus', 'Bus', { Name: 'b', Description: 'd' });
    expect(bus.attributes).toMatchObject({ Arn: 'arn:aws:events:us-east-1:123456789012:event-bus/b' });
    const statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: '*' };
    await cloud.provision('AWS::Events::EventBusPolicy', 'P', {
      EventBusName: 'b',
      StatementId: 's',
      Statement: statement,
    });
    const { Policy: policy } = await cloud.call<{ Policy: string }>('events', 'DescribeEventBus', { Name: 'b' });
    expect(JSON.parse(policy).Statement).toEqual([{ ...statement, Sid: 's' }]);
  });
});
