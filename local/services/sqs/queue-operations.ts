import type { SQS } from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { checkSettings, isSetting, shownSettings } from './queue-attributes.ts';
import type { Queue } from './queue-store.ts';
import { checkBounds, queueDoesNotExist } from './sqs-error.ts';
import type { SqsState } from './sqs-state.ts';

const purgePauseMs = 60_000;

/** Operations on queues as a whole. Queues are made by the template. */
export function queueOperations(state: SqsState): Operations<SQS> {
  const { queues, messages, context } = state;
  return {
    GetQueueUrl({ QueueName = '', QueueOwnerAWSAccountId }) {
      const isOurs = QueueOwnerAWSAccountId === undefined || QueueOwnerAWSAccountId === context.account;
      const queue = isOurs ? queues.find(QueueName) : undefined;
      if (!queue) throw queueDoesNotExist();
      return { QueueUrl: queues.urlOf(queue.name) };
    },
    ListQueues({ QueueNamePrefix = '', MaxResults, NextToken }) {
      const limit = checkBounds('MaxResults', MaxResults ?? 1000, [1, 1000]);
      const after = Buffer.from(NextToken ?? '', 'base64url').toString();
      const names = queues
        .list(QueueNamePrefix)
        .map(({ name }) => name)
        .filter((name) => name > after);
      const page = names.slice(0, limit);
      // Without MaxResults there are no pages.
      const hasMore = MaxResults !== undefined && names.length > limit;
      return {
        QueueUrls: page.map((name) => queues.urlOf(name)),
        ...(hasMore && { NextToken: Buffer.from(page.at(-1) ?? '').toString('base64url') }),
      };
    },
    GetQueueAttributes({ QueueUrl, AttributeNames = [] }) {
      const attributes = describe(state, queues.byUrl(QueueUrl));
      if (AttributeNames.length === 0) return {};
      if (AttributeNames.includes('All')) return { Attributes: attributes };
      const unknown = AttributeNames.find((name) => !Object.hasOwn(attributes, name) && !isSetting(name));
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const wanted = Object.entries(attributes).filter(([name]) => AttributeNames.some((one) => one === name));
      return { Attributes: Object.fromEntries(wanted) };
    },
    SetQueueAttributes({ QueueUrl, Attributes = {} }) {
      const queue = queues.byUrl(QueueUrl);
      // The SDK's type has optional members; the gateway has dropped those that are not there.
      queues.put(queue.name, { ...queue.settings, ...checkSettings(Attributes as Record<string, string>) });
      return {};
    },
    PurgeQueue({ QueueUrl }) {
      const queue = queues.byUrl(QueueUrl);
      if (context.clock.nowMs() - queue.purgedAtMs < purgePauseMs) {
        throw new AwsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        );
      }
      context.store.transaction(() => {
        messages.purge(queue.name);
        queues.markPurged(queue.name);
      });
      return {};
    },
  };
}

function describe({ queues, messages }: SqsState, queue: Queue): Record<string, string> {
  const counts = messages.counts(queue);
  return {
    ...shownSettings(queue.settings),
    QueueArn: queues.arnOf(queue.name),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAtMs / 1000)),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
}
