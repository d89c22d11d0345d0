import { createHash } from 'node:crypto';
import type {
  SendMessageBatchRequestEntry,
  SendMessageBatchResultEntry,
  SendMessageResult,
  SQS,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { Principal } from '../../gateway/principal.ts';
import { runBatch } from './batch.ts';
import { attributeBytes, attributesMd5, readAttributes } from './message-attributes.ts';
import { settingNumber } from './queue-attributes.ts';
import type { Queue } from './queue-store.ts';
import { checkBounds, invalidParameter } from './sqs-error.ts';
import type { SqsState } from './sqs-state.ts';

/** The documented limit of a batch: that of one message. */
const maxBatchBytes = 1_048_576;

/** SendMessage and SendMessageBatch. */
export function sendOperations(state: SqsState): Operations<SQS> {
  return {
    SendMessage: (input, { principal }) => {
      const queue = state.queues.byUrl(input.QueueUrl);
      return state.context.store.transaction(() => send(state, queue, input, principal));
    },
    SendMessageBatch({ QueueUrl, Entries }, { principal }) {
      const queue = state.queues.byUrl(QueueUrl);
      const sizeBytes = (Entries ?? []).reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
      if (sizeBytes > maxBatchBytes) {
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${sizeBytes} bytes.`,
        );
      }
      return state.context.store.transaction(() =>
        runBatch(Entries, (entry, Id): SendMessageBatchResultEntry => {
          const sent = send(state, queue, entry, principal);
          return { Id, MessageId: sent.MessageId, MD5OfMessageBody: sent.MD5OfMessageBody, ...digests(sent) };
        }),
      );
    },
  };
}

type Sending = Omit<SendMessageBatchRequestEntry, 'Id'>;

function send(state: SqsState, queue: Queue, input: Sending, principal: Principal): SendMessageResult {
  const { MessageBody = '', MessageAttributes, MessageSystemAttributes, MessageGroupId } = input;
  checkBody(MessageBody);
  if (input.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      'The request include parameter MessageDeduplicationId which is not valid for this queue type',
    );
  }
  const delaySeconds = checkBounds(
    'DelaySeconds',
    input.DelaySeconds ?? settingNumber(queue.settings, 'DelaySeconds'),
    [0, 900],
  );
  const attributes = readAttributes(MessageAttributes);
  const sizeBytes = Buffer.byteLength(MessageBody) + attributeBytes(attributes);
  const maxBytes = settingNumber(queue.settings, 'MaximumMessageSize');
  if (sizeBytes > maxBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
    );
  }
  const trace = readTraceHeader(MessageSystemAttributes);
  const systemAttributes = {
    SenderId: principal.arn,
    ...(trace !== undefined && { AWSTraceHeader: trace }),
    ...(MessageGroupId !== undefined && { MessageGroupId }),
  };
  const id = state.messages.add(queue.name, {
    body: MessageBody,
    attributes,
    systemAttributes,
    sizeBytes,
    delaySeconds,
  });
  state.arrivals.announce(queue.name);
  return {
    MessageId: id,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    ...(MessageAttributes && Object.keys(MessageAttributes).length > 0
      ? { MD5OfMessageAttributes: attributesMd5(MessageAttributes) }
      : {}),
    ...(MessageSystemAttributes && Object.keys(MessageSystemAttributes).length > 0
      ? { MD5OfMessageSystemAttributes: attributesMd5(MessageSystemAttributes) }
      : {}),
  };
}

function digests(
  sent: SendMessageResult,
): Pick<SendMessageResult, 'MD5OfMessageAttributes' | 'MD5OfMessageSystemAttributes'> {
  const { MD5OfMessageAttributes, MD5OfMessageSystemAttributes } = sent;
  return {
    ...(MD5OfMessageAttributes !== undefined && { MD5OfMessageAttributes }),
    ...(MD5OfMessageSystemAttributes !== undefined && { MD5OfMessageSystemAttributes }),
  };
}

/** The characters that SQS takes are those of XML 1.0. */
function checkBody(body: string): void {
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (!/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
}

function readTraceHeader(given: Sending['MessageSystemAttributes']): string | undefined {
  const [name, ...more] = Object.keys(given ?? {});
  if (name === undefined) return undefined;
  if (name !== 'AWSTraceHeader' || more.length > 0) {
    throw invalidParameter(`Message system attribute name '${name}' is invalid: the only one is AWSTraceHeader.`);
  }
  return given?.AWSTraceHeader?.StringValue;
}
