import { notSupportedLocally } from '../../../errors.ts';
import type { Principal } from '../../../gateway/principal.ts';
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
  sns: ({ arn, payload }, gateway, principal) =>
    gateway.handle({ service: 'sns', operation: 'Publish', input: { TopicArn: arn, Message: payload } }, principal),
  sqs: ({ arn, payload, messageGroupId }, gateway, principal) =>
    sendMessage({ queueArn: arn, body: payload, ...(messageGroupId ? { messageGroupId } : {}) }, gateway, principal),
};

/** Refuses an ARN that no local target answers. @throws AwsError NotImplemented naming the target's service */
export function checkTarget(arn: string): void {
  const [, , service = '', , , resource = ''] = arn.split(':');
  if (!targets[service]) throw notSupportedLocally(`the target ${arn}`);
  if (service === 'states' && resource !== 'stateMachine') throw notSupportedLocally(`the target ${arn}`);
}

/** Hands a payload to a Lambda function, a state machine or its alias, an SNS topic or an SQS queue. */
export async function callTarget(call: TargetCall, gateway: Gateway, principal: Principal): Promise<void> {
  checkTarget(call.arn);
  await targets[call.arn.split(':')[2] ?? '']?.(call, gateway, principal);
}
