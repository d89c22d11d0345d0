import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';

/** What each operation of CloudWatch needs: the alarms or dashboards that it names. Metrics know no resource. */
export function monitoringPermissions(place: Place): PermissionTable<CloudWatch> {
  const anywhere = (action: string) => (): Permission => ({ action: `cloudwatch:${action}`, resource: '*' });
  const alarm = (action: string, name: string | undefined): Permission => ({
    action: `cloudwatch:${action}`,
    resource: `${arnPrefix('cloudwatch', place)}alarm:${name}`,
  });
  const onAlarm =
    (action: string) =>
    ({ AlarmName: name }: { AlarmName?: string | undefined }) =>
      alarm(action, name);
  const onAlarms =
    (action: string) =>
    ({ AlarmNames: names }: { AlarmNames?: string[] | undefined }) =>
      (names ?? []).map((name) => alarm(action, name));
  /** Dashboards belong to no region. */
  const dashboard = (action: string, name: string | undefined): Permission => ({
    action: `cloudwatch:${action}`,
    resource: `arn:aws:cloudwatch::${place.account}:dashboard/${name}`,
  });
  const onDashboard =
    (action: string) =>
    ({ DashboardName: name }: { DashboardName?: string | undefined }) =>
      dashboard(action, name);
  return {
    PutMetricAlarm: onAlarm('PutMetricAlarm'),
    PutCompositeAlarm: onAlarm('PutCompositeAlarm'),
    DeleteAlarms: onAlarms('DeleteAlarms'),
    SetAlarmState: onAlarm('SetAlarmState'),
    EnableAlarmActions: onAlarms('EnableAlarmActions'),
    DisableAlarmActions: onAlarms('DisableAlarmActions'),
    DescribeAlarms: ({ AlarmNames: names }) => (names ?? ['*']).map((name) => alarm('DescribeAlarms', name)),
    DescribeAlarmsForMetric: anywhere('DescribeAlarmsForMetric'),
    DescribeAlarmHistory: ({ AlarmName: name = '*' }) => alarm('DescribeAlarmHistory', name),
    PutMetricData: anywhere('PutMetricData'),
    ListMetrics: anywhere('ListMetrics'),
    GetMetricStatistics: anywhere('GetMetricStatistics'),
    GetMetricData: anywhere('GetMetricData'),
    PutDashboard: onDashboard('PutDashboard'),
    GetDashboard: onDashboard('GetDashboard'),
    ListDashboards: anywhere('ListDashboards'),
    DeleteDashboards: ({ DashboardNames: names }) => (names ?? []).map((name) => dashboard('DeleteDashboards', name)),
  };
}
