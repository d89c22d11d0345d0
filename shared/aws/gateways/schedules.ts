import { CreateScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { ScheduleGateway } from '../../actions/gateways/schedules.ts';
import { clientSettings } from '../client-settings.ts';
import { calling, errorName } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

/** Scheduler tries a call again that is refused; what a deletion comes to that was begun it does not hear of. */
const triesHours = { every: 6, within: 24 };

/** EventBridge Scheduler, for an action. */
export function openGateway(client: SchedulerClient = new SchedulerClient(clientSettings)): ScheduleGateway {
  return {
    deleteStackAt: ({ name, stackId, at, roleArn, tokenPrefix }) =>
      calling('scheduler:CreateSchedule', async () => {
        const schedule: CreateScheduleCommandInput = {
          Name: name,
          Description: 'Slipway: deletes a stack whose time is over',
          // A rate counts from its start (Scheduler user guide, "Schedule types"). Half a period more, so that the last is in it.
          ScheduleExpression: `rate(${triesHours.every} hours)`,
          StartDate: new Date(at),
          EndDate: new Date(Date.parse(at) + (triesHours.within + triesHours.every / 2) * 3_600_000),
          FlexibleTimeWindow: { Mode: 'OFF' },
          ActionAfterCompletion: 'DELETE',
          Target: {
            // Scheduler user guide, "Using universal targets". By ID: a later stack of that name is another's.
            Arn: `arn:${stackId.split(':')[1] ?? 'aws'}:scheduler:::aws-sdk:cloudformation:deleteStack`,
            RoleArn: roleArn,
            // A try of its own: CloudFormation does nothing for a token that it knows.
            Input: JSON.stringify({
              StackName: stackId,
              ClientRequestToken: `${tokenPrefix}<aws.scheduler.execution-id>`,
            }),
          },
        };
        try {
          await client.send(new CreateScheduleCommand(schedule));
        } catch (thrown) {
          if (errorName(thrown) !== 'ConflictException') refuse(name, roleArn, thrown);
          await client
            .send(new UpdateScheduleCommand(schedule))
            .catch((refused: unknown) => refuse(name, roleArn, refused));
        }
      }),
  };
}

function refuse(name: string, roleArn: string, cause: unknown): never {
  return refuseBy(cause, [
    [
      ['AccessDeniedException'],
      'PermissionError',
      `this action's role may not make schedule ${name} with role ${roleArn}; pass both at synth, which grants it`,
    ],
    [
      ['ValidationException'],
      'ConfigurationError',
      `schedule ${name} was refused; role ${roleArn} must be one that scheduler.amazonaws.com may assume`,
    ],
  ]);
}
