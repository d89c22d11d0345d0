import { DescribeExecutionCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Workflows } from '../releases/workflows.ts';
import type { TaskTokens } from '../state/waits.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';

/** Step Functions: resumes tasks and reads where workflow executions stand. */
export function stepFunctions(client: SFNClient = new SFNClient(clientSettings)): TaskTokens & Workflows {
  return {
    succeed: (taskToken, output) =>
      calling('states:SendTaskSuccess', async () => {
        try {
          await client.send(new SendTaskSuccessCommand({ taskToken, output }));
          return 'resumed';
        } catch (thrown) {
          if (/^Task(DoesNotExist|TimedOut)$/.test(errorName(thrown))) return 'gone';
          throw thrown;
        }
      }),
    statusOf: (executionArn) =>
      calling('states:DescribeExecution', async () => {
        try {
          const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
          return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'ended';
        } catch (thrown) {
          if (errorName(thrown) === 'ExecutionDoesNotExist') return 'unknown';
          throw thrown;
        }
      }),
  };
}
