import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { WorkflowExecution, WorkflowGateway } from '../../actions/run-workflow/workflows.ts';
import { clientSettings } from '../client-settings.ts';
import { calling, errorName } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

/** Step Functions, for an action. */
export function openGateway(client: SFNClient = new SFNClient(clientSettings)): WorkflowGateway {
  return {
    start: ({ machineArn, name, input }) =>
      calling('states:StartExecution', async () => {
        const { executionArn = '' } = await client
          .send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input }))
          .catch((thrown: unknown) => refuse(`state machine ${machineArn}`, thrown));
        return executionArn;
      }),
    describe: (executionArn) =>
      calling('states:DescribeExecution', async () => {
        const {
          status = '',
          output,
          error,
          cause,
        } = await client
          .send(new DescribeExecutionCommand({ executionArn }))
          .catch((thrown: unknown) => refuse(`execution ${executionArn}`, thrown));
        return { status: statuses[status] ?? 'running', output, error, cause };
      }),
    stop: (executionArn, cause) =>
      calling('states:StopExecution', async () => {
        await client.send(new StopExecutionCommand({ executionArn, cause })).catch((thrown: unknown) => {
          if (errorName(thrown) !== 'ExecutionDoesNotExist') refuse(`execution ${executionArn}`, thrown);
        });
      }),
  };
}

const statuses: Readonly<Record<string, WorkflowExecution['status']>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'aborted',
};

function refuse(what: string, cause: unknown): never {
  return refuseBy(cause, [
    [['StateMachineDoesNotExist', 'ExecutionDoesNotExist'], 'ConfigurationError', `there is no ${what}; check its ARN`],
    [
      ['InvalidArn', 'InvalidExecutionInput', 'StateMachineDeleting'],
      'ConfigurationError',
      `${what} cannot be started: ${errorName(cause)}`,
    ],
    [['ExecutionLimitExceeded'], 'SystemUnavailable', `${what} has as many executions as it may; try again later`],
    [['AccessDeniedException'], 'PermissionError', `this action's role may not use ${what}; pass its ARN at synth`],
  ]);
}
