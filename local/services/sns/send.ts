import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../gateway/principal.ts';
import type { ApiRequest } from '../../gateway/service.ts';
import type { JsonObject } from '../../json.ts';
import { queueUrlOf } from '../queue-url.ts';
import type { CloudContext } from '../service-module.ts';
import { textFor, type Envelopes } from './envelope.ts';
import type { MessageAttribute, PublishedMessage } from './message.ts';
import { isLoopback, post, type DeliveryOutcome } from './post.ts';
import type { Subscription } from './topic-store.ts';

/** What sending needs. */
export interface SendParts {
  readonly context: CloudContext;
  readonly envelopes: Envelopes;
  /** False: HTTP goes to this machine only. */
  readonly mayLeaveMachine: boolean;
}

/** Brings one message to one subscriber, once. */
export async function send(
  message: PublishedMessage,
  subscription: Subscription,
  parts: SendParts,
): Promise<DeliveryOutcome> {
  switch (subscription.protocol) {
    case 'lambda':
      return callService(toInvoke(message, subscription, parts), message.topicArn, parts.context);
    case 'sqs':
      return callService(toSendMessage(message, subscription, parts), message.topicArn, parts.context);
    case 'http':
    case 'https':
      return sendNotification(message, subscription, parts);
    default:
      return { kind: 'refused', reason: `${subscription.protocol} is not delivered locally` };
  }
}

/** Asks an HTTP endpoint to confirm its subscription. */
export function sendConfirmation(subscription: Subscription, parts: SendParts): Promise<DeliveryOutcome> {
  const body = parts.envelopes.confirmation(subscription, parts.context.clock.nowMs());
  const headers = {
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-message-id': String(body['MessageId']),
    'x-amz-sns-topic-arn': subscription.topicArn,
  };
  return postTo(subscription.endpoint, { headers, body: JSON.stringify(body, null, 2) }, parts);
}

/** Puts the text of a message that could not be delivered on a queue. */
export function sendDeadLetter(
  { queueArn, topicArn, text }: { readonly queueArn: string; readonly topicArn: string; readonly text: string },
  context: CloudContext,
): Promise<DeliveryOutcome> {
  const input = { QueueUrl: queueUrlOf(queueArn), MessageBody: text };
  return callService({ service: 'sqs', operation: 'SendMessage', input }, topicArn, context);
}

/** Whether the subscriber gets the bare text instead of the JSON around it. */
export function isRaw(subscription: Subscription): boolean {
  return subscription.attributes['RawMessageDelivery']?.toLowerCase() === 'true';
}

function sendNotification(
  message: PublishedMessage,
  subscription: Subscription,
  parts: SendParts,
): Promise<DeliveryOutcome> {
  const headers = {
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-message-id': message.messageId,
    'x-amz-sns-topic-arn': message.topicArn,
    'x-amz-sns-subscription-arn': subscription.arn,
    ...(isRaw(subscription) && { 'x-amz-sns-rawdelivery': 'true' }),
  };
  const body = isRaw(subscription)
    ? textFor(message, subscription.protocol)
    : JSON.stringify(parts.envelopes.notification(message, subscription), null, 2);
  return postTo(subscription.endpoint, { headers, body }, parts);
}

async function postTo(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  { context, mayLeaveMachine }: SendParts,
): Promise<DeliveryOutcome> {
  if (!mayLeaveMachine && !isLoopback(url)) {
    return { kind: 'refused', reason: 'HTTP is delivered to this machine only (127.0.0.1, localhost)' };
  }
  const common = {
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
  };
  return post(url, { headers: { ...common, ...headers }, body }, context.clock);
}

async function callService(request: ApiRequest, topicArn: string, context: CloudContext): Promise<DeliveryOutcome> {
  try {
    await context.gateway.handle(request, servicePrincipal('sns.amazonaws.com', topicArn));
    return { kind: 'delivered' };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const isWorthRetrying = error.httpStatus === 429 || (error.httpStatus >= 500 && error.code !== 'NotImplemented');
    return { kind: isWorthRetrying ? 'failed' : 'refused', reason: `${error.code}: ${error.message}` };
  }
}

function toInvoke(message: PublishedMessage, subscription: Subscription, { envelopes }: SendParts): ApiRequest {
  const Payload = new TextEncoder().encode(JSON.stringify(envelopes.lambdaEvent(message, subscription)));
  return {
    service: 'lambda',
    operation: 'Invoke',
    input: { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload },
  };
}

function toSendMessage(message: PublishedMessage, subscription: Subscription, parts: SendParts): ApiRequest {
  const QueueUrl = queueUrlOf(subscription.endpoint);
  const input: JsonObject | object = isRaw(subscription)
    ? { QueueUrl, MessageBody: textFor(message, 'sqs'), MessageAttributes: toSqsAttributes(message.attributes) }
    : { QueueUrl, MessageBody: JSON.stringify(parts.envelopes.notification(message, subscription), null, 2) };
  return { service: 'sqs', operation: 'SendMessage', input };
}

function toSqsAttributes(attributes: Readonly<Record<string, MessageAttribute>>): object {
  const entries = Object.entries(attributes).map(([name, { Type, Value }]) => [
    name,
    Type.startsWith('Binary')
      ? { DataType: Type, BinaryValue: new Uint8Array(Buffer.from(Value, 'base64')) }
      : { DataType: Type, StringValue: Value },
  ]);
  return Object.fromEntries(entries) as object;
}
