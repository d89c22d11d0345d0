import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { executionArn, parseMachineArn } from '../arns.ts';
import { StateFailure } from '../errors.ts';
import { callAws, optimizedSpelling, sdkMetadata, withTexts } from './call-aws.ts';
import type { Integration, TaskCall } from './integration.ts';

/**
 * `states:startExecution`; the Input may be JSON. With `.sync` and `.sync:2` the task goes on when the execution ends.
 */
export const statesStartExecution: Integration = {
  name: 'states:startExecution',
  patterns: ['request-response', 'waitForTaskToken', 'sync', 'sync:2'],
  matches: ({ service, action }) => service === 'states' && action === 'startExecution',
  async call(task) {
    const given = withTexts(task.arguments, ['Input']);
    const isNamed = !isJsonObject(given) || given['Name'] !== undefined;
    // A call that is made again after a crash must find the execution that it began before.
    const named = isNamed ? given : { ...given, Name: task.callId };
    try {
      return { ...(await start(task, named)), ...sdkMetadata() };
    } catch (error) {
      const isOurs = !isNamed && isFailure(error, 'StepFunctions.ExecutionAlreadyExistsException');
      if (isOurs && isJsonObject(named)) return { ...begun(named, task.callId), ...sdkMetadata() };
      throw error;
    }
  },
};

function start(task: TaskCall, given: Json): Promise<JsonObject> {
  return callAws(task, {
    service: 'states',
    operation: 'StartExecution',
    arguments: given,
    spelling: optimizedSpelling('StepFunctions', 'AWSStepFunctions', 'AWSStepFunctionsException'),
  });
}

function begun({ StateMachineArn }: JsonObject, name: string): JsonObject {
  return { ExecutionArn: executionArn(parseMachineArn(String(StateMachineArn)).machineArn, name) };
}

function isFailure(error: unknown, name: string): boolean {
  return error instanceof StateFailure && error.failure.error === name;
}
