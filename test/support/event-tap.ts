import {
  EventBridgeClient,
  ListEventBusesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { Installation } from './installation.ts';
import { listenToTopic } from './topic-listener.ts';

/** Hears every event on every bus. */
export interface EventTap {
  /** The events heard since the last call, as JSON texts; events that were put before the call are among them. */
  drain(): Promise<string[]>;
  close(): Promise<void>;
}

const place = 'tap';

/** Puts a rule on each bus that tells a listener all it hears. */
export async function tapEvents(installation: Installation): Promise<EventTap> {
  const { aws } = installation;
  const topicArn = await openTopic(new SNSClient(aws));
  const listener = await listenToTopic(installation, topicArn);
  const events = new EventBridgeClient(aws);
  const { EventBuses: buses = [] } = await events.send(new ListEventBusesCommand({}));
  for (const { Name: EventBusName } of buses) {
    const EventPattern = JSON.stringify({ source: [{ prefix: '' }] });
    await events.send(new PutRuleCommand({ EventBusName, Name: place, EventPattern }));
    await events.send(new PutTargetsCommand({ EventBusName, Rule: place, Targets: [{ Id: place, Arn: topicArn }] }));
  }
  let drainedCount = 0;
  return {
    async drain() {
      const end = randomUUID();
      const Entries = buses.map(({ Name: EventBusName }) => ({
        ...{ EventBusName, Source: place, DetailType: place, Detail: JSON.stringify({ end }) },
      }));
      await events.send(new PutEventsCommand({ Entries }));
      // What was put before is delivered before.
      const heard = await vi.waitFor(
        () => {
          const messages = listener.messages();
          if (messages.filter((message) => message.includes(end)).length < buses.length) throw new Error('not yet');
          return messages;
        },
        { timeout: 20_000 },
      );
      const fresh = heard.slice(drainedCount);
      drainedCount = heard.length;
      return fresh.filter((message) => !message.includes(`"source":"${place}"`));
    },
    close: () => listener.close(),
  };
}

async function openTopic(sns: SNSClient): Promise<string> {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: place }));
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: TopicArn },
  ];
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  return TopicArn;
}
