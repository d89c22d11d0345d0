import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmGateway, AlarmSeen } from '../../actions/gateways/alarms.ts';
import { clientSettings } from '../client-settings.ts';
import { calling } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

/** CloudWatch's limit for the names of one call. */
const namesOfOneCall = 100;

/** CloudWatch's alarms, for an action. */
export function openGateway(client: CloudWatchClient = new CloudWatchClient(clientSettings)): AlarmGateway {
  return {
    read: (names) =>
      calling('cloudwatch:DescribeAlarms', async () => {
        const seen: AlarmSeen[] = [];
        for (let index = 0; index < names.length; index += namesOfOneCall) {
          seen.push(...(await readAll(names.slice(index, index + namesOfOneCall), client)));
        }
        return seen;
      }),
  };
}

async function readAll(names: readonly string[], client: CloudWatchClient): Promise<AlarmSeen[]> {
  const seen: AlarmSeen[] = [];
  let token: string | undefined;
  do {
    const command = new DescribeAlarmsCommand({
      AlarmNames: [...names],
      // Without it composite ones are left out.
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: namesOfOneCall,
      ...(token && { NextToken: token }),
    });
    const { MetricAlarms = [], CompositeAlarms = [], NextToken } = await client.send(command).catch(refuse);
    seen.push(...[...MetricAlarms, ...CompositeAlarms].map(asSeen));
    token = NextToken;
  } while (token);
  return seen;
}

function asSeen(alarm: MetricAlarm | CompositeAlarm): AlarmSeen {
  const { AlarmName: name = '', StateValue: state = '', StateReason: reason = '' } = alarm;
  return { name, state, reason, since: alarm.StateTransitionedTimestamp?.toISOString() };
}

function refuse(cause: unknown): never {
  return refuseBy(cause, [
    [
      ['AccessDenied', 'AccessDeniedException'],
      'PermissionError',
      "this action's role may not read alarms; grant cloudwatch:DescribeAlarms",
    ],
  ]);
}
