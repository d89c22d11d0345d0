import { createHash } from 'node:crypto';
import type { Message, ReceiveMessageRequest, SQS } from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { runBatch } from './batch.ts';
import { attributesMd5, selectAttributes } from './message-attributes.ts';
import type { StoredMessage } from './message-store.ts';
import { settingNumber } from './queue-attributes.ts';
import type { Queue } from './queue-store.ts';
import { readReceiptHandle, writeReceiptHandle } from './receipt-handle.ts';
import { checkBounds } from './sqs-error.ts';
import type { SqsState } from './sqs-state.ts';

const visibilityBounds = [0, 43_200] as const;

/** ReceiveMessage, DeleteMessage and ChangeMessageVisibility, and the batches of the last two. */
export function receiveOperations(state: SqsState): Operations<SQS> {
  return {
    ReceiveMessage: (input) => receive(state, input),
    DeleteMessage({ QueueUrl, ReceiptHandle }) {
      deleteMessage(state, state.queues.byUrl(QueueUrl), ReceiptHandle);
      return {};
    },
    DeleteMessageBatch({ QueueUrl, Entries }) {
      const queue = state.queues.byUrl(QueueUrl);
      return state.context.store.transaction(() =>
        runBatch(Entries, ({ ReceiptHandle }, Id) => {
          deleteMessage(state, queue, ReceiptHandle);
          return { Id };
        }),
      );
    },
    ChangeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }) {
      changeVisibility(state, state.queues.byUrl(QueueUrl), ReceiptHandle, VisibilityTimeout);
      return {};
    },
    ChangeMessageVisibilityBatch({ QueueUrl, Entries }) {
      const queue = state.queues.byUrl(QueueUrl);
      return state.context.store.transaction(() =>
        runBatch(Entries, ({ ReceiptHandle, VisibilityTimeout }, Id) => {
          changeVisibility(state, queue, ReceiptHandle, VisibilityTimeout);
          return { Id };
        }),
      );
    },
  };
}

async function receive(state: SqsState, input: ReceiveMessageRequest): Promise<{ Messages?: Message[] }> {
  const { settings } = state.queues.byUrl(input.QueueUrl);
  const count = checkBounds('MaxNumberOfMessages', input.MaxNumberOfMessages ?? 1, [1, 10]);
  const visibilitySeconds = checkBounds(
    'VisibilityTimeout',
    input.VisibilityTimeout ?? settingNumber(settings, 'VisibilityTimeout'),
    visibilityBounds,
  );
  const waitSeconds = checkBounds(
    'WaitTimeSeconds',
    input.WaitTimeSeconds ?? settingNumber(settings, 'ReceiveMessageWaitTimeSeconds'),
    [0, 20],
  );
  const untilMs = state.context.clock.nowMs() + waitSeconds * 1000;
  const untilRealMs = performance.now() + waitSeconds * 1000;
  for (;;) {
    // Read again each time: the queue may have been changed or deleted while the request waited.
    const queue = state.queues.byUrl(input.QueueUrl);
    const taken = state.messages.take(queue, count, visibilitySeconds);
    if (taken.length > 0) return { Messages: taken.map((message) => messageOf(queue, message, input)) };
    const nowMs = state.context.clock.nowMs();
    if (nowMs >= untilMs || performance.now() >= untilRealMs) return {};
    const nextMs = state.messages.nextVisibleAtMs(queue.name) ?? untilMs;
    await state.arrivals.wait(queue.name, Math.min(Math.max(nextMs, nowMs + 1), untilMs));
    if (state.arrivals.isClosed) return {};
  }
}

function messageOf(queue: Queue, message: StoredMessage, input: ReceiveMessageRequest): Message {
  const attributes = systemAttributes(message, [
    ...(input.AttributeNames ?? []),
    ...(input.MessageSystemAttributeNames ?? []),
  ]);
  const MessageAttributes = selectAttributes(message.attributes, input.MessageAttributeNames ?? []);
  return {
    MessageId: message.id,
    ReceiptHandle: writeReceiptHandle(queue.name, { messageId: message.id, receipt: message.receipt }),
    MD5OfBody: createHash('md5').update(message.body).digest('hex'),
    Body: message.body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...(MessageAttributes && { MessageAttributes, MD5OfMessageAttributes: attributesMd5(MessageAttributes) }),
  };
}

function systemAttributes(message: StoredMessage, wanted: readonly string[]): Record<string, string> {
  const all: Record<string, string> = {
    ...message.systemAttributes,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
  };
  if (wanted.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
}

function deleteMessage(state: SqsState, queue: Queue, handle: string | undefined): void {
  const { messageId, receipt } = readReceiptHandle(queue.name, handle);
  // A message that is gone, or that somebody else has received since, is no error: as on AWS, nothing happens.
  state.messages.delete(queue.name, messageId, receipt);
}

function changeVisibility(
  state: SqsState,
  queue: Queue,
  handle: string | undefined,
  seconds: number | undefined,
): void {
  const { messageId, receipt } = readReceiptHandle(queue.name, handle);
  const timeoutSeconds = checkBounds('VisibilityTimeout', seconds ?? 0, visibilityBounds);
  if (!state.messages.hide(queue.name, messageId, receipt, timeoutSeconds)) {
    throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
  }
  state.arrivals.announce(queue.name);
}
