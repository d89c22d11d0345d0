import { notSupportedLocally } from '../../../errors.ts';
import type { Principal } from '../../../gateway/principal.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import type { Gateway } from '../../../gateway/service.ts';
import { sendMessage } from './send-message.ts';

/** One payload on its way to one target. */
export interface TargetCall {
  readonly arn: string;
  /** JSON text. */
  readonly payload: string;
  /** The same for every attempt of one delivery, so that a state machine is not started twice. */
  readonly executionName: string;
  /** For FIFO queues. */
  readonly messageGroupId?: string;
}

type Send = (call: TargetCall, gateway: Gateway, principal: Principal) => Promise<unknown>;

const targets: Readonly<Record<string, Send | undefined>> = {
  lambda: ({ arn, payload }, gateway, principal) =>
    gateway.handle(
      {
        service: 'lambda',
        operation: 'Invoke',
        input: { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(payload, 'utf8') },
      },
      principal,
    ),
  states: ({ arn, payload, executionName }, gateway, principal) =>
    gateway.handle(
      {
        service: 'states',
        operation: 'StartExecution',
        input: { stateMachineArn: arn, name: executionName, input: payload },
      },
      principal,
    ),
  codepipeline: ({ arn, payload, executionName }, gateway, principal) =>
    gateway.handle(
      {
        service: 'codepipeline',
        operation: 'StartPipelineExecution',
        input: {
          name: arn.split(':')[5],
          clientRequestToken: executionName.replaceAll(/[^A-Za-z0-9-]/g, '-'),
          ...startArguments(payload),
        },
      },
      principal,
    ),
  sns: ({ arn, payload }, gateway, principal) =>
    gateway.handle({ service: 'sns', operation: 'Publish', input: { TopicArn: arn, Message: payload } }, principal),
  sqs: ({ arn, payload, messageGroupId }, gateway, principal) =>
    sendMessage({ queueArn: arn, body: payload, ...(messageGroupId ? { messageGroupId } : {}) }, gateway, principal),
};

/** What an input transformer may say of the start of a pipeline; an event as it came says nothing of it. */
function startArguments(payload: string): JsonObject {
  // A payload is JSON text, whoever made it.
  const input = JSON.parse(payload) as Json;
  if (!isJsonObject(input)) return {};
  const { sourceRevisions, variables } = input;
  return {
    // The guide's own examples give one without its list.
    ...(sourceRevisions !== undefined && { sourceRevisions: [sourceRevisions].flat() }),
    ...(Array.isArray(variables) && { variables }),
  };
}

/** Refuses an ARN that no local target answers. @throws AwsError NotImplemented naming the target's service */
export function checkTarget(arn: string): void {
  const [, , service = '', , , resource = ''] = arn.split(':');
  if (!targets[service]) throw notSupportedLocally(`the target ${arn}`);
  if (service === 'states' && resource !== 'stateMachine') throw notSupportedLocally(`the target ${arn}`);
}

/** Hands a payload to a Lambda function, a state machine or its alias, a pipeline, an SNS topic or an SQS queue. */
export async function callTarget(call: TargetCall, gateway: Gateway, principal: Principal): Promise<void> {
  checkTarget(call.arn);
  await targets[call.arn.split(':')[2] ?? '']?.(call, gateway, principal);
}
