import {
  CloudWatchClient,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { MetricGateway } from '../../actions/gateways/metrics.ts';
import { clientSettings } from '../client-settings.ts';
import { calling, errorName } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

/** CloudWatch's metrics and dashboards, for an action. */
export function openGateway(client: CloudWatchClient = new CloudWatchClient(clientSettings)): MetricGateway {
  return {
    put: ({ namespace, name, value, unit, at, dimensions }) =>
      calling('cloudwatch:PutMetricData', async () => {
        const command = new PutMetricDataCommand({
          Namespace: namespace,
          MetricData: [
            {
              MetricName: name,
              Value: value,
              Unit: unit,
              Timestamp: new Date(at),
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
          ],
        });
        await client.send(command).catch((thrown: unknown) => refuse(`metric ${namespace}/${name}`, thrown));
      }),
    readDashboard: (name) =>
      calling('cloudwatch:GetDashboard', async () => {
        const { DashboardBody: body } = await client
          .send(new GetDashboardCommand({ DashboardName: name }))
          .catch((thrown: unknown) => refuse(`dashboard ${name}`, thrown));
        return body ?? '';
      }),
    writeDashboard: (name, body) =>
      calling('cloudwatch:PutDashboard', async () => {
        await client
          .send(new PutDashboardCommand({ DashboardName: name, DashboardBody: body }))
          .catch((thrown: unknown) => refuse(`dashboard ${name}`, thrown));
      }),
  };
}

/** The query protocol and the ones that came after it spell the same errors in two ways. */
function refuse(what: string, cause: unknown): never {
  return refuseBy(cause, [
    [
      ['ResourceNotFound', 'DashboardNotFoundError'],
      'ConfigurationError',
      `there is no ${what} in this account and region; make it first`,
    ],
    [
      [
        'InvalidParameterInput',
        'DashboardInvalidInputError',
        'InvalidParameterValue',
        'InvalidParameterValueException',
        'InvalidParameterCombinationException',
        'MissingRequiredParameterException',
      ],
      'ConfigurationError',
      `CloudWatch does not take ${what} (${errorName(cause)})`,
    ],
    [
      ['AccessDenied', 'AccessDeniedException'],
      'PermissionError',
      `this action's role may not use ${what}; name it at synth`,
    ],
  ]);
}
