import {
  CloudWatchClient,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { ActionFailed } from '../../actions/result.ts';
import type { MetricGateway } from '../../actions/metrics.ts';
import { clientSettings } from '../client-settings.ts';
import { calling, errorName } from '../failure.ts';

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
  switch (errorName(cause)) {
    case 'ResourceNotFound':
    case 'DashboardNotFoundError':
      throw new ActionFailed('ConfigurationError', `there is no ${what} in this account and region; make it first`, {
        cause,
      });
    case 'InvalidParameterInput':
    case 'DashboardInvalidInputError':
    case 'InvalidParameterValue':
    case 'InvalidParameterValueException':
    case 'InvalidParameterCombinationException':
    case 'MissingRequiredParameterException':
      throw new ActionFailed('ConfigurationError', `CloudWatch does not take ${what} (${errorName(cause)})`, { cause });
    case 'AccessDenied':
    case 'AccessDeniedException':
      throw new ActionFailed('PermissionError', `this action's role may not use ${what}; name it at synth`, { cause });
    default:
      throw cause;
  }
}
