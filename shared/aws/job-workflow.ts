import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { JobWorkflows } from '../actions/long-job.ts';
import type { TaskTokens } from '../state/waits.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';
import { stepFunctions } from './step-functions.ts';

/** The workflows of `job.asl.json`, named after the first job that waits; it starts and resumes them. */
export function jobWorkflows(
  machineArn: string,
  client: SFNClient = new SFNClient(clientSettings),
): JobWorkflows & TaskTokens {
  return {
    succeed: stepFunctions(client).succeed,
    start: ({ firstJobId, functionArn, first }) =>
      calling('states:StartExecution', async () => {
        const input = JSON.stringify({ contract: 1, firstJobId, functionArn, ...first });
        try {
          await client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name: firstJobId, input }));
        } catch (thrown) {
          // The same name with another input: an interrupted delivery has started it.
          if (errorName(thrown) !== 'ExecutionAlreadyExists') throw thrown;
        }
      }),
  };
}
