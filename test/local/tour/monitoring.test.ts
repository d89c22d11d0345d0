import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { testStartMs } from '../../support/cloud-context.ts';
import { tour } from './tour.ts';

const metric = { Namespace: 'Shop', MetricName: 'Orders' };
const metricAlarm = (AlarmName: string) => ({
  ...({ ...metric, AlarmName, Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1 } as const),
  ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
});
const StartTime = new Date(testStartMs - 3_600_000);
const EndTime = new Date(testStartMs + 3_600_000);

tour(
  { service: 'monitoring', client: CloudWatch },
  {
    'keeps values and answers their statistics': async (cloudWatch) => {
      const Timestamp = new Date(testStartMs);
      await cloudWatch.putMetricData({
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Orders', Timestamp, Value: 3 }],
      });
      expect((await cloudWatch.listMetrics({ Namespace: 'Shop' })).Metrics).toMatchObject([metric]);
      const period = { StartTime, EndTime };
      const statistics = await cloudWatch.getMetricStatistics({
        ...metric,
        ...period,
        Period: 60,
        Statistics: ['Sum'],
      });
      expect(statistics.Datapoints).toMatchObject([{ Sum: 3, Timestamp }]);
      const MetricStat = { Metric: metric, Period: 60, Stat: 'Maximum' };
      const data = await cloudWatch.getMetricData({ ...period, MetricDataQueries: [{ Id: 'm', MetricStat }] });
      expect(data.MetricDataResults).toMatchObject([{ Id: 'm', Values: [3] }]);
    },
    'has alarms of metrics and of alarms': async (cloudWatch) => {
      await cloudWatch.putMetricAlarm(metricAlarm('orders'));
      await cloudWatch.putCompositeAlarm({ AlarmName: 'any', AlarmRule: 'ALARM("orders")' });
      await cloudWatch.setAlarmState({ AlarmName: 'orders', StateValue: 'ALARM', StateReason: 'by hand' });
      const described = await cloudWatch.describeAlarms({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
      expect(described.MetricAlarms).toContainEqual(
        expect.objectContaining({ AlarmName: 'orders', StateValue: 'ALARM' }),
      );
      expect(described.CompositeAlarms).toMatchObject([{ AlarmName: 'any', StateValue: 'ALARM' }]);
      const { AlarmHistoryItems = [] } = await cloudWatch.describeAlarmHistory({
        ...{ AlarmName: 'orders', HistoryItemType: 'StateUpdate' },
      });
      expect(AlarmHistoryItems[0]?.HistorySummary).toContain('to ALARM');
      await cloudWatch.deleteAlarms({ AlarmNames: ['any'] });
      expect((await cloudWatch.describeAlarms({ AlarmNames: ['any'] })).CompositeAlarms).toEqual([]);
    },
    'turns the actions of alarms off and on': async (cloudWatch) => {
      const AlarmNames = ['quiet'];
      await cloudWatch.putMetricAlarm(metricAlarm('quiet'));
      await cloudWatch.disableAlarmActions({ AlarmNames });
      const { MetricAlarms = [] } = await cloudWatch.describeAlarmsForMetric(metric);
      expect(MetricAlarms.find(({ AlarmName }) => AlarmName === 'quiet')).toMatchObject({ ActionsEnabled: false });
      await cloudWatch.enableAlarmActions({ AlarmNames });
      expect((await cloudWatch.describeAlarms({ AlarmNames })).MetricAlarms).toMatchObject([{ ActionsEnabled: true }]);
    },
    'keeps dashboards': async (cloudWatch) => {
      const DashboardBody = JSON.stringify({ widgets: [] });
      await cloudWatch.putDashboard({ DashboardName: 'shop', DashboardBody });
      expect((await cloudWatch.getDashboard({ DashboardName: 'shop' })).DashboardBody).toBe(DashboardBody);
      const { DashboardEntries } = await cloudWatch.listDashboards({ DashboardNamePrefix: 'sh' });
      expect(DashboardEntries).toMatchObject([{ DashboardName: 'shop' }]);
      await cloudWatch.deleteDashboards({ DashboardNames: ['shop'] });
      expect((await cloudWatch.listDashboards({ DashboardNamePrefix: 'sh' })).DashboardEntries).toEqual([]);
    },
  },
);
