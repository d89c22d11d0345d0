import type { Json } from '../../../json.ts';
import type { Principal } from '../../../gateway/principal.ts';
import type { Gateway } from '../../../gateway/service.ts';

/**
 * How a Task state goes on after its call: with the call's answer, when someone sends the task token back, or when the
 * execution that it started ends (`sync:2` reads its output as JSON).
 */
export type Pattern = 'request-response' | 'waitForTaskToken' | 'sync' | 'sync:2';

/** The `Resource` of a Task state, taken apart: `arn:aws:states:::lambda:invoke.waitForTaskToken`. */
export interface TaskResource {
  readonly arn: string;
  /** `lambda`, `aws-sdk:dynamodb`, …: what histories call the resource type. Empty for a function's own ARN. */
  readonly service: string;
  /** The action without its pattern, e.g. `invoke`. */
  readonly action: string;
  readonly pattern: Pattern;
}

/** One call of a task, with all that an integration may use. It may come again after a crash. */
export interface TaskCall {
  readonly resource: TaskResource;
  /** The evaluated Arguments. */
  readonly arguments: Json;
  /** The execution role of the state machine. */
  readonly principal: Principal;
  readonly gateway: Gateway;
  /** The same for each try of one call, and for no other call: a UUID. */
  readonly callId: string;
  readonly executionArn: string;
  readonly machineArn: string;
}

/**
 * One way for a Task state to call a service. Integrations stand in files of their own beside this one, and in
 * registry.ts; the first one that matches a resource is used.
 */
export interface Integration {
  readonly name: string;
  readonly patterns: readonly Pattern[];
  /** Whether the call waits for timers of the cloud, so that time must go on while it is under way. */
  readonly takesServiceTime?: boolean;
  matches(resource: TaskResource): boolean;
  /** What is wrong with a resource that matches, when a machine is made; undefined if it is fine. */
  problem?(resource: TaskResource, gateway: Gateway): 'not recognized' | 'not supported locally' | undefined;
  /**
   * Makes the call.
   * @throws StateFailure with the error's name as Step Functions spells it
   */
  call(task: TaskCall): Promise<Json>;
}

/** Whether a task is a function by its own ARN: histories have event types of their own for it. */
export function isFunctionResource(resource: TaskResource): boolean {
  return resource.service === '';
}
