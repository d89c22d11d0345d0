import { nowAt } from '../../clock.ts';
import { implementAction } from '../action.ts';
import { answerLimits, cut, fail, startJob, stillRunning, succeed } from '../result.ts';
import { runWorkflow } from './declaration.ts';

/** The largest output that fits beside the ARN: CodePipeline's limit is for all variables together. */
const outputBytes = answerLimits.outputsBytes - 2_000;

/** An Express execution shows itself by its ARN alone; nothing can read or stop it. */
const expressRefusal =
  'the state machine is of type Express: its execution was started, and nobody can tell how it ends; name one of type Standard';

export default implementAction(
  runWorkflow,
  async ({ parameters: { stateMachineArn, input }, gateways, context, jobId, clock }) => {
    const executionArn = await gateways.workflows.start({
      machineArn: stateMachineArn,
      // Behind the prefix that the rule of functions/actions/resume.ts listens for.
      name: `slipway-${jobId}`,
      input: JSON.stringify({ ...input, ...(context && { pipeline: context }) }),
    });
    if (executionArn.includes(':express:')) return fail('ConfigurationError', expressRefusal);
    return startJob(
      { executionArn, startedAt: nowAt(clock) },
      {
        until: { event: `workflow/${executionArn}` },
        summary: `workflow ${nameOf(executionArn)} runs`,
        externalExecutionId: executionArn,
      },
    );
  },
  {
    async check({ parameters, state: { executionArn, startedAt }, gateways, clock }) {
      const { status, output, error, cause } = await gateways.workflows.describe(executionArn);
      const name = nameOf(executionArn);
      switch (status) {
        case 'succeeded':
          return succeed({ outputs: outputsOf(executionArn, output), summary: `workflow ${name} succeeded` });
        case 'running': {
          const runMinutes = Math.floor((clock.nowMs() - Date.parse(startedAt)) / 60_000);
          if (runMinutes < parameters.timeoutMinutes)
            return stillRunning({ summary: `workflow ${name} has run for ${runMinutes} minutes` });
          await gateways.workflows.stop(executionArn, 'the pipeline action ran out of time');
          return fail(
            'JobFailed',
            `workflow ${name} did not end within ${parameters.timeoutMinutes} minutes; it was stopped`,
          );
        }
        default: {
          const why = [error, cause].filter(Boolean).join(': ');
          return fail('JobFailed', cut(`workflow ${name} ${status.replace('-', ' ')}${why && `: ${why}`}`, 2_000));
        }
      }
    },
    cancel: ({ state: { executionArn }, gateways }) =>
      gateways.workflows.stop(executionArn, 'the pipeline gave the action up'),
  },
);

function outputsOf(executionArn: string, output = ''): { executionArn: string; output?: string } {
  return { executionArn, ...(Buffer.byteLength(output) <= outputBytes && { output }) };
}

function nameOf(executionArn: string): string {
  return executionArn.split(':').slice(-2).join('/');
}
