import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMonitoring } from '../../../local/services/monitoring/service.ts';
import { testCloud, testStartMs, type TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
let cloudWatch: CloudWatch;
beforeAll(async () => {
  let module: ReturnType<typeof openMonitoring> | undefined;
  cloud = await testCloud({ services: [(context) => (module = openMonitoring(context))] });
  if (!module?.api) throw new Error('CloudWatch has an api');
  http = await gatewayOverHttp([module.api]);
  cloudWatch = new CloudWatch(http.client);
});
afterAll(async () => {
  cloudWatch.destroy();
  await http.close();
  await cloud.close();
});

const range = { StartTime: new Date(testStartMs - 60_000), EndTime: new Date(testStartMs + 60_000) };

it('[cloudwatch.statistics] gives back the statistics of what was put', async () => {
  const Dimensions = [{ Name: 'Shop', Value: 'north' }];
  await cloudWatch.putMetricData({
    Namespace: 'Shop',
    MetricData: [{ MetricName: 'Sales', Dimensions, Values: [1, 2, 10], Counts: [2, 1, 1] }],
  });
  const { Datapoints: datapoints } = await cloudWatch.getMetricStatistics({
    ...{ Namespace: 'Shop', MetricName: 'Sales', Dimensions, ...range, Period: 60 },
    Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
  });
  expect(datapoints).toMatchObject([{ SampleCount: 4, Sum: 14, Average: 3.5, Minimum: 1, Maximum: 10 }]);
  const Metric = { Namespace: 'Shop', MetricName: 'Sales', Dimensions };
  const answer = await cloudWatch.getMetricData({
    ...range,
    MetricDataQueries: [{ Id: 'middle', MetricStat: { Metric, Period: 60, Stat: 'p50' } }],
  });
  expect(answer.MetricDataResults).toMatchObject([{ Id: 'middle', Values: [1], Timestamps: [new Date(testStartMs)] }]);
  expect((await cloudWatch.listMetrics({ Namespace: 'Shop' })).Metrics).toEqual([Metric]);
});

it('[cloudwatch.put-metric-data.gzip] takes a body that the client compressed', async () => {
  const MetricData = Array.from({ length: 300 }, (_unused, index) => ({ MetricName: `metric-${index}`, Value: index }));
  await cloudWatch.putMetricData({ Namespace: 'Many', MetricData });
  expect((await cloudWatch.listMetrics({ Namespace: 'Many' })).Metrics).toHaveLength(300);
});

it.each<[string, object, string]>([
  ['infinite values', { MetricData: [{ MetricName: 'a', Value: Infinity }] }, 'SerializationException'],
  [
    'values of three weeks ago',
    { MetricData: [{ MetricName: 'a', Value: 1, Timestamp: new Date(0) }] },
    'InvalidParam',
  ],
  ['statistic sets', { MetricData: [{ MetricName: 'a', StatisticValues: set(1) }] }, 'NotImplemented'],
  ['no value', { MetricData: [{ MetricName: 'a' }] }, 'InvalidParameterValue'],
])('[cloudwatch.put-metric-data.refused] refuses %s', async (_what, input, name) => {
  await expect(cloudWatch.putMetricData({ Namespace: 'Shop', ...input })).rejects.toMatchObject({
    name: expect.stringContaining(name) as string,
  });
});

function set(value: number) {
  return { SampleCount: 1, Sum: value, Minimum: value, Maximum: value };
}

it('[cloudwatch.alarms.api] makes, shows and deletes alarms', async () => {
  await cloudWatch.putMetricAlarm({
    ...{ AlarmName: 'sales', Namespace: 'Shop', MetricName: 'Sales', Statistic: 'Sum', Period: 60 },
    ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'LessThanThreshold' },
  });
  expect((await cloudWatch.describeAlarms({ AlarmNamePrefix: 'sa' })).MetricAlarms).toMatchObject([
    { AlarmName: 'sales', StateValue: 'INSUFFICIENT_DATA', ActionsEnabled: true, AlarmActions: [] },
  ]);
  await cloudWatch.disableAlarmActions({ AlarmNames: ['sales'] });
  const found = await cloudWatch.describeAlarmsForMetric({ Namespace: 'Shop', MetricName: 'Sales' });
  expect(found.MetricAlarms).toMatchObject([{ AlarmName: 'sales', ActionsEnabled: false }]);
  await cloudWatch.deleteAlarms({ AlarmNames: ['sales'] });
  expect((await cloudWatch.describeAlarms({})).MetricAlarms).toEqual([]);
  const gone = { AlarmName: 'sales', StateValue: 'OK' as const, StateReason: 'x' };
  await expect(cloudWatch.setAlarmState(gone)).rejects.toMatchObject({ name: 'ResourceNotFound' });
});

it('[cloudwatch.dashboards] keeps dashboards', async () => {
  const DashboardBody = '{"widgets":[]}';
  await cloudWatch.putDashboard({ DashboardName: 'one', DashboardBody });
  expect(await cloudWatch.getDashboard({ DashboardName: 'one' })).toMatchObject({ DashboardBody });
  expect((await cloudWatch.listDashboards({})).DashboardEntries).toMatchObject([{ DashboardName: 'one', Size: 14 }]);
  await cloudWatch.deleteDashboards({ DashboardNames: ['one'] });
  await expect(cloudWatch.getDashboard({ DashboardName: 'one' })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  });
});
