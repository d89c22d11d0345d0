import type { StateMachineType } from '@aws-sdk/client-sfn';
import { notSupportedLocally } from '../../../errors.ts';
import type { Gateway } from '../../../gateway/service.ts';
import type { TaskState } from '../definition.ts';
import { invalidDefinition } from '../errors.ts';
import { awsSdk } from './aws-sdk.ts';
import { dynamodb } from './dynamodb.ts';
import { eventsPutEvents } from './events-put-events.ts';
import type { Integration, Pattern, TaskResource } from './integration.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import { snsPublish } from './sns-publish.ts';
import { sqsSendMessage } from './sqs-send-message.ts';
import { startSyncExecution } from './aws-sdk-sfn-start-sync-execution.ts';
import { statesStartExecution } from './states-start-execution.ts';

/** Every integration. A new one is a file in this folder and a name in this list. */
export const integrations: readonly Integration[] = [
  lambdaFunction,
  lambdaInvoke,
  startSyncExecution,
  awsSdk,
  dynamodb,
  eventsPutEvents,
  snsPublish,
  sqsSendMessage,
  statesStartExecution,
];

/** A resource with the integration that calls it. */
export interface Target {
  readonly resource: TaskResource;
  readonly integration: Integration;
}

/** The target of a checked Task state. */
export function targetOf(arn: string): Target {
  const resource = parseResource(arn);
  const integration = resource && integrations.find((each) => each.matches(resource));
  if (!resource || !integration) throw new Error(`a checked definition names ${arn}, which no integration takes`);
  return { resource, integration };
}

/**
 * Checks the Resource of a Task state when a machine is made.
 * @throws AwsError `InvalidDefinition` for what AWS does not know, `NotImplemented` for what is not supported locally
 */
export function checkResource(
  state: TaskState,
  place: string,
  { gateway, type }: { readonly gateway: Gateway; readonly type: StateMachineType },
): void {
  const refuse = (): Error =>
    invalidDefinition(
      `SCHEMA_VALIDATION_FAILED: The resource provided ${state.Resource} is not recognized.`,
      `${place}/Resource`,
    );
  if (/:activity:/.test(state.Resource)) throw notSupportedLocally(`${place}: activities (${state.Resource})`);
  if (/\.sync(:2)?$/.test(state.Resource) && !/:states:startExecution\.sync/.test(state.Resource)) {
    throw notSupportedLocally(`${place}: run a job (${state.Resource})`);
  }
  const resource = parseResource(state.Resource);
  if (!resource) throw refuse();
  const integration = integrations.find((each) => each.matches(resource));
  if (!integration) throw notSupportedLocally(`${place}: the integration ${state.Resource}`);
  if (!integration.patterns.includes(resource.pattern)) throw refuse();
  if (type === 'EXPRESS' && resource.pattern !== 'request-response') throw notForExpress(resource, place);
  const problem = integration.problem?.(resource, gateway);
  if (problem === 'not recognized') throw refuse();
  if (problem !== undefined) throw notSupportedLocally(`${place}: the integration ${state.Resource}`);
}

function notForExpress({ pattern }: TaskResource, place: string): Error {
  const suffix = pattern === 'sync:2' ? 'sync' : pattern;
  return invalidDefinition(
    `SCHEMA_VALIDATION_FAILED: Express state machine does not support '.${suffix}' service integration`,
    `${place}/Resource`,
  );
}

const functionPattern = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$/;
const servicePattern =
  /^arn:aws[a-z-]*:states:[a-z0-9-]*:\d*:((?:aws-sdk:)?[a-z0-9-]+):([A-Za-z0-9]+)(?:\.(waitForTaskToken|sync|sync:2))?$/;

function parseResource(arn: string): TaskResource | undefined {
  if (functionPattern.test(arn)) return { arn, service: '', action: '', pattern: 'request-response' };
  const [, service, action, suffix] = servicePattern.exec(arn) ?? [];
  if (service === undefined || action === undefined) return undefined;
  // The expression takes these suffixes only.
  return { arn, service, action, pattern: (suffix ?? 'request-response') as Pattern };
}
