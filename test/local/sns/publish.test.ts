import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import type { JsonObject } from '../../../local/json.ts';
import { topicCloud, type TopicCloud } from './topic-cloud.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:notify';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:inbox';

let topic: TopicCloud;
beforeEach(async () => {
  topic = await topicCloud();
});
afterEach(() => topic.cloud.close());

/** What reached an operation of another service. */
function capture<Input = JsonObject>(service: string, operation: string): Input[] {
  const sent: Input[] = [];
  topic.cloud.answer(service, operation, (input: Input) => (sent.push(input), {}));
  return sent;
}

interface Invoked {
  FunctionName: string;
  InvocationType: string;
  Payload: Uint8Array;
}

describe('Publish', () => {
  it('[sns.publish.lambda] invokes a subscribed function with the documented event, as SNS', async () => {
    const invoked = capture<Invoked>('lambda', 'Invoke');
    const subscriptionArn = await topic.subscribe('lambda', functionArn);
    const MessageId = await topic.publish({
      Message: 'text',
      MessageAttributes: { raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) } },
    });
    await topic.cloud.timers.settled();
    expect(invoked).toMatchObject([{ FunctionName: functionArn, InvocationType: 'Event' }]);
    expect(JSON.parse(Buffer.from(invoked[0]?.Payload ?? []).toString())).toEqual({
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: subscriptionArn,
          Sns: {
            Type: 'Notification',
            MessageId,
            TopicArn: topic.topicArn,
            Subject: null,
            Message: 'text',
            Timestamp: '2026-01-05T09:00:00.000Z',
            SignatureVersion: '2',
            Signature: expect.any(String) as unknown,
            SigningCertUrl: expect.stringContaining('/_sns/') as unknown,
            UnsubscribeUrl: expect.stringContaining('Action=Unsubscribe') as unknown,
            MessageAttributes: { raw: { Type: 'Binary', Value: 'AQI=' } },
          },
        },
      ],
    });
    expect(topic.cloud.calls.at(-1)?.principal).toEqual({
      kind: 'service',
      arn: 'sns.amazonaws.com',
      service: 'sns.amazonaws.com',
      sourceArn: 'arn:aws:sns:us-east-1:123456789012:releases',
    });
  });

  it('[sns.publish.sqs] sends to a queue, in an envelope or raw', async () => {
    const sent = capture('sqs', 'SendMessage');
    const arn = await topic.subscribe('sqs', queueArn);
    await topic.publish({ Message: 'one' });
    await topic.cloud.timers.settled();
    await topic.cloud.call('sns', 'SetSubscriptionAttributes', {
      SubscriptionArn: arn,
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'true',
    });
    await topic.publish({ Message: 'two', MessageAttributes: { n: { DataType: 'Number', StringValue: '2' } } });
    await topic.cloud.timers.settled();
    const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/inbox';
    expect(JSON.parse(String(sent[0]?.['MessageBody']))).toMatchObject({ Type: 'Notification', Message: 'one' });
    expect(sent[1]).toEqual({
      QueueUrl,
      MessageBody: 'two',
      MessageAttributes: { n: { DataType: 'Number', StringValue: '2' } },
    });
  });

  it('[sns.publish.structure] gives each protocol its own text', async () => {
    const sent = capture('sqs', 'SendMessage');
    const invoked = capture<Invoked>('lambda', 'Invoke');
    await topic.subscribe('sqs', queueArn, { RawMessageDelivery: 'true' });
    await topic.subscribe('lambda', functionArn);
    await topic.publish({ MessageStructure: 'json', Message: JSON.stringify({ default: 'all', sqs: 'queues' }) });
    await topic.cloud.timers.settled();
    expect(sent).toMatchObject([{ MessageBody: 'queues' }]);
    expect(Buffer.from(invoked[0]?.Payload ?? []).toString()).toContain('"Message":"all"');
  });

  it('[sns.publish.retries] tries again what was throttled, and gives up what is refused', async () => {
    let calls = 0;
    let code = 'TooManyRequestsException';
    topic.cloud.answer('lambda', 'Invoke', () => {
      if (++calls < 5) throw new AwsError(code, 'no', { httpStatus: code.startsWith('Too') ? 429 : 404 });
      return {};
    });
    await topic.subscribe('lambda', functionArn);
    await topic.publish({ Message: 'text' });
    await topic.cloud.timers.settled();
    expect(calls).toBe(4);
    await topic.cloud.advance(1000);
    expect(calls).toBe(5);
    [calls, code] = [0, 'ResourceNotFoundException'];
    await topic.publish({ Message: 'text' });
    await topic.cloud.advance(3_600_000);
    expect(calls).toBe(1);
    expect(topic.cloud.reported.join()).toContain(`not delivered to lambda ${functionArn}: ResourceNotFoundException`);
  });

  it('[sns.publish.not-delivered] says what it does not deliver locally', async () => {
    await topic.subscribe('email', 'team@example.com');
    await topic.publish({ Message: 'text' });
    await topic.cloud.timers.settled();
    expect(topic.cloud.reported).toEqual([
      'sns: email subscription of team@example.com is recorded; nothing is delivered to it locally',
      'sns: not delivered to email team@example.com: email is not delivered locally',
    ]);
  });

  it.each([
    ['an empty message', { Message: '' }, 'Empty message'],
    ['a message over 256 KiB', { Message: 'x'.repeat(262_145) }, 'Message too long'],
    [
      'a message over 256 KiB with its attributes',
      { Message: 'x'.repeat(262_140), MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } },
      'Message too long',
    ],
    ['a subject with a line feed', { Message: 'x', Subject: 'a\nb' }, 'Subject'],
    ['a subject over 100 characters', { Message: 'x', Subject: 'a'.repeat(101) }, 'Subject'],
    ['a subject that starts with a space', { Message: 'x', Subject: ' a' }, 'Subject'],
    [
      'a structure without a default text',
      { Message: '{"sqs":"x"}', MessageStructure: 'json' },
      'Message Structure - No default entry in JSON message body',
    ],
    [
      'a structure that is no JSON',
      { Message: 'x', MessageStructure: 'json' },
      'Message Structure - JSON message body failed to parse',
    ],
    [
      'an attribute without a value',
      { Message: 'x', MessageAttributes: { a: { DataType: 'String' } } },
      "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [
      'a number that is none',
      { Message: 'x', MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
      "Could not cast message attribute 'a' value to number.",
    ],
  ])('[sns.publish.refused] refuses %s', async (_what, input, message) => {
    await expect(topic.publish(input)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: `Invalid parameter: ${message}`,
    });
  });

  it('refuses a topic that is not there', async () => {
    const input = { TopicArn: `${topic.topicArn}-other`, Message: 'x' };
    await expect(topic.publish(input)).rejects.toMatchObject({ code: 'NotFoundException', httpStatus: 404 });
  });
});

describe('PublishBatch', () => {
  const batch = (...entries: object[]): Promise<JsonObject> =>
    topic.cloud.call('sns', 'PublishBatch', { TopicArn: topic.topicArn, PublishBatchRequestEntries: entries });

  it('[sns.publish-batch] publishes what is right and names what is not', async () => {
    const sent = capture('sqs', 'SendMessage');
    await topic.subscribe('sqs', queueArn, { RawMessageDelivery: 'true' });
    const result = await batch({ Id: 'a', Message: 'one' }, { Id: 'b', Message: '' });
    await topic.cloud.timers.settled();
    expect(result).toEqual({
      Successful: [{ Id: 'a', MessageId: expect.any(String) as unknown }],
      Failed: [{ Id: 'b', Code: 'InvalidParameter', Message: 'Invalid parameter: Empty message', SenderFault: true }],
    });
    expect(sent).toMatchObject([{ MessageBody: 'one' }]);
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequestException'],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, Message: 'x' })),
      'TooManyEntriesInBatchRequestException',
    ],
    [
      'two entries of one id',
      [
        { Id: 'a', Message: 'x' },
        { Id: 'a', Message: 'x' },
      ],
      'BatchEntryIdsNotDistinctException',
    ],
    ['a bad id', [{ Id: 'a b', Message: 'x' }], 'InvalidBatchEntryIdException'],
    [
      'more than 256 KiB',
      [
        { Id: 'a', Message: 'x'.repeat(200_000) },
        { Id: 'b', Message: 'x'.repeat(100_000) },
      ],
      'BatchRequestTooLongException',
    ],
  ])('refuses %s', async (_what, entries, code) => {
    await expect(batch(...entries)).rejects.toMatchObject({ code });
  });
});
