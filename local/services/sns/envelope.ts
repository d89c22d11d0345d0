import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { PublishedMessage } from './message.ts';
import type { Signer } from './signer.ts';
import type { Subscription } from './topic-store.ts';

/** Writes what endpoints get around a message. */
export interface Envelopes {
  /** The JSON of HTTP and SQS deliveries. */
  notification(message: PublishedMessage, subscription: Subscription): JsonObject;
  /** The event of a function. */
  lambdaEvent(message: PublishedMessage, subscription: Subscription): JsonObject;
  /** What an HTTP endpoint gets before anything else. */
  confirmation(subscription: Subscription, nowMs: number): JsonObject;
}

/** Below this path the local endpoint serves what SNS serves without a signature. */
export const unsignedPrefix = '/_sns/';

/** The name of the file below `unsignedPrefix` that signatures are checked with. */
export const signingKeyFile = 'SimpleNotificationService-local.pem';

/** Writes envelopes whose links point at `endpoint`. */
export function openEnvelopes(signer: Signer, endpoint: string): Envelopes {
  const link = (action: string, parameters: Record<string, string>): string =>
    `${endpoint}${unsignedPrefix}?${new URLSearchParams({ Action: action, ...parameters }).toString()}`;
  const signingUrl = `${endpoint}${unsignedPrefix}${signingKeyFile}`;

  const signed = (members: Record<string, string>): Record<string, string> => ({
    ...members,
    SignatureVersion: '2',
    Signature: signer.sign(members),
    SigningCertURL: signingUrl,
  });

  const notification: Envelopes['notification'] = (message, subscription) => ({
    ...signed({
      Type: 'Notification',
      MessageId: message.messageId,
      TopicArn: message.topicArn,
      ...(message.subject !== null && { Subject: message.subject }),
      Message: textFor(message, subscription.protocol),
      Timestamp: message.timestamp,
    }),
    UnsubscribeURL: link('Unsubscribe', { SubscriptionArn: subscription.arn }),
    ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
  });

  return {
    notification,
    lambdaEvent: (message, subscription) => {
      const { SigningCertURL, UnsubscribeURL, ...members } = notification(message, subscription);
      const Sns: JsonObject = {
        Subject: null,
        ...members,
        SigningCertUrl: SigningCertURL ?? '',
        UnsubscribeUrl: UnsubscribeURL ?? '',
        MessageAttributes: message.attributes,
      };
      return {
        Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns }],
      };
    },
    confirmation: ({ topicArn: TopicArn, token: Token }, nowMs) =>
      signed({
        Type: 'SubscriptionConfirmation',
        MessageId: randomUUID(),
        Token,
        TopicArn,
        Message: `You have chosen to subscribe to the topic ${TopicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
        SubscribeURL: link('ConfirmSubscription', { TopicArn, Token }),
        Timestamp: new Date(nowMs).toISOString(),
      }),
  };
}

/** The text that a protocol gets: its own, or the default one. */
export function textFor(message: PublishedMessage, protocol: string): string {
  return message.texts[protocol] ?? message.texts['default'] ?? '';
}
