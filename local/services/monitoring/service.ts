import * as schemas from '@aws-sdk/client-cloudwatch';
import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { defineService } from '../../gateway/service.ts';
import type { OpenService, ServiceMetric } from '../service-module.ts';
import { alarmOperations } from './alarm-operations.ts';
import { alarmTables, openAlarmStore } from './alarm-store.ts';
import { dashboardOperations, dashboardTable } from './dashboards.ts';
import { openEvaluations } from './evaluations.ts';
import { metricOperations } from './metric-operations.ts';
import { metricTables, openMetricStore } from './metric-store.ts';
import type { MonitoringState } from './monitoring-state.ts';
import { monitoringPermissions } from './permissions.ts';
import { monitoringResources } from './resources.ts';

/** What is older than this is forgotten at the next start; CloudWatch keeps values by the minute for 15 days. */
const keptMs = 15 * 86_400_000;

/** CloudWatch: metrics of the other services and of one's own, and alarms that ring where the template says. */
export const openMonitoring: OpenService = (context) => {
  const { store, clock } = context;
  store.migrate('monitoring', [...metricTables, ...alarmTables, dashboardTable]);
  const metrics = openMetricStore(store);
  const alarms = openAlarmStore(store, context);
  const evaluations = openEvaluations({ context, alarms, metrics });
  const state: MonitoringState = { context, metrics, alarms, evaluations };
  return {
    api: defineService<CloudWatch>({
      name: 'monitoring',
      schemas,
      protocol: { kind: 'json', version: '1.0' },
      otherProtocols: [
        { kind: 'query', xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/' },
        { kind: 'rpc-v2-cbor' },
      ],
      operations: { ...metricOperations(state), ...alarmOperations(state), ...dashboardOperations(context) },
    }),
    permissions: monitoringPermissions(context),
    resources: monitoringResources(state),
    start: () => metrics.forgetBefore(clock.nowMs() - keptMs),
    putMetrics: (data: readonly ServiceMetric[]) =>
      store.transaction(() => {
        const atMs = clock.nowMs();
        for (const { value, ...metric } of data) {
          metrics.add(metric, { atMs, value, count: 1 }, 60);
          evaluations.onData(metric);
        }
      }),
  };
};
