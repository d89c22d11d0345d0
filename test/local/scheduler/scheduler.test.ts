import type { CreateScheduleInput, GetScheduleOutput, Target } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { openScheduler } from '../../../local/services/scheduler/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:nightly';
const busArn = 'arn:aws:events:us-east-1:123456789012:event-bus/releases';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:dead';
const roleArn = 'arn:aws:iam::123456789012:role/scheduler';
const hourMs = 3_600_000;

let cloud: TestCloud;
let payloads: unknown[];
let deadLetters: { MessageBody: string; MessageAttributes: Record<string, { StringValue: string }> }[];

beforeEach(async () => {
  payloads = [];
  deadLetters = [];
  cloud = await testCloud({ services: [openScheduler] });
  answerTargets(cloud);
});
afterEach(() => cloud.close());

function answerTargets(to: TestCloud): void {
  to.answer('lambda', 'Invoke', ({ Payload }: { Payload: Uint8Array }) => {
    payloads.push(JSON.parse(Buffer.from(Payload).toString()));
  });
  to.answer('events', 'PutEvents', ({ Entries }: { Entries: unknown[] }) => {
    payloads.push(...Entries);
    return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
  });
  to.answer('sqs', 'SendMessage', (message: never) => void deadLetters.push(message));
}

type Wish = Partial<Omit<CreateScheduleInput, 'Target'>> & { Target?: Partial<Target> };

function wish({ Target: target, ...others }: Wish): object {
  return {
    Name: 's',
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: functionArn, RoleArn: roleArn, Input: '"<aws.scheduler.scheduled-time>"', ...target },
    ...others,
  };
}

const create = (input: Wish = {}) => cloud.call('scheduler', 'CreateSchedule', wish(input));

describe('running schedules', () => {
  it('[scheduler.run.role] invokes the target at each run, as the role of the target', async () => {
    await create();
    await cloud.advance(2.5 * hourMs);
    expect(payloads).toEqual(['2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z']);
    const [call] = cloud.calls.filter(({ request }) => request.service === 'lambda');
    expect(call?.principal).toMatchObject({ kind: 'role', roleArn });
  });

  it('[scheduler.context-attributes] replaces the context attributes in the input', async () => {
    const attributes = ['schedule-arn', 'scheduled-time', 'execution-id', 'attempt-number'];
    const input = JSON.stringify(attributes.map((name) => `<aws.scheduler.${name}>`));
    await create({ Target: { Input: input } });
    await cloud.advance(hourMs);
    expect(payloads).toEqual([
      [
        'arn:aws:scheduler:us-east-1:123456789012:schedule/default/s',
        '2026-01-05T10:00:00Z',
        expect.stringMatching(/^[0-9a-f-]{36}$/),
        '1',
      ],
    ]);
  });

  it('[scheduler.target.bus] puts an event on a custom bus', async () => {
    const event = { DetailType: 'release.requested', Source: 'slipway' };
    await create({ Target: { Arn: busArn, Input: '{"a":1}', EventBridgeParameters: event } });
    await cloud.advance(hourMs);
    expect(payloads).toEqual([{ EventBusName: busArn, ...event, Detail: '{"a":1}' }]);
  });

  it('[scheduler.target.no-input] sends the scheduled event when there is no input', async () => {
    await cloud.call('scheduler', 'CreateSchedule', { ...wish({}), Target: { Arn: functionArn, RoleArn: roleArn } });
    await cloud.advance(hourMs);
    expect(payloads[0]).toMatchObject({ source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' });
  });

  it('[scheduler.time-zone] keeps to the hours of its time zone', async () => {
    await create({ ScheduleExpression: 'cron(0 2 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' });
    await cloud.advance(24 * hourMs);
    expect(payloads).toEqual(['2026-01-06T01:00:00Z']);
  });

  it('[scheduler.dates] runs from the start date to the end date', async () => {
    await create({ StartDate: new Date('2026-01-05T12:30:00Z'), EndDate: new Date('2026-01-05T14:00:00Z') });
    await cloud.advance(24 * hourMs);
    expect(payloads).toEqual(['2026-01-05T12:30:00Z', '2026-01-05T13:30:00Z']);
  });

  it('[scheduler.at.once] runs a one-time schedule once and deletes it if asked', async () => {
    const once = { ScheduleExpression: 'at(2026-01-05T10:15:00)' };
    await create({ ...once, ActionAfterCompletion: 'DELETE' });
    await create({ ...once, Name: 'stays' });
    await cloud.advance(24 * hourMs);
    expect(payloads).toHaveLength(2);
    const { Schedules: left } = await cloud.call<{ Schedules: { Name: string }[] }>('scheduler', 'ListSchedules', {});
    expect(left.map(({ Name: name }) => name)).toEqual(['stays']);
  });

  it('[scheduler.action-after-completion] deletes a repeated schedule after its last run, and not before', async () => {
    await create({ EndDate: new Date('2026-01-05T11:30:00Z'), ActionAfterCompletion: 'DELETE' });
    const names = async () => {
      const { Schedules: left } = await cloud.call<{ Schedules: { Name: string }[] }>('scheduler', 'ListSchedules', {});
      return left.map(({ Name: name }) => name);
    };
    await cloud.advance(hourMs);
    expect(await names()).toEqual(['s']);
    await cloud.advance(hourMs);
    expect(await names()).toEqual([]);
    expect(payloads).toHaveLength(2);
  });

  it('[scheduler.flexible-window] runs within the flexible window', async () => {
    const window = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 } as const;
    await create({ ScheduleExpression: 'at(2026-01-05T10:00:00)', FlexibleTimeWindow: window });
    await cloud.advance(hourMs);
    expect(payloads).toEqual([]);
    await cloud.advance(hourMs / 2);
    expect(payloads).toEqual(['2026-01-05T10:00:00Z']);
  });

  it('[scheduler.disabled] runs nothing while it is disabled', async () => {
    await create();
    await cloud.call('scheduler', 'UpdateSchedule', wish({ State: 'DISABLED' }));
    await cloud.advance(5 * hourMs);
    expect(payloads).toEqual([]);
  });

  it('[scheduler.deleted] runs nothing after it is deleted', async () => {
    await create();
    await cloud.call('scheduler', 'DeleteSchedule', { Name: 's' });
    await cloud.advance(5 * hourMs);
    expect(payloads).toEqual([]);
  });
});

describe('failed invocations', () => {
  it('[scheduler.retry] are retried, then go to the dead-letter queue with what happened', async () => {
    cloud.answer('lambda', 'Invoke', () => {
      payloads.push('tried');
      throw new AwsError('ServiceException', 'down', { httpStatus: 500 });
    });
    await create({
      ScheduleExpression: 'at(2026-01-05T10:00:00)',
      Target: { RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig: { Arn: queueArn } },
    });
    await cloud.advance(2 * hourMs);
    expect(payloads).toEqual(['tried', 'tried']);
    expect(deadLetters[0]?.MessageBody).toBe('"2026-01-05T10:00:00Z"');
    expect(deadLetters[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'INTERNAL_ERROR' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      RETRY_ATTEMPTS: { StringValue: '1' },
      SCHEDULED_TIME: { StringValue: '2026-01-05T10:00:00Z' },
      TARGET_ARN: { StringValue: functionArn },
    });
  });
});

describe('a restart', () => {
  it('[scheduler.missed] skips the runs that were missed, says so, and goes on with the next', async () => {
    await create();
    const { store } = cloud;
    await cloud.timers.stop();
    cloud = await testCloud({ services: [openScheduler], store, startMs: Date.UTC(2026, 0, 5, 12, 30) });
    answerTargets(cloud);
    expect(cloud.reported).toEqual([expect.stringContaining('the run of 2026-01-05T10:00:00Z was missed')]);
    await cloud.advance(hourMs);
    expect(payloads).toEqual(['2026-01-05T13:00:00Z']);
  });

  it('[scheduler.at.late] runs late what was to run once and was missed', async () => {
    await create({ ScheduleExpression: 'at(2026-01-05T10:15:00)' });
    const { store } = cloud;
    await cloud.timers.stop();
    cloud = await testCloud({ services: [openScheduler], store, startMs: Date.UTC(2026, 0, 5, 12, 30) });
    answerTargets(cloud);
    await cloud.advance(hourMs);
    expect(payloads).toEqual(['2026-01-05T10:15:00Z']);
  });

  it('[scheduler.restart] keeps a run that is still to come', async () => {
    await create();
    cloud = await cloud.restart();
    answerTargets(cloud);
    await cloud.advance(hourMs);
    expect(cloud.reported).toEqual([]);
    expect(payloads).toEqual(['2026-01-05T10:00:00Z']);
  });
});

describe('refusing schedules', () => {
  it.each<[string, Wish, string]>([
    ['a bad expression', { ScheduleExpression: 'cron(0 10 * * * *)' }, 'ValidationException'],
    ['an unknown time zone', { ScheduleExpressionTimezone: 'Mars/Base' }, 'ValidationException'],
    ['a flexible window without minutes', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'ValidationException'],
    ['an end before its start', { StartDate: new Date(2), EndDate: new Date(1) }, 'ValidationException'],
    ['a bad name', { Name: 'a b' }, 'ValidationException'],
    ['a group that does not exist', { GroupName: 'no' }, 'ResourceNotFoundException'],
    ['a bus without its parameters', { Target: { Arn: busArn } }, 'ValidationException'],
    [
      'an event of AWS',
      { Target: { Arn: busArn, EventBridgeParameters: { Source: 'aws.x', DetailType: 'x' } } },
      'ValidationException',
    ],
    ['no role', { Target: { RoleArn: '' } }, 'ValidationException'],
  ])('[scheduler.refused] refuses %s', async (_name, input, code) => {
    await expect(create(input)).rejects.toMatchObject({ code });
  });

  it('[scheduler.client-token] refuses a second one of the same name, unless the request is the same', async () => {
    await create({ ClientToken: 't' });
    await expect(create({ ClientToken: 't' })).resolves.toBeDefined();
    await expect(create({ ClientToken: 'u' })).rejects.toMatchObject({ code: 'ConflictException' });
  });
});

describe('schedules and groups', () => {
  it('are read back as they were made', async () => {
    await cloud.call('scheduler', 'CreateScheduleGroup', { Name: 'g' });
    await create({ GroupName: 'g', Description: 'd', ScheduleExpressionTimezone: 'UTC' });
    const schedule = await cloud.call<GetScheduleOutput>('scheduler', 'GetSchedule', { Name: 's', GroupName: 'g' });
    expect(schedule).toMatchObject({
      ...wish({ GroupName: 'g', Description: 'd' }),
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
    });
  });

  it('[scheduler.group.delete] go with their group', async () => {
    await cloud.call('scheduler', 'CreateScheduleGroup', { Name: 'g' });
    await create({ GroupName: 'g' });
    await cloud.call('scheduler', 'DeleteScheduleGroup', { Name: 'g' });
    await cloud.advance(5 * hourMs);
    expect(payloads).toEqual([]);
    await expect(cloud.call('scheduler', 'DeleteScheduleGroup', { Name: 'default' })).rejects.toThrow('default');
  });

  it('are made from a template', async () => {
    const made = await cloud.provision('AWS::Scheduler::Schedule', 'Nightly', {
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      Target: { Arn: functionArn, RoleArn: roleArn, Input: '"nightly"' },
    });
    expect(made.attributes['Arn']).toBe(`arn:aws:scheduler:us-east-1:123456789012:schedule/default/${made.physicalId}`);
    await cloud.advance(24 * hourMs);
    expect(payloads).toEqual(['nightly']);
  });
});

describe('a universal target', () => {
  const universal = (action: string, more: Partial<Target> = {}) =>
    create({
      ScheduleExpression: 'at(2026-01-05T10:00:00)',
      ActionAfterCompletion: 'DELETE',
      Target: { Arn: `arn:aws:scheduler:::aws-sdk:${action}`, Input: '{"StackName":"preview"}', ...more },
    });

  it('[scheduler.target.universal] is called with the input, as the role of the schedule', async () => {
    cloud.answer('cloudformation', 'DeleteStack', (input: never) => void payloads.push(input));
    await universal('cloudformation:deleteStack');
    await cloud.advance(2 * hourMs);
    expect(payloads).toEqual([{ StackName: 'preview' }]);
    const [call] = cloud.calls.filter(({ request }) => request.service === 'cloudformation');
    expect(call?.principal).toMatchObject({ kind: 'role', roleArn });
  });

  it.each([
    ['cloudformation:describeStacks', { code: 'ValidationException' }],
    ['cloudformation:DeleteStack', { code: 'ValidationException' }],
    ['rds:stopDBCluster', { code: 'NotImplemented' }],
  ])('[scheduler.target.universal] is refused where it is %s', async (action, error) => {
    await expect(universal(action)).rejects.toMatchObject(error);
  });

  it('that is refused by its service is not called again, and goes to the dead-letter queue', async () => {
    cloud.answer('cloudformation', 'DeleteStack', () => {
      throw new AwsError('ValidationError', 'Stack is protected');
    });
    await universal('cloudformation:deleteStack', { DeadLetterConfig: { Arn: queueArn } });
    await cloud.advance(24 * hourMs);
    expect(deadLetters).toHaveLength(1);
    expect(deadLetters[0]?.MessageBody).toBe('{"StackName":"preview"}');
  });
});
