import type { Message, ReceiveMessageResult, SendMessageBatchResult, SendMessageResult } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqs } from '../../../local/services/sqs/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

let cloud: TestCloud;
let QueueUrl: string;
let deadUrl: string;

beforeEach(async () => {
  cloud = await testCloud({ services: [openSqs] });
  const dead = await cloud.provision('AWS::SQS::Queue', 'Dead', { QueueName: 'dead' });
  const queue = await cloud.provision('AWS::SQS::Queue', 'Jobs', {
    VisibilityTimeout: 60,
    RedrivePolicy: { deadLetterTargetArn: dead.attributes['Arn'] ?? '', maxReceiveCount: 2 },
  });
  deadUrl = dead.physicalId;
  QueueUrl = queue.physicalId;
  expect(queue).toEqual({
    physicalId: 'http://127.0.0.1:4566/123456789012/test-Jobs-1234abcd',
    attributes: {
      Arn: 'arn:aws:sqs:us-east-1:123456789012:test-Jobs-1234abcd',
      QueueName: 'test-Jobs-1234abcd',
      QueueUrl,
    },
  });
});
afterEach(() => cloud.close());

const send = (MessageBody: string, more: object = {}): Promise<SendMessageResult> =>
  cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody, ...more });

async function receive(more: object = {}): Promise<Message[]> {
  const { Messages = [] } = await cloud.call<ReceiveMessageResult>('sqs', 'ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
    ...more,
  });
  return Messages;
}

const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);
const attributes = (url = QueueUrl): Promise<{ Attributes: Record<string, string> }> =>
  cloud.call('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });

test('[sqs.visibility] a message is hidden for the visibility timeout, and only its last receiver can delete it', async () => {
  const { MD5OfMessageBody } = await send('one');
  expect(MD5OfMessageBody).toBe('f97c5d29941bfb1b2fdab0874906ab82');
  const [message] = await receive();
  expect(message).toMatchObject({ Body: 'one', MD5OfBody: MD5OfMessageBody });
  expect(await receive()).toEqual([]);
  await cloud.advance(60_000);
  const [again] = await receive({ AttributeNames: ['All'] });
  expect(again?.Attributes).toMatchObject({
    ApproximateReceiveCount: '2',
    SenderId: 'arn:aws:iam::123456789012:user/local',
    SentTimestamp: String(Date.UTC(2026, 0, 5, 9)),
  });
  await cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message?.ReceiptHandle });
  await cloud.advance(60_000);
  expect((await attributes()).Attributes['ApproximateNumberOfMessages']).toBe('1');
  await cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: again?.ReceiptHandle });
  expect((await attributes()).Attributes['ApproximateNumberOfMessages']).toBe('0');
});

test('[sqs.delete] a deleted message does not come back', async () => {
  await send('one');
  const [message] = await receive();
  await cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message?.ReceiptHandle });
  await cloud.advance(60_000);
  expect(await receive()).toEqual([]);
});

test('[sqs.long-poll] a long poll ends when a message is sent', async () => {
  const polling = receive({ WaitTimeSeconds: 20 });
  await send('late');
  expect(bodies(await polling)).toEqual(['late']);
});

test('[sqs.long-poll] a long poll ends empty when its time is over on the clock of the cloud', async () => {
  const polling = receive({ WaitTimeSeconds: 20 });
  await cloud.advance(20_000);
  expect(await polling).toEqual([]);
});

test('[sqs.long-poll] a long poll ends when a delayed message becomes visible', async () => {
  await send('delayed', { DelaySeconds: 5 });
  expect((await attributes()).Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '1',
  });
  const polling = receive({ WaitTimeSeconds: 20 });
  await cloud.advance(5_000);
  expect(bodies(await polling)).toEqual(['delayed']);
});

test('[sqs.dead-letter] a message that was received too often moves to the dead-letter queue', async () => {
  await send('poison');
  for (let count = 0; count < 2; count++) {
    expect(bodies(await receive())).toEqual(['poison']);
    await cloud.advance(60_000);
  }
  expect(await receive()).toEqual([]);
  const [dead] = await receive({ QueueUrl: deadUrl, MessageSystemAttributeNames: ['All'] });
  expect(dead).toMatchObject({
    Body: 'poison',
    Attributes: {
      DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:123456789012:test-Jobs-1234abcd',
      ApproximateReceiveCount: '1',
    },
  });
});

test('[sqs.visibility.changed] a receiver can give a message back, or keep it longer', async () => {
  await send('one');
  const [message] = await receive();
  const change = (VisibilityTimeout: number): Promise<unknown> =>
    cloud.call('sqs', 'ChangeMessageVisibility', {
      QueueUrl,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout,
    });
  await change(100);
  await cloud.advance(99_000);
  expect(await receive()).toEqual([]);
  await change(0);
  expect(bodies(await receive())).toEqual(['one']);
  await expect(change(10)).rejects.toMatchObject({ code: 'MessageNotInflight' });
});

test('[sqs.attributes] message attributes come back to those who ask for them', async () => {
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'push' },
    'kind.bytes': { DataType: 'Binary', BinaryValue: new Uint8Array([1, 255]) },
    count: { DataType: 'Number', StringValue: '7' },
  };
  await send('one', { MessageAttributes });
  const [message] = await receive({ MessageAttributeNames: ['kind.*'], VisibilityTimeout: 0 });
  expect(message?.MessageAttributes).toEqual({
    kind: MessageAttributes.kind,
    'kind.bytes': MessageAttributes['kind.bytes'],
  });
  expect((await receive())[0]?.MessageAttributes).toBeUndefined();
});

test('[sqs.batch] each entry of a batch has its own result', async () => {
  const result = await cloud.call<SendMessageBatchResult>('sqs', 'SendMessageBatch', {
    QueueUrl,
    Entries: [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: 'two', DelaySeconds: 901 },
    ],
  });
  expect(result.Successful?.map(({ Id }) => Id)).toEqual(['a']);
  expect(result.Failed).toMatchObject([{ Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' }]);
  expect(bodies(await receive())).toEqual(['one']);
});

test('[sqs.retention] messages end with the retention period, and by a purge, which may come once a minute', async () => {
  await send('old');
  await cloud.advance(345_600_000);
  expect(await receive()).toEqual([]);
  await send('new');
  await cloud.call('sqs', 'PurgeQueue', { QueueUrl });
  expect(await receive()).toEqual([]);
  await expect(cloud.call('sqs', 'PurgeQueue', { QueueUrl })).rejects.toMatchObject({ code: 'PurgeQueueInProgress' });
});

test('[sqs.durable] messages and their order survive a restart', async () => {
  await send('one');
  await send('two');
  cloud = await cloud.restart();
  expect(bodies(await receive())).toEqual(['one', 'two']);
});

test('settings can be changed, and a policy is kept as one of them', async () => {
  await cloud.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '5' } });
  await cloud.provision('AWS::SQS::QueuePolicy', 'Policy', {
    Queues: [QueueUrl],
    PolicyDocument: { Version: '2012-10-17' },
  });
  expect((await attributes()).Attributes).toMatchObject({
    VisibilityTimeout: '5',
    Policy: '{"Version":"2012-10-17"}',
    MessageRetentionPeriod: '345600',
  });
  const set = (Attributes: object): Promise<unknown> =>
    cloud.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
  await expect(set({ VisibilityTimeout: '43201' })).rejects.toMatchObject({ code: 'InvalidAttributeValue' });
  await expect(set({ Colour: 'red' })).rejects.toMatchObject({ code: 'InvalidAttributeName' });
  await expect(set({ RedrivePolicy: '{}' })).rejects.toMatchObject({ code: 'InvalidAttributeValue' });
});

test('[sqs.list] queues are found by name and listed by prefix, in pages', async () => {
  expect(await cloud.call('sqs', 'GetQueueUrl', { QueueName: 'dead' })).toEqual({ QueueUrl: deadUrl });
  const first = await cloud.call<{ QueueUrls: string[]; NextToken: string }>('sqs', 'ListQueues', { MaxResults: 1 });
  expect(first.QueueUrls).toEqual([deadUrl]);
  expect(await cloud.call('sqs', 'ListQueues', { MaxResults: 1, NextToken: first.NextToken })).toEqual({
    QueueUrls: [QueueUrl],
  });
  expect(await cloud.call('sqs', 'ListQueues', { QueueNamePrefix: 'test-' })).toEqual({ QueueUrls: [QueueUrl] });
});

test.each<[string, string, object, string]>([
  ['an unknown queue', 'GetQueueUrl', { QueueName: 'none' }, 'QueueDoesNotExist'],
  ['an empty body', 'SendMessage', { MessageBody: '' }, 'MissingParameter'],
  ['a control character', 'SendMessage', { MessageBody: '\u0001' }, 'InvalidMessageContents'],
  ['a message that is too large', 'SendMessage', { MessageBody: 'a'.repeat(1_048_577) }, 'InvalidParameterValue'],
  [
    'an attribute without a type',
    'SendMessage',
    { MessageBody: 'a', MessageAttributes: { a: { StringValue: 'a' } } },
    'InvalidParameterValue',
  ],
  ['too many messages at once', 'ReceiveMessage', { MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
  ['a handle of another queue', 'DeleteMessage', { ReceiptHandle: 'bm90' }, 'ReceiptHandleIsInvalid'],
  ['an empty batch', 'SendMessageBatch', { Entries: [] }, 'EmptyBatchRequest'],
  [
    'a batch with one id twice',
    'DeleteMessageBatch',
    { Entries: [{ Id: 'a' }, { Id: 'a' }] },
    'BatchEntryIdsNotDistinct',
  ],
])('[sqs.refused] refuses %s', async (_what, operation, input, code) => {
  await expect(cloud.call('sqs', operation, { QueueUrl, ...input })).rejects.toMatchObject({ code });
});

test('[sqs.fifo-refused] refuses FIFO queues by name', async () => {
  await expect(cloud.provision('AWS::SQS::Queue', 'Fifo', { FifoQueue: true })).rejects.toThrow(
    'Fifo: FifoQueue of AWS::SQS::Queue is not supported locally',
  );
});
