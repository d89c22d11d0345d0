import { callAws, optimizedSpelling, sdkMetadata, withTexts } from './call-aws.ts';
import type { Integration } from './integration.ts';

/** `states:startExecution`; the Input may be JSON. It does not wait for the execution's end. */
export const statesStartExecution: Integration = {
  name: 'states:startExecution',
  patterns: ['request-response', 'waitForTaskToken'],
  matches: ({ service, action }) => service === 'states' && action === 'startExecution',
  async call(task) {
    const output = await callAws(task, {
      service: 'states',
      operation: 'StartExecution',
      arguments: withTexts(task.arguments, ['Input']),
      spelling: optimizedSpelling('StepFunctions', 'AWSStepFunctions', 'AWSStepFunctionsException'),
    });
    return { ...output, ...sdkMetadata() };
  },
};
