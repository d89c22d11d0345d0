import { expect, it } from 'vitest';
import runWorkflow from '../../../shared/actions/run-workflow/run.ts';
import type { WorkflowGateway } from '../../../shared/actions/run-workflow/workflows.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';

it('fails at once when the state machine turns out to be an Express one, whose execution nobody can read', async () => {
  const unreadable = (): never => expect.unreachable('an Express execution is neither read nor stopped');
  const workflows: WorkflowGateway = {
    start: async () => 'arn:aws:states:us-east-1:123456789012:express:migrate:slipway-job-1:5a8c',
    describe: unreadable,
    stop: unreadable,
  };
  const { answers } = await actionBench(runWorkflow, { gateways: { workflows } }).deliver({
    parameters: { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:migrate' },
  });
  expect(answers).toMatchObject([
    {
      answer: {
        ...{ kind: 'failed', type: 'ConfigurationError' },
        message: expect.stringMatching(/is of type Express: .*; name one of type Standard/),
      },
    },
  ]);
});
