import { SecretValue } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { updateDashboard, type PipelineActionProps } from '../../../infra/public.ts';
import { actionPipeline, pipelineName, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { giveRelease } from '../../support/give-release.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

let server: WebServer;
let pipeline: ActionPipeline;
beforeAll(async () => {
  server = await webServer(() => ({ status: 200, body: { id: 7 } }));
  pipeline = await actionPipeline({
    actions: ['update-dashboard'],
    stage: ({ slipway, stack }) => {
      // An example, which opens nothing.
      new Secret(stack, 'Token', { secretName: 'grafana', secretStringValue: SecretValue.unsafePlainText('t-1') });
      const errors = new Metric({ namespace: 'Shop', metricName: 'Errors' });
      const widgets = [[new GraphWidget({ title: 'Errors', left: [errors] })]];
      new Dashboard(stack, 'Dashboard', { dashboardName: 'shop', widgets });
      const cloudWatch = { provider: 'cloudwatch', text: '{{service}} {{shortCommit}}' } as const;
      const actions: Record<string, PipelineActionProps<typeof updateDashboard>['parameters']> = {
        CloudWatch: { ...cloudWatch, dashboard: 'shop', metric: { namespace: 'Deployments', name: 'Released' } },
        Missing: { ...cloudWatch, dashboard: 'none' },
        Grafana: { provider: 'grafana', secret: 'grafana', url: server.url },
      };
      return Object.entries(actions).map(([actionName, parameters]) =>
        slipway.action(updateDashboard, { ...place, actionName, parameters }),
      );
    },
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await server.close();
});

describe('update-dashboard in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start();
    await giveRelease(pipeline.cloud, execution);
  });

  it('draws a line into the dashboard that a stack has made, and counts the release', async () => {
    expect(await pipeline.untilEnded(execution, 'CloudWatch', '5s')).toMatchObject({ status: 'Succeeded' });
    expect(await linesOf('shop')).toEqual([expect.stringMatching(/^checkout cccccccc \[slipway [0-9a-f]{8}\]$/)]);
    expect(await releasedCount()).toBe(1);
  });

  it('makes an annotation in Grafana', async () => {
    expect(await pipeline.untilEnded(execution, 'Grafana', '5s')).toMatchObject({
      status: 'Succeeded',
      outputs: { annotation: '7' },
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/annotations']);
  });

  it('fails for a dashboard that is not there', async () => {
    expect(await pipeline.untilEnded(execution, 'Missing', '5s')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringContaining('no dashboard none') },
    });
  });

  it('marks nothing twice when the stage is retried with all its actions', async () => {
    await pipeline.cloud.call('codepipeline', 'RetryStageExecution', {
      pipelineName,
      stageName: place.stageName,
      pipelineExecutionId: execution,
      retryMode: 'ALL_ACTIONS',
    });
    await pipeline.cloud.advance('1m');
    expect(await pipeline.look(execution, 'CloudWatch')).toMatchObject({ status: 'Succeeded' });
    expect([(await linesOf('shop')).length, await releasedCount(), server.requests.length]).toEqual([1, 1, 1]);
  });
});

async function linesOf(name: string): Promise<string[]> {
  const { DashboardBody: body } = z
    .object({ DashboardBody: z.string() })
    .parse(await pipeline.cloud.call('monitoring', 'GetDashboard', { DashboardName: name }));
  const annotations = z.object({ vertical: z.array(z.object({ label: z.string() })) }).optional();
  const { widgets } = z
    .object({ widgets: z.array(z.object({ properties: z.object({ annotations }) })) })
    .parse(JSON.parse(body));
  return widgets.flatMap(({ properties }) => properties.annotations?.vertical.map(({ label }) => label) ?? []);
}

async function releasedCount(): Promise<number> {
  const { Datapoints: points } = z.object({ Datapoints: z.array(z.object({ Sum: z.number() })) }).parse(
    await pipeline.cloud.call('monitoring', 'GetMetricStatistics', {
      Namespace: 'Deployments',
      MetricName: 'Released',
      Dimensions: [{ Name: 'Service', Value: 'checkout' }],
      StartTime: new Date(Date.UTC(2026, 0, 5, 8)),
      EndTime: new Date(Date.UTC(2026, 0, 5, 12)),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return points.reduce((sum, { Sum }) => sum + Sum, 0);
}
