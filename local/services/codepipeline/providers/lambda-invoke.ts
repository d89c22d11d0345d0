import type { ActionProvider, ActionRun, FailedOutcome, JobDelivery } from './provider.ts';
import { serviceFailure } from './service-failure.ts';

/**
 * Invoke, Lambda: each job is one asynchronous invocation, which Lambda itself tries again when the function throws. Only
 * PutJobSuccessResult and PutJobFailureResult end it; the function's return value is ignored.
 */
export const lambdaInvoke: ActionProvider = {
  type: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
  inputs: { min: 0, max: 5 },
  outputs: { min: 0, max: 5 },
  configuration: { FunctionName: 'required', UserParameters: 'optional' },
  timeLimit: () => ({ ms: 24 * 60 * 60 * 1000, message: 'The action has not succeeded within 24 hours' }),
  start: async () => ({ kind: 'job' }),
  sendJob: invoke,
  silence: ({ configuration }) =>
    `The AWS Lambda function ${configuration['FunctionName']} failed to return a result. Check the function to verify ` +
    'that it has permission to call the PutJobSuccessResult action and that it made a call to PutJobSuccessResult.',
};

async function invoke(run: ActionRun, job: JobDelivery): Promise<FailedOutcome | undefined> {
  const name = run.configuration['FunctionName'] ?? '';
  try {
    await run.call('lambda', 'Invoke', {
      FunctionName: name,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(job.event)),
    });
    return undefined;
  } catch (error) {
    return serviceFailure(error, 'ConfigurationError', `The AWS Lambda function ${name} cannot be invoked`);
  }
}
