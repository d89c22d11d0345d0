import type {
  BatchResultErrorEntry,
  PublishBatchRequestEntry,
  PublishBatchResultEntry,
  SNS,
} from '@aws-sdk/client-sns';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { maxMessageBytes, messageBytes, readMessage, type PublishInput } from './message.ts';
import { invalidParameter } from './sns-error.ts';
import type { SubscriptionParts } from './subscriptions.ts';

/** Publish and PublishBatch: what they have answered is stored with a delivery for each subscriber. */
export function publishOperations(parts: SubscriptionParts): Pick<Operations<SNS>, 'Publish' | 'PublishBatch'> {
  return {
    Publish: (input) => {
      if (input.PhoneNumber !== undefined) throw notSupportedLocally('an SNS message to a phone number');
      const topicArn = input.TopicArn ?? input.TargetArn;
      if (topicArn === undefined)
        throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
      return { MessageId: publish(topicArn, input, parts) };
    },
    PublishBatch: ({ TopicArn = '', PublishBatchRequestEntries = [] }) => {
      parts.topics.get(TopicArn);
      checkBatch(PublishBatchRequestEntries);
      const Successful: PublishBatchResultEntry[] = [];
      const Failed: BatchResultErrorEntry[] = [];
      for (const entry of PublishBatchRequestEntries) {
        const result = publishEntry(TopicArn, entry, parts);
        if ('Code' in result) Failed.push(result);
        else Successful.push(result);
      }
      return { Successful, Failed };
    },
  };
}

function publish(topicArn: string, input: PublishInput, { topics, deliveries, context }: SubscriptionParts): string {
  return context.store.transaction(() => {
    topics.get(topicArn);
    const message = readMessage(input, { topicArn, nowMs: context.clock.nowMs() });
    deliveries.fanOut(message);
    return message.messageId;
  });
}

function publishEntry(
  topicArn: string,
  entry: PublishBatchRequestEntry,
  parts: SubscriptionParts,
): PublishBatchResultEntry | (BatchResultErrorEntry & { Code: string }) {
  try {
    return { Id: entry.Id, MessageId: publish(topicArn, entry, parts) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Id: entry.Id, Code: error.code.replace(/Exception$/, ''), Message: error.message, SenderFault: true };
  }
}

function checkBatch(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
  }
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible (more than 10).',
    );
  }
  const ids = entries.map(({ Id = '' }) => Id);
  if (!ids.every((id) => /^[A-Za-z0-9_-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryIdException',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  if (entries.reduce((sum, entry) => sum + messageBytes(entry), 0) > maxMessageBytes) {
    throw new AwsError(
      'BatchRequestTooLongException',
      'The length of all the batch messages put together is more than the limit.',
    );
  }
}
