import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openGateway } from '../../shared/aws/gateways/alarms.ts';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } };
const refusal = (name: string): Error => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });

describe('alarms for actions', () => {
  const client = new CloudWatchClient(settings);
  const mock = mockClient(client);
  const alarms = openGateway(client);
  beforeEach(() => mock.reset());

  it('are read from every page, composite ones too', async () => {
    const at = new Date('2026-01-05T09:00:00Z');
    mock
      .on(DescribeAlarmsCommand)
      .resolvesOnce({
        MetricAlarms: [{ AlarmName: 'a', StateValue: 'OK', StateReason: 'fine', StateTransitionedTimestamp: at }],
        NextToken: 'n',
      })
      .resolvesOnce({ CompositeAlarms: [{ AlarmName: 'b', StateValue: 'ALARM' }] });
    expect(await alarms.read(['a', 'b', 'c'])).toEqual([
      { name: 'a', state: 'OK', reason: 'fine', since: at.toISOString() },
      { name: 'b', state: 'ALARM', reason: '', since: undefined },
    ]);
    expect(mock.commandCalls(DescribeAlarmsCommand)[1]?.args[0].input).toEqual({
      ...{
        AlarmNames: ['a', 'b', 'c'],
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: 100,
        NextToken: 'n',
      },
    });
  });

  it.each([
    ['AccessDenied', { type: 'PermissionError' }],
    ['AccessDeniedException', { type: 'PermissionError' }],
    ['Throttling', { name: 'ServiceUnavailable' }],
  ])('fail when CloudWatch answers %s', async (name, error) => {
    mock.on(DescribeAlarmsCommand).rejects(refusal(name));
    await expect(alarms.read(['a'])).rejects.toMatchObject(error);
  });
});
