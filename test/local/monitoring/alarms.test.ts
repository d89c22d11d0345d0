import type { AlarmHistoryItem, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMonitoring } from '../../../local/services/monitoring/service.ts';
import type { JsonObject } from '../../../local/json.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

const minute = 60_000;
const topicArn = 'arn:aws:sns:us-east-1:123456789012:operations';
const errors = {
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'FunctionName', Value: 'scan' }],
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};

let cloud: TestCloud;
let published: { TopicArn: string; Subject: string; Message: string }[];

beforeEach(async () => {
  published = [];
  cloud = await open();
});
afterEach(() => cloud.close());

async function open(): Promise<TestCloud> {
  const opened = await testCloud({ services: [openMonitoring] });
  listen(opened);
  return opened;
}

function listen(to: TestCloud): void {
  to.answer('sns', 'Publish', (input) => void published.push(input));
}

async function put(name: string, properties: JsonObject = {}): Promise<void> {
  await cloud.call('monitoring', 'PutMetricAlarm', {
    AlarmName: name,
    ...errors,
    AlarmActions: [topicArn],
    ...properties,
  });
}

function fails(count = 1): void {
  const dimensions = { FunctionName: 'scan' };
  cloud.context.putMetrics([{ namespace: 'AWS/Lambda', name: 'Errors', dimensions, value: count }]);
}

async function describeAlarm(name: string): Promise<MetricAlarm | undefined> {
  const answer = await cloud.call<{ MetricAlarms: MetricAlarm[] }>('monitoring', 'DescribeAlarms', {
    AlarmNames: [name],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  });
  return answer.MetricAlarms[0] ?? (answer as { CompositeAlarms?: MetricAlarm[] }).CompositeAlarms?.[0];
}

const stateOf = async (name: string): Promise<string | undefined> => (await describeAlarm(name))?.StateValue;

function timerCount(): unknown {
  return cloud.store.statement('SELECT count(*) AS n FROM timers').get()?.['n'];
}

describe('a metric alarm', () => {
  it('[cloudwatch.alarm.initial] begins without data and is judged at the end of the minute', async () => {
    await put('errors');
    expect(await describeAlarm('errors')).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
    });
    await cloud.advance(minute);
    expect(await stateOf('errors')).toBe('OK');
  });

  it('[cloudwatch.alarm.every-minute] rings at the end of the minute, long before its period of five ends', async () => {
    await put('errors');
    await cloud.advance(minute);
    fails();
    await cloud.advance(minute - 1);
    expect(await stateOf('errors')).toBe('OK');
    await cloud.advance(1);
    expect(await stateOf('errors')).toBe('ALARM');
  });

  it('[cloudwatch.alarm.action-sns] tells its topic once, with the subject and the message of CloudWatch', async () => {
    await put('errors', { AlarmDescription: 'scan fails' });
    await cloud.advance(minute);
    fails();
    await cloud.advance(3 * minute);
    expect(published).toEqual([
      {
        TopicArn: topicArn,
        Subject: 'ALARM: "errors" in US East (N. Virginia)',
        Message: expect.any(String) as string,
      },
    ]);
    expect(JSON.parse(published[0]?.Message ?? '')).toMatchObject({
      AlarmName: 'errors',
      AlarmDescription: 'scan fails',
      NewStateValue: 'ALARM',
      OldStateValue: 'OK',
      NewStateReason:
        'Threshold Crossed: 1 out of the last 1 datapoints [1.0 (05/01/26 08:57:00)] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).',
      StateChangeTime: '2026-01-05T09:02:00.000+0000',
      Trigger: { MetricName: 'Errors', Statistic: 'SUM', Dimensions: [{ name: 'FunctionName', value: 'scan' }] },
    });
  });

  it('tells the person at the laptop when it rings', async () => {
    await put('errors');
    await cloud.advance(minute);
    expect(cloud.reported).toEqual([]);
    fails();
    await cloud.advance(minute);
    expect(cloud.reported).toEqual([expect.stringMatching(/^alarm errors rings: Threshold Crossed: 1 out of/)]);
  });

  it('[cloudwatch.alarm.event] sends the event of the change', async () => {
    await put('errors');
    await cloud.advance(minute);
    fails(2);
    await cloud.advance(minute);
    expect(cloud.delivered.at(-1)).toMatchObject({
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      resources: ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors'],
      detail: {
        alarmName: 'errors',
        configuration: {
          metrics: [
            {
              metricStat: {
                metric: { dimensions: { FunctionName: 'scan' }, name: 'Errors', namespace: 'AWS/Lambda' },
                period: 300,
                stat: 'Sum',
              },
              returnData: true,
            },
          ],
        },
        previousState: { value: 'OK' },
        state: { value: 'ALARM', timestamp: '2026-01-05T09:02:00.000+0000', reasonData: expect.any(String) as string },
      },
    });
  });

  it('[cloudwatch.alarm.range] returns to OK when the failure has left the evaluation range, and then rests', async () => {
    await put('errors');
    fails();
    await cloud.advance(2 * minute);
    expect(await stateOf('errors')).toBe('ALARM');
    await cloud.advance(20 * minute);
    expect(await stateOf('errors')).toBe('OK');
    expect(timerCount()).toBe(0);
  });

  it('[cloudwatch.alarm.actions-disabled] tells nobody while its actions are off', async () => {
    await put('errors', { ActionsEnabled: false });
    fails();
    await cloud.advance(2 * minute);
    expect(await stateOf('errors')).toBe('ALARM');
    expect(published).toEqual([]);
  });

  it('[cloudwatch.alarm.action-lambda] invokes a function with the alarm', async () => {
    const invoked: { Payload: Uint8Array }[] = [];
    cloud.answer('lambda', 'Invoke', (input) => void invoked.push(input));
    await put('errors', { AlarmActions: ['arn:aws:lambda:us-east-1:123456789012:function:tell'] });
    fails();
    await cloud.advance(minute);
    expect(JSON.parse(Buffer.from(invoked[0]?.Payload ?? []).toString())).toMatchObject({
      source: 'aws.cloudwatch',
      accountId: '123456789012',
      alarmData: { alarmName: 'errors', state: { value: 'ALARM' } },
    });
  });

  it('[cloudwatch.alarm.set-state] keeps a state that was set by hand until it is evaluated', async () => {
    await put('errors');
    await cloud.advance(minute);
    const state = { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a drill' };
    await cloud.call('monitoring', 'SetAlarmState', state);
    expect(await stateOf('errors')).toBe('ALARM');
    await cloud.advance(minute);
    expect(await stateOf('errors')).toBe('OK');
    expect(published).toHaveLength(1);
  });

  it('[cloudwatch.alarm.history] keeps what happened, newest first', async () => {
    await put('errors');
    fails();
    await cloud.advance(minute);
    const { AlarmHistoryItems: items } = await cloud.call<{ AlarmHistoryItems: AlarmHistoryItem[] }>(
      'monitoring',
      'DescribeAlarmHistory',
      { AlarmName: 'errors' },
    );
    expect(items.map(({ HistorySummary: summary }) => summary)).toEqual([
      `Successfully executed action ${topicArn}`,
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
    ]);
  });

  it('[cloudwatch.alarm.durable] rings after a restart for what failed before it', async () => {
    await put('errors');
    fails();
    cloud = await cloud.restart();
    listen(cloud);
    await cloud.advance(minute);
    expect(await stateOf('errors')).toBe('ALARM');
    expect(published).toHaveLength(1);
  });

  it.each<[string, JsonObject, string]>([
    ['a period of 45 seconds', { Period: 45 }, 'ValidationError'],
    ['more datapoints than periods', { DatapointsToAlarm: 2 }, 'ValidationError'],
    ['more than a day', { EvaluationPeriods: 289 }, 'ValidationError'],
    ['an unknown treatment', { TreatMissingData: 'maybe' }, 'ValidationError'],
    ['an action on a machine', { AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] }, 'NotImplemented'],
    ['a band', { ThresholdMetricId: 'ad1' }, 'NotImplemented'],
  ])('[cloudwatch.alarm.refused] refuses %s', async (_what, properties, code) => {
    await expect(put('errors', properties)).rejects.toMatchObject({ code });
  });
});

describe('a composite alarm', () => {
  it('[cloudwatch.composite.follows] follows the alarms that its rule names at once, also through another one', async () => {
    await put('errors', { AlarmActions: [] });
    await put('other', { MetricName: 'Throttles' });
    const composite = { AlarmRule: 'ALARM(errors) AND NOT ALARM(other)', AlarmActions: [topicArn] };
    await cloud.provision('AWS::CloudWatch::CompositeAlarm', 'both', { AlarmName: 'both', ...composite });
    await cloud.call('monitoring', 'PutCompositeAlarm', { AlarmName: 'all', AlarmRule: 'ALARM(both)' });
    await cloud.advance(minute);
    expect(await stateOf('both')).toBe('OK');
    fails();
    await cloud.advance(minute);
    expect(await stateOf('both')).toBe('ALARM');
    expect(await stateOf('all')).toBe('ALARM');
    expect(published.map(({ Subject: subject }) => subject)).toEqual(['ALARM: "both" in US East (N. Virginia)']);
  });

  it('[cloudwatch.composite.unknown-child] refuses a rule that names an alarm that does not exist', async () => {
    const input = { AlarmName: 'both', AlarmRule: 'ALARM(gone)' };
    await expect(cloud.call('monitoring', 'PutCompositeAlarm', input)).rejects.toMatchObject({
      code: 'ValidationError',
    });
  });

  it('[cloudwatch.composite.child-kept] keeps an alarm that a composite alarm names from being deleted', async () => {
    await put('errors');
    await cloud.call('monitoring', 'PutCompositeAlarm', { AlarmName: 'both', AlarmRule: 'ALARM(errors)' });
    const input = { AlarmNames: ['errors'] };
    await expect(cloud.call('monitoring', 'DeleteAlarms', input)).rejects.toMatchObject({ code: 'ValidationError' });
    await cloud.call('monitoring', 'DeleteAlarms', { AlarmNames: ['errors', 'both'] });
    expect(await describeAlarm('both')).toBeUndefined();
  });
});

describe('alarms of a template', () => {
  it('[cloudwatch.alarm.template] are made with numbers as texts, and give their ARN', async () => {
    const properties = { ...errors, Period: '300', Threshold: '0', EvaluationPeriods: '1' };
    expect(await cloud.provision('AWS::CloudWatch::Alarm', 'Errors', properties)).toEqual({
      physicalId: 'test-Errors-1234abcd',
      attributes: { Arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:test-Errors-1234abcd' },
    });
    expect(await describeAlarm('test-Errors-1234abcd')).toMatchObject({ Period: 300, Threshold: 0 });
  });
});
