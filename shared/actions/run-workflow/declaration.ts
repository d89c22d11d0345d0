import * as z from 'zod/mini';
import { declareAction } from '../action.ts';

/** Machine, version or alias; known only when the pipeline runs if it holds `#{…}`. */
const machineArn = /^arn:[a-z0-9-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+(:[^:]+)?$/;

/** Runs a Step Functions workflow and waits for its end. */
export const runWorkflow = declareAction({
  id: 'run-workflow',
  description: 'Runs a Step Functions workflow with an input, waits for its end, and passes its output on.',
  parameters: z.strictObject({
    /** The ARN of a state machine of type Standard, or of its version or alias. */
    stateMachineArn: z.string().check(z.regex(machineArn, 'must be the ARN of a state machine')),
    /** What the execution is started with. */
    input: z._default(z.record(z.string(), z.json()), {}),
    /** The execution is stopped and the action fails when it has not ended by then. CodePipeline's own limit is a day. */
    timeoutMinutes: z._default(z.int().check(z.minimum(1), z.maximum(1430)), 60),
  }),
  state: z.strictObject({ executionArn: z.string(), startedAt: z.iso.datetime() }),
  outputs: ['executionArn', 'output'],
  gateways: ['workflows'],
  permissionsFor: ({ stateMachineArn }, { partition, partOf }) => {
    const [region, account, name] = [3, 4, 6].map((index) => partOf(stateMachineArn, index));
    const executions = `arn:${partition}:states:${region}:${account}:execution:${name}:slipway-*`;
    return [
      { actions: ['states:StartExecution'], resources: [stateMachineArn] },
      { actions: ['states:DescribeExecution', 'states:StopExecution'], resources: [executions] },
    ];
  },
  isIdempotent: true,
  mayWait: true,
});
