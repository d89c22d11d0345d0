import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { workflowName, type JobWorkflow, type JobWorkflows } from '../actions/runner/long-job.ts';
import type { TaskTokens } from '../state/waits.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';
import { stepFunctions } from './step-functions.ts';

/** The workflows of `job.asl.json`, named after the first job that waits; it starts, resumes and reads them. */
export function jobWorkflows(
  machineArn: string,
  client: SFNClient = new SFNClient(clientSettings),
): JobWorkflows & TaskTokens {
  const { succeed, statusOf } = stepFunctions(client);
  return {
    succeed,
    start: ({ functionArn, first, ...workflow }) =>
      calling('states:StartExecution', async () => {
        const { firstJobId } = workflow;
        const input = JSON.stringify({ contract: 1, firstJobId, functionArn, ...first });
        const name = workflowName(workflow);
        try {
          await client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input }));
        } catch (thrown) {
          // The same name with another input: an interrupted delivery has started it.
          if (errorName(thrown) !== 'ExecutionAlreadyExists') throw thrown;
        }
      }),
    isRunning: async (workflow) => (await statusOf(executionArn(machineArn, workflow))) === 'running',
  };
}

/** The ARN of an execution has the machine's name and not that of its alias. */
function executionArn(machineArn: string, workflow: JobWorkflow): string {
  const [machine] = /^.*:stateMachine:[^:]+/.exec(machineArn) ?? [machineArn];
  return `${machine.replace(':stateMachine:', ':execution:')}:${workflowName(workflow)}`;
}
