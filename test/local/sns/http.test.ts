import { createVerify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textToSign } from '../../../local/services/sns/signer.ts';
import { listen, type Heard, type HttpListener } from '../../support/http-listener.ts';
import { topicCloud, type TopicCloud } from './topic-cloud.ts';

let topic: TopicCloud;
let endpoint: HttpListener;
beforeEach(async () => {
  topic = await topicCloud();
  endpoint = await listen();
});
afterEach(async () => {
  await topic.cloud.close();
  await endpoint.close();
});

function firstHeard(): Heard {
  const [first] = endpoint.heard;
  if (!first) throw new Error('the endpoint has heard nothing');
  return first;
}

async function subscribeAndConfirm(attributes: Record<string, string> = {}): Promise<void> {
  await topic.subscribe('http', endpoint.url, attributes);
  await topic.cloud.timers.settled();
  await topic.follow(endpoint.heard.splice(0)[0]?.body['SubscribeURL'] ?? '');
}

describe('an HTTP subscription', () => {
  it('[sns.http.confirmation] is asked to confirm before it gets anything', async () => {
    expect(await topic.subscribe('http', endpoint.url)).toBe('pending confirmation');
    await topic.publish({ Message: 'early' });
    await topic.cloud.timers.settled();
    expect(endpoint.heard).toHaveLength(1);
    const { headers, body } = firstHeard();
    expect(headers).toMatchObject({
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-topic-arn': topic.topicArn,
      'x-amz-sns-message-id': body['MessageId'],
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
    });
    expect(body).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn: topic.topicArn, SignatureVersion: '2' });
    expect(body['SubscribeURL']).toMatch(/^http:\/\/127\.0\.0\.1:4566\/_sns\/\?Action=ConfirmSubscription&/);
  });

  it('[sns.http.confirmation] is confirmed by the link it was sent', async () => {
    await topic.subscribe('http', endpoint.url);
    await topic.cloud.timers.settled();
    const response = await topic.follow(endpoint.heard[0]?.body['SubscribeURL'] ?? '');
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml' } });
    expect(response.body).toContain(`<SubscriptionArn>${topic.topicArn}:`);
    const { Attributes } = await topic.cloud.call<{ Attributes: object }>('sns', 'GetTopicAttributes', {
      TopicArn: topic.topicArn,
    });
    expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsPending: '0' });
  });

  it('[sns.http.token] is confirmed by its token, but not by another or one that is older than two days', async () => {
    await topic.subscribe('http', endpoint.url);
    await topic.cloud.timers.settled();
    const Token = endpoint.heard[0]?.body['Token'];
    const confirm = (token: unknown): Promise<unknown> =>
      topic.cloud.call('sns', 'ConfirmSubscription', { TopicArn: topic.topicArn, Token: token });
    await expect(confirm('other')).rejects.toMatchObject({ code: 'InvalidParameterException' });
    await topic.cloud.advance(2 * 24 * 3_600_000 + 1);
    await expect(confirm(Token)).rejects.toMatchObject({ code: 'InvalidParameterException' });
    expect((await topic.follow(endpoint.heard[0]?.body['SubscribeURL'] ?? '')).status).toBe(400);
  });

  it('[sns.http.notification] gets the documented notification, signed with the key that its link gives', async () => {
    await subscribeAndConfirm();
    const MessageId = await topic.publish({
      Message: 'text',
      Subject: 'Release',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    });
    await topic.cloud.timers.settled();
    const { headers, body } = firstHeard();
    expect(body).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn: topic.topicArn,
      Subject: 'Release',
      Message: 'text',
      Timestamp: '2026-01-05T09:00:00.000Z',
      SignatureVersion: '2',
      Signature: expect.any(String) as unknown,
      SigningCertURL: 'http://127.0.0.1:4566/_sns/SimpleNotificationService-local.pem',
      UnsubscribeURL: expect.stringContaining('/_sns/?Action=Unsubscribe&SubscriptionArn=') as unknown,
      MessageAttributes: { kind: { Type: 'String', Value: 'x' } },
    });
    expect(headers).toMatchObject({ 'x-amz-sns-message-type': 'Notification', 'x-amz-sns-message-id': MessageId });
    expect(headers['x-amz-sns-subscription-arn']).toContain(topic.topicArn);
    const key = await topic.follow(body['SigningCertURL'] ?? '');
    const verify = (members: Record<string, string>): boolean =>
      createVerify('RSA-SHA256')
        .update(textToSign(members))
        .verify(String(key.body), body['Signature'] ?? '', 'base64');
    expect(verify(body)).toBe(true);
    expect(verify({ ...body, Message: 'other' })).toBe(false);
    expect(textToSign(body)).toBe(
      `Message\ntext\nMessageId\n${MessageId}\nSubject\nRelease\nTimestamp\n2026-01-05T09:00:00.000Z\nTopicArn\n${topic.topicArn}\nType\nNotification\n`,
    );
  });

  it('[sns.http.raw] gets the bare text when it asks for raw delivery', async () => {
    await subscribeAndConfirm({ RawMessageDelivery: 'true' });
    await topic.publish({ Message: 'text' });
    await topic.cloud.timers.settled();
    expect(endpoint.heard[0]).toMatchObject({ text: 'text', headers: { 'x-amz-sns-rawdelivery': 'true' } });
  });

  it('[sns.http.retries] is tried three times more, 20 s apart, when it fails', async () => {
    await subscribeAndConfirm();
    endpoint.status = 503;
    await topic.publish({ Message: 'text' });
    await topic.cloud.advance(19_000);
    expect(endpoint.heard).toHaveLength(1);
    await topic.cloud.advance(1000);
    expect(endpoint.heard).toHaveLength(2);
    await topic.cloud.advance(3_600_000);
    expect(endpoint.heard).toHaveLength(4);
    expect(topic.cloud.reported.join()).toContain('the endpoint answered 503');
  });

  it('gets what failed before once it answers again', async () => {
    await subscribeAndConfirm();
    endpoint.status = 500;
    await topic.publish({ Message: 'text' });
    await topic.cloud.timers.settled();
    endpoint.status = 200;
    topic.cloud = await topic.cloud.restart();
    await topic.cloud.advance(3_600_000);
    expect(endpoint.heard.map(({ body }) => body['Message'])).toEqual(['text', 'text']);
  });

  it('[sns.http.retries] is not tried again when it refuses', async () => {
    await subscribeAndConfirm();
    endpoint.status = 404;
    await topic.publish({ Message: 'text' });
    await topic.cloud.advance(3_600_000);
    expect(endpoint.heard).toHaveLength(1);
  });

  it('[sns.http.dead-letter] gives up on a dead endpoint, and puts the message on its dead-letter queue', async () => {
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:123456789012:dead';
    const sent: Record<string, string>[] = [];
    topic.cloud.answer('sqs', 'SendMessage', (input: Record<string, string>) => (sent.push(input), {}));
    await subscribeAndConfirm({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) });
    await endpoint.close();
    await topic.publish({ Message: 'text' });
    await topic.cloud.advance(3_600_000);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.['QueueUrl']).toBe('https://sqs.us-east-1.amazonaws.com/123456789012/dead');
    expect(JSON.parse(sent[0]?.['MessageBody'] ?? '')).toMatchObject({ Type: 'Notification', Message: 'text' });
  });

  it('ends by the link of a notification', async () => {
    await subscribeAndConfirm();
    await topic.publish({ Message: 'first' });
    await topic.cloud.timers.settled();
    expect((await topic.follow(endpoint.heard[0]?.body['UnsubscribeURL'] ?? '')).status).toBe(200);
    await topic.publish({ Message: 'second' });
    await topic.cloud.timers.settled();
    expect(endpoint.heard).toHaveLength(1);
  });

  it('[sns.http.local-only] refuses to leave this machine', async () => {
    await topic.subscribe('https', 'https://example.com/hook');
    await topic.cloud.timers.settled();
    expect(topic.cloud.reported.join()).toContain('HTTP is delivered to this machine only');
  });
});
