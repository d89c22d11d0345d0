import { cbor } from '@smithy/core/cbor';
import type { Recorded } from '../record.ts';

/** Requests to CloudWatch of clients of other ages than our SDK's: forms of the AWS CLI, and Smithy RPC v2 in CBOR. */
export function otherProtocolRequests(): readonly Recorded[] {
  const alarm = { AlarmName: 'a', StateValue: 'ALARM', StateReason: 'test' };
  const datum = { MetricName: 'errors', Value: 1.5, Unit: 'Count' };
  return [
    rpc('SetAlarmState', alarm),
    rpc('PutMetricData', { Namespace: 'slipway', MetricData: [datum, { MetricName: 'sizes', Values: [1, 2] }] }),
    rpc('DescribeAlarms', { AlarmNamePrefix: 'a', MaxRecords: 5 }),
    form('SetAlarmState', alarm),
    form('ListMetrics', { Namespace: 'slipway', 'Dimensions.member.1.Name': 'service' }),
    form('PutMetricData', {
      Namespace: 'slipway',
      'MetricData.member.1.MetricName': 'e',
      'MetricData.member.1.Value': '1',
    }),
  ];
}

function rpc(operation: string, input: object): Recorded {
  return {
    ...{ service: 'monitoring', operation, method: 'POST' },
    path: `/service/GraniteServiceVersion20100801/operation/${operation}`,
    headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    body: Buffer.from(cbor.serialize(input)),
  };
}

function form(operation: string, input: Record<string, string>): Recorded {
  return {
    ...{ service: 'monitoring', operation, method: 'POST', path: '/' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams({ Action: operation, Version: '2010-08-01', ...input }).toString()),
  };
}
