import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Principal } from '../../gateway/principal.ts';
import type { Gateway } from '../../gateway/service.ts';
import type { Json } from '../../json.ts';

/** The services that a universal target reaches, by the SDK's name, and what the gateway calls them. */
const services: Readonly<Record<string, string | undefined>> = {
  cloudformation: 'cloudformation',
  cloudwatch: 'monitoring',
  codepipeline: 'codepipeline',
  dynamodb: 'dynamodb',
  eventbridge: 'events',
  secretsmanager: 'secretsmanager',
  sfn: 'states',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
};

/** Prefixes of actions that only read (user guide, "Using universal targets", unsupported actions). */
const readOnly =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet)/;

interface Operation {
  readonly service: string;
  readonly operation: string;
}

/** Whether a target is an API operation: `arn:aws:scheduler:::aws-sdk:<service>:<action>`. */
export function isUniversal(arn: string): boolean {
  return /^arn:aws(-[a-z]+)*:scheduler:::aws-sdk:/.test(arn);
}

/** @throws AwsError ValidationException for one that only reads, NotImplemented for a service that is not here */
export function checkUniversalTarget(arn: string): void {
  operationOf(arn);
}

/** Calls the operation with the target's input. What its service refuses is thrown. */
export async function callUniversalTarget(
  { arn, payload }: { readonly arn: string; readonly payload: string },
  gateway: Gateway,
  principal: Principal,
): Promise<void> {
  await gateway.handle({ ...operationOf(arn), input: parsed(payload) }, principal);
}

function operationOf(arn: string): Operation {
  const [, , , , , , name = '', action = ''] = arn.split(':');
  if (!/^[a-z][A-Za-z0-9]+$/.test(action) || readOnly.test(action)) {
    throw new AwsError(
      'ValidationException',
      `Invalid RequestJson provided. Reason: The action ${action} is not supported.`,
    );
  }
  const service = services[name];
  if (service === undefined) throw notSupportedLocally(`the target ${arn}`);
  return { service, operation: action.slice(0, 1).toUpperCase() + action.slice(1) };
}

function parsed(payload: string): Json {
  try {
    // Read as JSON and nothing else.
    return JSON.parse(payload) as Json;
  } catch {
    throw new AwsError('ValidationException', 'the input of a universal target is JSON');
  }
}
