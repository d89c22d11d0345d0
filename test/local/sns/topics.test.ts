import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { topicCloud, type TopicCloud } from './topic-cloud.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:notify';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:inbox';

let topic: TopicCloud;
beforeEach(async () => {
  topic = await topicCloud();
});
afterEach(() => topic.cloud.close());

const call = (operation: string, input: object = {}): Promise<JsonObject> => topic.cloud.call('sns', operation, input);

describe('topics', () => {
  it('[sns.topics.idempotent] are made once per name, and go with their subscriptions', async () => {
    expect(topic.topicArn).toBe('arn:aws:sns:us-east-1:123456789012:releases');
    expect(await call('CreateTopic', { Name: 'releases' })).toEqual({ TopicArn: topic.topicArn });
    await topic.subscribe('sqs', queueArn);
    await call('DeleteTopic', { TopicArn: topic.topicArn });
    expect(await call('ListTopics')).toEqual({ Topics: [] });
    expect(await call('ListSubscriptions')).toEqual({ Subscriptions: [] });
  });

  it('[sns.topics.pages] are listed a hundred at a time', async () => {
    for (let n = 0; n < 101; n++) await call('CreateTopic', { Name: `t${n}` });
    const first = await call('ListTopics');
    expect(first['Topics']).toHaveLength(100);
    const rest = await call('ListTopics', { NextToken: first['NextToken'] });
    expect(rest['Topics']).toHaveLength(2);
    expect(rest).not.toHaveProperty('NextToken');
  });

  it('keep the attributes that are set', async () => {
    await call('SetTopicAttributes', {
      TopicArn: topic.topicArn,
      AttributeName: 'DisplayName',
      AttributeValue: 'Releases',
    });
    expect(await call('GetTopicAttributes', { TopicArn: topic.topicArn })).toMatchObject({
      Attributes: {
        TopicArn: topic.topicArn,
        Owner: '123456789012',
        DisplayName: 'Releases',
        SubscriptionsConfirmed: '0',
      },
    });
  });

  it.each([
    ['a bad name', 'CreateTopic', { Name: 'a b' }, 'InvalidParameterException'],
    ['a FIFO topic', 'CreateTopic', { Name: 'a.fifo' }, 'NotImplemented'],
    [
      'another attribute of a topic that is there',
      'CreateTopic',
      { Name: 'releases', Attributes: { DisplayName: 'x' } },
      'InvalidParameterException',
    ],
    [
      'an attribute that does not exist',
      'CreateTopic',
      { Name: 'x', Attributes: { Colour: 'x' } },
      'InvalidParameterException',
    ],
    [
      'the attributes of a topic that is not there',
      'GetTopicAttributes',
      { TopicArn: 'arn:aws:sns:us-east-1:123456789012:x' },
      'NotFoundException',
    ],
  ])('refuse %s', async (_what, operation, input, code) => {
    await expect(call(operation, input)).rejects.toMatchObject({ code });
  });
});

describe('subscriptions', () => {
  it('[sns.subscribe.unconfirmed] of a function or queue need no confirmation, and are there once', async () => {
    const arn = await topic.subscribe('lambda', functionArn);
    expect(arn).toMatch(new RegExp(`^${topic.topicArn}:[0-9a-f-]{36}$`));
    expect(await topic.subscribe('lambda', functionArn)).toBe(arn);
    expect(await call('ListSubscriptionsByTopic', { TopicArn: topic.topicArn })).toEqual({
      Subscriptions: [
        {
          SubscriptionArn: arn,
          Owner: '123456789012',
          Protocol: 'lambda',
          Endpoint: functionArn,
          TopicArn: topic.topicArn,
        },
      ],
    });
    expect(await call('GetSubscriptionAttributes', { SubscriptionArn: arn })).toMatchObject({
      Attributes: { SubscriptionArn: arn, PendingConfirmation: 'false', RawMessageDelivery: 'false' },
    });
    await call('Unsubscribe', { SubscriptionArn: arn });
    expect(await call('ListSubscriptions')).toEqual({ Subscriptions: [] });
  });

  it.each([
    ['an unknown protocol', 'fax', '1', {}, 'InvalidParameterException'],
    ['an endpoint that does not fit', 'lambda', queueArn, {}, 'InvalidParameterException'],
    ['raw delivery to a function', 'lambda', functionArn, { RawMessageDelivery: 'true' }, 'InvalidParameterException'],
    ['a delivery policy', 'sqs', queueArn, { DeliveryPolicy: '{}' }, 'NotImplemented'],
  ])('refuse %s', async (...[, protocol, endpoint, attributes, code]) => {
    await expect(topic.subscribe(protocol, endpoint, attributes)).rejects.toMatchObject({ code });
  });
});

describe('resources', () => {
  it('make a topic with the subscriptions that its template lists', async () => {
    const provisioned = await topic.cloud.provision('AWS::SNS::Topic', 'Alerts', {
      TopicName: 'alerts',
      Subscription: [{ Protocol: 'lambda', Endpoint: functionArn }],
    });
    const arn = 'arn:aws:sns:us-east-1:123456789012:alerts';
    expect(provisioned).toEqual({ physicalId: arn, attributes: { TopicArn: arn, TopicName: 'alerts' } });
    await topic.cloud.provision('AWS::SNS::Topic', 'Alerts', {
      TopicName: 'alerts',
      Subscription: [{ Protocol: 'sqs', Endpoint: queueArn }],
    });
    expect(await call('ListSubscriptionsByTopic', { TopicArn: arn })).toMatchObject({
      Subscriptions: [{ Protocol: 'sqs' }],
    });
  });

  it('make a subscription and keep a policy', async () => {
    const subscription = await topic.cloud.provision('AWS::SNS::Subscription', 'Sub', {
      TopicArn: topic.topicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      RawMessageDelivery: true,
    });
    expect(await call('GetSubscriptionAttributes', { SubscriptionArn: subscription.physicalId })).toMatchObject({
      Attributes: { RawMessageDelivery: 'true' },
    });
    const PolicyDocument = { Version: '2012-10-17', Statement: [] };
    await topic.cloud.provision('AWS::SNS::TopicPolicy', 'Policy', { Topics: [topic.topicArn], PolicyDocument });
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: topic.topicArn });
    expect((Attributes as JsonObject)['Policy']).toBe(JSON.stringify(PolicyDocument));
  });

  it.each([
    ['AWS::SNS::Topic', { FifoTopic: true }],
    ['AWS::SNS::Subscription', { TopicArn: 'x', Protocol: 'sqs', Endpoint: queueArn, DeliveryPolicy: {} }],
  ])('of type %s refuse what does nothing locally', async (type, properties) => {
    await expect(topic.cloud.provision(type, 'R', properties)).rejects.toMatchObject({ code: 'NotImplemented' });
  });
});
