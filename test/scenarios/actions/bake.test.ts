import { afterAll, beforeAll, expect, it } from 'vitest';
import { bake } from '../../../infra/public.ts';
import { actionPipeline, place, type ActionPipeline } from '../../support/action-pipeline.ts';

let pipeline: ActionPipeline;
let execution: string;
beforeAll(async () => {
  const bakes = {
    Quiet: { alarms: ['quiet', 'both'], durationMinutes: 20 },
    Ringing: { alarms: ['loud'], durationMinutes: 60 },
    Missing: { alarms: ['quiet', 'nobody-made-it'] },
    Silent: { alarms: ['silent'] },
    Allowed: { alarms: ['silent'], durationMinutes: 1, insufficientData: 'healthy' as const },
  };
  pipeline = await actionPipeline({
    actions: ['bake'],
    stage: ({ slipway }) =>
      Object.entries(bakes).map(([actionName, parameters]) =>
        slipway.action(bake, { ...place, actionName, parameters }),
      ),
  });
  for (const name of ['quiet', 'loud', 'silent']) await putAlarm(name);
  await setState('quiet', 'OK');
  await setState('loud', 'OK');
  await pipeline.cloud.call('monitoring', 'PutCompositeAlarm', { AlarmName: 'both', AlarmRule: 'ALARM("quiet")' });
  execution = await pipeline.start();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

async function putAlarm(name: string): Promise<void> {
  await pipeline.cloud.call('monitoring', 'PutMetricAlarm', {
    ...{ AlarmName: name, Namespace: 'Shop', MetricName: name, Statistic: 'Sum', Threshold: 1, Period: 3600 },
    ...{ EvaluationPeriods: 24, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore' },
  });
}

async function setState(name: string, value: string): Promise<void> {
  const reason = { StateValue: value, StateReason: 'as the test says' };
  await pipeline.cloud.call('monitoring', 'SetAlarmState', { AlarmName: name, ...reason });
}

it('fails at once for an alarm that is not there or has no data, unless no data is allowed', async () => {
  expect(await pipeline.untilEnded(execution, 'Missing', '5s')).toMatchObject({
    status: 'Failed',
    error: { code: 'JobFailed', message: expect.stringContaining('there is no alarm nobody-made-it') },
  });
  expect(await pipeline.untilEnded(execution, 'Silent', '5s')).toMatchObject({
    error: { message: expect.stringContaining('alarm silent has no data') },
  });
  expect(await pipeline.untilEnded(execution, 'Allowed')).toMatchObject({ status: 'Succeeded' });
});

it('fails when an alarm rings, long before its time is over', async () => {
  expect(await pipeline.look(execution, 'Ringing')).toMatchObject({ status: 'InProgress' });
  await setState('loud', 'ALARM');
  expect(await pipeline.untilEnded(execution, 'Ringing', '35s')).toMatchObject({
    status: 'Failed',
    error: { message: expect.stringContaining('alarm loud rings (as the test says)') },
  });
  expect(await pipeline.look(execution, 'Quiet')).toMatchObject({ status: 'InProgress' });
});

it('succeeds when metric and composite alarms were quiet for its time', async () => {
  expect(await pipeline.untilEnded(execution, 'Quiet', '1m')).toMatchObject({
    status: 'Succeeded',
    summary: '2 alarms are quiet for 20 of 20 minutes',
    outputs: { alarmCount: '2' },
  });
});
