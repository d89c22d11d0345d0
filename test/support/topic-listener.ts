import { ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect, vi } from 'vitest';
import { listen } from './http-listener.ts';
import type { Installation } from './installation.ts';

/** An HTTP endpoint on loopback that hears a topic. */
export interface TopicListener {
  /** The messages heard so far, in the order of their arrival; a delivery may come twice. */
  messages(): string[];
  /** Everything that was posted, envelopes with their headers. */
  raw(): string;
  close(): Promise<void>;
}

/** Subscribes an endpoint to a topic and confirms the subscription, as its owner would. */
export async function listenToTopic({ aws }: Installation, topicArn: string): Promise<TopicListener> {
  const listener = await listen();
  const sns = new SNSClient(aws);
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'http', Endpoint: listener.url }));
  const asked = await vi.waitFor(() => {
    const found = listener.heard.find(({ body }) => body['Type'] === 'SubscriptionConfirmation');
    if (!found) throw new Error('no confirmation was asked for');
    return found;
  });
  await fetch(asked.body['SubscribeURL'] ?? '');
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  expect(Subscriptions.find(({ Endpoint }) => Endpoint === listener.url)?.SubscriptionArn).toMatch(/^arn:aws:sns:/);
  return {
    messages: () =>
      listener.heard.filter(({ body }) => body['Type'] === 'Notification').map(({ body }) => body['Message'] ?? ''),
    raw: () => JSON.stringify(listener.heard),
    close: () => listener.close(),
  };
}
