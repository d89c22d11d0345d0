import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { listen } from '../../support/http-listener.ts';
import { tour } from './tour.ts';

const queueArn = 'arn:aws:sqs:us-east-1:123456789012:inbox';
const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: queueArn };
const resources = {
  Inbox: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'inbox' } },
  Policy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Inbox' }], PolicyDocument: { Version: '2012-10-17', Statement: [statement] } },
  },
};

tour(
  { service: 'sns', client: SNS, resources },
  {
    'publishes to the subscribers of a topic': async (sns, { cloud, client }) => {
      const { TopicArn } = await sns.createTopic({ Name: 'news' });
      await sns.subscribe({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        Attributes: { RawMessageDelivery: 'true' },
      });
      expect((await sns.publish({ TopicArn, Message: 'one' })).MessageId).toMatch(/-/);
      const entries = ['two', 'three'].map((Message) => ({ Id: Message, Message }));
      const batch = await sns.publishBatch({ TopicArn, PublishBatchRequestEntries: entries });
      expect(batch.Successful).toHaveLength(2);
      await cloud.settled();
      const QueueUrl = `${cloud.endpoint}/123456789012/inbox`;
      const { Messages = [] } = await client(SQS).receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      expect(Messages.map(({ Body }) => Body).toSorted()).toEqual(['one', 'three', 'two']);
    },
    'subscribes an endpoint that confirms, until it is unsubscribed': async (sns, { cloud }) => {
      const { TopicArn } = await sns.createTopic({ Name: 'hooks' });
      const listener = await listen();
      await sns.subscribe({ TopicArn, Protocol: 'http', Endpoint: listener.url });
      await cloud.settled();
      const Token = listener.heard[0]?.body['Token'];
      const { SubscriptionArn } = await sns.confirmSubscription({ TopicArn, Token });
      await sns.setSubscriptionAttributes({
        ...{ SubscriptionArn, AttributeName: 'FilterPolicy' },
        AttributeValue: '{"kind":["urgent"]}',
      });
      const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn });
      expect(Attributes).toMatchObject({ TopicArn, FilterPolicy: '{"kind":["urgent"]}' });
      expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toMatchObject([{ SubscriptionArn }]);
      const all = await sns.listSubscriptions({});
      expect(all.Subscriptions?.map((each) => each.SubscriptionArn)).toContain(SubscriptionArn);
      await sns.unsubscribe({ SubscriptionArn });
      expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toEqual([]);
      await listener.close();
    },
    'changes, lists and deletes topics': async (sns) => {
      const { TopicArn } = await sns.createTopic({ Name: 'old' });
      await sns.setTopicAttributes({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'Old news' });
      expect((await sns.getTopicAttributes({ TopicArn })).Attributes).toMatchObject({ DisplayName: 'Old news' });
      expect((await sns.listTopics({})).Topics).toContainEqual({ TopicArn });
      await sns.deleteTopic({ TopicArn });
      expect((await sns.listTopics({})).Topics).not.toContainEqual({ TopicArn });
    },
  },
);
