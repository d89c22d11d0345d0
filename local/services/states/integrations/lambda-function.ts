import type { Integration } from './integration.ts';
import { isFunctionResource } from './integration.ts';
import { invokeFunction } from './invoke-function.ts';

/** A function's own ARN as Resource: the arguments are its event and its answer the result. */
export const lambdaFunction: Integration = {
  name: 'lambda function',
  patterns: ['request-response'],
  matches: isFunctionResource,
  async call(task) {
    const answer = await invokeFunction(task, { FunctionName: task.resource.arn }, task.arguments);
    return answer.payload ?? null;
  },
};
