import type { Datapoint } from '@aws-sdk/client-cloudwatch';
import { expect, it } from 'vitest';
import type { Target } from '../../../local/services/apigateway/find-target.ts';
import { requestMetrics } from '../../../local/services/apigateway/request-metrics.ts';
import { openMonitoring } from '../../../local/services/monitoring/service.ts';
import { openSqs } from '../../../local/services/sqs/service.ts';
import { openStates } from '../../../local/services/states/service.ts';
import { testCloud, testStartMs, type TestCloud } from '../../support/cloud-context.ts';
import { functionCloud } from '../lambda/function-cloud.ts';

interface Asked {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { Name: string; Value: string }[];
}

async function sums(cloud: TestCloud, asked: Asked): Promise<(number | undefined)[]> {
  const { Datapoints: datapoints } = await cloud.call<{ Datapoints: Datapoint[] }>(
    'monitoring',
    'GetMetricStatistics',
    {
      ...asked,
      StartTime: new Date(testStartMs - 60_000),
      EndTime: new Date(testStartMs + 3_600_000),
      Period: 60,
      Statistics: ['Sum'],
    },
  );
  return datapoints.map(({ Sum: sum }) => sum);
}

it('[cloudwatch.metrics.lambda] functions count invocations and errors, and their alarm rings', async () => {
  const world = await functionCloud({}, [openMonitoring]);
  const { cloud } = world;
  await world.deploy('scan', 'exports.handler = async (event) => { if (event.fail) throw new Error("no"); };');
  const Dimensions = [{ Name: 'FunctionName', Value: 'scan' }];
  const metric = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions };
  await cloud.call('monitoring', 'PutMetricAlarm', {
    ...{ AlarmName: 'errors', ...metric, Statistic: 'Sum', Period: 300, EvaluationPeriods: 1, Threshold: 0 },
    ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
  });
  await world.invoke('scan', {});
  await world.invoke('scan', { fail: true });
  await cloud.advance(60_000);
  expect(await sums(cloud, { ...metric, MetricName: 'Invocations' })).toEqual([2]);
  expect(await sums(cloud, metric)).toEqual([1]);
  expect(await sums(cloud, { ...metric, MetricName: 'Throttles' })).toEqual([0]);
  expect(cloud.delivered.map(({ detail }) => (detail['state'] as { value: string }).value)).toEqual(['ALARM']);
  await world.close();
});

it('[cloudwatch.metrics.sqs] queues tell how many messages are visible each minute, until they are empty', async () => {
  const cloud = await testCloud({ services: [openMonitoring, openSqs] });
  await cloud.provision('AWS::SQS::Queue', 'Dead', { QueueName: 'dead' });
  const QueueUrl = 'http://127.0.0.1:4566/123456789012/dead';
  await cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });
  const Dimensions = [{ Name: 'QueueName', Value: 'dead' }];
  const metric = { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions };
  await cloud.advance(120_000);
  expect(await sums(cloud, metric)).toEqual([1, 1]);
  await cloud.call('sqs', 'PurgeQueue', { QueueUrl });
  await cloud.advance(600_000);
  expect(await sums(cloud, metric)).toEqual([1, 1, 0]);
  await cloud.close();
});

it('[cloudwatch.metrics.states] executions are counted by how they end', async () => {
  const cloud = await testCloud({ services: [openMonitoring, openStates] });
  const machine = await cloud.provision('AWS::StepFunctions::StateMachine', 'Machine', {
    StateMachineName: 'm',
    RoleArn: 'arn:aws:iam::123456789012:role/m',
    DefinitionString: JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'F',
      States: { F: { Type: 'Fail', Error: 'Bad' } },
    }),
  });
  await cloud.call('states', 'StartExecution', { stateMachineArn: machine.physicalId, input: '{}' });
  await cloud.advance(1000);
  const Dimensions = [{ Name: 'StateMachineArn', Value: machine.physicalId }];
  const metric = { Namespace: 'AWS/States', MetricName: 'ExecutionsFailed', Dimensions };
  expect(await sums(cloud, metric)).toEqual([1]);
  expect(await sums(cloud, { ...metric, MetricName: 'ExecutionsStarted' })).toEqual([1]);
  await cloud.close();
});

it('[cloudwatch.metrics.apigateway] requests are counted by route where the stage has detailed metrics', () => {
  const target = (isDetailed: boolean): Target => ({
    apiId: 'a1',
    stage: {
      kind: 'stage',
      apiId: 'a1',
      id: '$default',
      properties: { DefaultRouteSettings: { DetailedMetricsEnabled: isDetailed } },
    },
    path: '/hook',
    route: { routeKey: 'POST /hook', properties: {}, pathParameters: {} },
  });
  const refused = requestMetrics(target(true), 403).filter(({ name }) => name === '4xx');
  expect(refused.map(({ value, dimensions }) => [value, dimensions])).toEqual([
    [1, { ApiId: 'a1' }],
    [1, { ApiId: 'a1', Stage: '$default' }],
    [1, { ApiId: 'a1', Stage: '$default', Method: 'POST', Resource: '/hook' }],
  ]);
  expect(requestMetrics(target(false), 500).filter(({ name }) => name === '5xx')).toHaveLength(2);
});
