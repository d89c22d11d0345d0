import * as codepipeline from '@aws-sdk/client-codepipeline';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import type { OpenService } from '../../../local/services/service-module.ts';
import { openStates } from '../../../local/services/states/service.ts';
import type { Store } from '../../../local/store/store.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

export const roleArn = 'arn:aws:iam::123456789012:role/machine';
export const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:plan';

/** A service without operations: tests answer for it, and the interpreter reads its schemas. */
function known(name: string, schemas: object): OpenService {
  return () => ({ api: { name, schemas, protocol: { kind: 'json', version: '1.1' }, operations: {} } });
}

/** Step Functions beside the schemas of the services that its integrations call; over an empty store unless given one. */
export function openStatesCloud(store?: Store): Promise<TestCloud> {
  return testCloud({
    ...(store && { store }),
    services: [
      openStates,
      known('lambda', lambda),
      known('dynamodb', dynamodb),
      known('codepipeline', codepipeline),
      known('events', events),
      known('sns', sns),
      known('sqs', sqs),
      known('s3', s3),
      known('secretsmanager', secretsmanager),
    ],
  });
}

/** A JSONata machine of these states that starts at the first one. */
export function definitionOf(states: Record<string, object>, more: object = {}): string {
  return JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more });
}

/** Makes a machine and gives its ARN. */
export async function makeMachine(
  cloud: TestCloud,
  states: Record<string, object>,
  more: object = {},
): Promise<string> {
  const { stateMachineArn } = await cloud.call<{ stateMachineArn: string }>('states', 'CreateStateMachine', {
    name: `machine-${Object.keys(states).length}-${Math.random().toString(36).slice(2)}`,
    definition: definitionOf(states, more),
    roleArn,
  });
  return stateMachineArn;
}

/** Starts an execution and gives its ARN. */
export async function start(cloud: TestCloud, machine: string, input: unknown = {}, name?: string): Promise<string> {
  const { executionArn } = await cloud.call<{ executionArn: string }>('states', 'StartExecution', {
    stateMachineArn: machine,
    input: JSON.stringify(input),
    ...(name !== undefined && { name }),
  });
  return executionArn;
}

export interface Described {
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
  readonly output?: string;
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
  readonly stopDate?: Date;
  readonly startDate: Date;
}

/** The execution as it is once nothing is due. */
export async function settle(cloud: TestCloud, executionArn: string): Promise<Described> {
  await cloud.timers.settled();
  return cloud.call<Described>('states', 'DescribeExecution', { executionArn });
}

/** Makes a machine, runs it until nothing is due, and describes the execution; output parsed. */
export async function run(
  cloud: TestCloud,
  states: Record<string, object>,
  input: unknown = {},
): Promise<Described & { value: unknown }> {
  const described = await settle(cloud, await start(cloud, await makeMachine(cloud, states), input));
  return { ...described, value: described.output === undefined ? undefined : JSON.parse(described.output) };
}

/** The history of an execution. */
export async function historyOf(cloud: TestCloud, executionArn: string): Promise<HistoryEvent[]> {
  const { events: found } = await cloud.call<{ events: HistoryEvent[] }>('states', 'GetExecutionHistory', {
    executionArn,
    maxResults: 1000,
  });
  return found;
}

/** The types of a history's events, in order. */
export async function historyTypes(cloud: TestCloud, executionArn: string): Promise<string[]> {
  return (await historyOf(cloud, executionArn)).map(({ type }) => String(type));
}

/** The payload of a Lambda invocation as the handler would get it. */
export function payloadOf(input: never): unknown {
  const { Payload } = input as { Payload: Uint8Array };
  return JSON.parse(new TextDecoder().decode(Payload));
}

/** An answer of a function. */
export function functionAnswer(value: unknown): object {
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: new TextEncoder().encode(JSON.stringify(value)) };
}

/** An answer of a function that threw. */
export function functionError(errorType: string | undefined, errorMessage: string): object {
  return { ...functionAnswer({ errorType, errorMessage }), FunctionError: 'Unhandled' };
}
