import type { Json, JsonObject } from '../../../json.ts';
import type { Failure } from '../errors.ts';
import { errorDetails, type NewEvent } from '../history.ts';
import { isFunctionResource, type TaskResource } from './integration.ts';

/** How long a task may take, as its history says. */
export interface TaskLimits {
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
}

/** A task that is called: it is scheduled and started at one time here. */
export function taskScheduled(resource: TaskResource, input: Json, limits: TaskLimits, region: string): NewEvent[] {
  const timeout: JsonObject = limits.timeoutSeconds === undefined ? {} : { timeoutInSeconds: limits.timeoutSeconds };
  if (isFunctionResource(resource)) {
    const details = {
      resource: resource.arn,
      input: JSON.stringify(input),
      inputDetails: { truncated: false },
      ...timeout,
    };
    return [
      { type: 'LambdaFunctionScheduled', details: { lambdaFunctionScheduledEventDetails: details } },
      { type: 'LambdaFunctionStarted', details: {} },
    ];
  }
  const heartbeat = limits.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: limits.heartbeatSeconds };
  const details = { ...names(resource), region, parameters: JSON.stringify(input), ...timeout, ...heartbeat };
  return [
    { type: 'TaskScheduled', details: { taskScheduledEventDetails: details } },
    { type: 'TaskStarted', details: { taskStartedEventDetails: names(resource) } },
  ];
}

/** A call that was answered, whose task waits for its token. */
export function taskSubmitted(resource: TaskResource, output: Json): NewEvent {
  return { type: 'TaskSubmitted', details: { taskSubmittedEventDetails: { ...names(resource), ...outputOf(output) } } };
}

/** A task that gave its result. */
export function taskSucceeded(resource: TaskResource, output: Json): NewEvent {
  if (isFunctionResource(resource)) {
    return { type: 'LambdaFunctionSucceeded', details: { lambdaFunctionSucceededEventDetails: outputOf(output) } };
  }
  return { type: 'TaskSucceeded', details: { taskSucceededEventDetails: { ...names(resource), ...outputOf(output) } } };
}

/** A task that failed. */
export function taskFailed(resource: TaskResource, failure: Failure): NewEvent {
  if (isFunctionResource(resource)) {
    return { type: 'LambdaFunctionFailed', details: { lambdaFunctionFailedEventDetails: errorDetails(failure) } };
  }
  return { type: 'TaskFailed', details: { taskFailedEventDetails: { ...names(resource), ...errorDetails(failure) } } };
}

/** A task that took too long, or whose heartbeat stayed away. */
export function taskTimedOut(resource: TaskResource): NewEvent {
  const error = { error: 'States.Timeout' };
  if (isFunctionResource(resource)) {
    return { type: 'LambdaFunctionTimedOut', details: { lambdaFunctionTimedOutEventDetails: error } };
  }
  return { type: 'TaskTimedOut', details: { taskTimedOutEventDetails: { ...names(resource), ...error } } };
}

function names(resource: TaskResource): JsonObject {
  const pattern = resource.pattern === 'request-response' ? '' : `.${resource.pattern}`;
  return { resourceType: resource.service, resource: `${resource.action}${pattern}` };
}

function outputOf(output: Json): JsonObject {
  return { output: JSON.stringify(output), outputDetails: { truncated: false } };
}
