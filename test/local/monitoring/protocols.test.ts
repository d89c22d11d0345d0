import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rpcV2CborProtocol } from '../../../local/gateway/protocols/rpc-v2-cbor.ts';
import { openMonitoring } from '../../../local/services/monitoring/service.ts';
import { testCloud, testStartMs, type TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
beforeAll(async () => {
  let module: ReturnType<typeof openMonitoring> | undefined;
  cloud = await testCloud({ services: [(context) => (module = openMonitoring(context))] });
  if (!module?.api) throw new Error('CloudWatch has an api');
  http = await gatewayOverHttp([module.api]);
});
afterAll(async () => {
  await http.close();
  await cloud.close();
});

const range = { StartTime: new Date(testStartMs - 60_000), EndTime: new Date(testStartMs + 60_000) };

describe.each([
  { id: '[cloudwatch.protocol.json]', spoken: 'AWS JSON', protocol: AwsJson1_0Protocol },
  { id: '[cloudwatch.protocol.query]', spoken: 'AWS Query', protocol: AwsQueryProtocol },
  { id: '[cloudwatch.protocol.cbor]', spoken: 'RPC v2 in CBOR', protocol: AwsSmithyRpcV2CborProtocol },
])('$id a client that speaks $spoken', ({ spoken, protocol }) => {
  let cloudWatch: CloudWatch;
  const Namespace = spoken.replaceAll(' ', '/');
  beforeAll(() => {
    cloudWatch = new CloudWatch({ ...http.client, protocol });
  });
  afterAll(() => cloudWatch.destroy());

  it('puts data and gets numbers, dates and lists back', async () => {
    const Dimensions = [{ Name: 'Shop', Value: 'north & "south"' }];
    await cloudWatch.putMetricData({
      Namespace,
      MetricData: [{ MetricName: 'Sales', Dimensions, Values: [1, 2.5], Counts: [2, 1], Unit: 'Count' }],
    });
    const { Datapoints: points } = await cloudWatch.getMetricStatistics({
      ...{ Namespace, MetricName: 'Sales', Dimensions, ...range, Period: 60 },
      Statistics: ['Sum', 'Maximum'],
    });
    expect(points).toMatchObject([{ Sum: 4.5, Maximum: 2.5, Timestamp: new Date(testStartMs) }]);
    expect((await cloudWatch.listMetrics({ Namespace })).Metrics).toEqual([
      { Namespace, MetricName: 'Sales', Dimensions },
    ]);
  });

  it('keeps alarms with their numbers and booleans', async () => {
    const AlarmName = `sales-${Namespace.replaceAll('/', '-')}`;
    await cloudWatch.putMetricAlarm({
      ...{ AlarmName, Namespace, MetricName: 'Sales', Statistic: 'Sum', Period: 60, ActionsEnabled: false },
      ...{ EvaluationPeriods: 2, Threshold: 1.5, ComparisonOperator: 'LessThanThreshold' },
    });
    expect((await cloudWatch.describeAlarms({ AlarmNames: [AlarmName] })).MetricAlarms).toMatchObject([
      { AlarmName, Threshold: 1.5, EvaluationPeriods: 2, ActionsEnabled: false },
    ]);
    expect((await cloudWatch.describeAlarms({ AlarmNames: ['none'] })).MetricAlarms ?? []).toEqual([]);
  });

  it('gets the service’s errors by name', async () => {
    const gone = { AlarmName: 'none', StateValue: 'OK' as const, StateReason: 'x' };
    await expect(cloudWatch.setAlarmState(gone)).rejects.toMatchObject({
      name: expect.stringMatching(/^ResourceNotFound/) as string,
      $metadata: { httpStatusCode: 404 },
    });
    await expect(cloudWatch.listMetricStreams({})).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

it.each([
  ['that is cut off', new Uint8Array([0xbf, 0x61])],
  ['that is no map', new Uint8Array([0x83, 0x01, 0x02, 0x03])],
  ['that is nested without end', new Uint8Array(100_000).fill(0x81)],
])('[cloudwatch.protocol.cbor] refuses a body %s', (_name, body) => {
  const api = cloud.context.gateway.describe('monitoring');
  if (!api) throw new Error('CloudWatch has an api');
  const path = '/service/GraniteServiceVersion20100801/operation/ListMetrics';
  const decode = () =>
    rpcV2CborProtocol.decode(api, { method: 'POST', path, query: '', headers: {}, body, sourceIp: '127.0.0.1' });
  expect(() => decode()).toThrow(expect.objectContaining({ code: 'SerializationException' }) as Error);
});
