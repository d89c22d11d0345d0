import { SQS } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { tour, type World } from './tour.ts';

const resources = Object.fromEntries(
  ['orders', 'batches', 'settings'].map((name) => [name, { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } }]),
);
const urlOf = ({ cloud }: World, name: string): string => `${cloud.endpoint}/123456789012/${name}`;

tour(
  { service: 'sqs', client: SQS, resources },
  {
    'sends, receives, delays and deletes a message': async (sqs, world) => {
      const { QueueUrl } = await sqs.getQueueUrl({ QueueName: 'orders' });
      expect(QueueUrl).toBe(urlOf(world, 'orders'));
      const sent = await sqs.sendMessage({ QueueUrl, MessageBody: 'one' });
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl });
      expect(Messages).toMatchObject([{ MessageId: sent.MessageId, Body: 'one' }]);
      const { ReceiptHandle } = Messages[0]!;
      await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
      const again = await sqs.receiveMessage({ QueueUrl });
      expect(again.Messages?.[0]?.MessageId).toBe(sent.MessageId);
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle: again.Messages?.[0]?.ReceiptHandle });
      await sqs.sendMessage({ QueueUrl, MessageBody: 'two' });
      await sqs.purgeQueue({ QueueUrl });
      expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
    },
    'does the same in batches': async (sqs, world) => {
      const QueueUrl = urlOf(world, 'batches');
      const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: Id }));
      expect((await sqs.sendMessageBatch({ QueueUrl, Entries })).Successful).toHaveLength(2);
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      const handles = Messages.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
      const changes = handles.map((handle) => ({ ...handle, VisibilityTimeout: 60 }));
      const changed = await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries: changes });
      expect(changed.Successful).toHaveLength(2);
      expect((await sqs.deleteMessageBatch({ QueueUrl, Entries: handles })).Successful).toHaveLength(2);
    },
    'lists queues and changes their attributes': async (sqs, world) => {
      const QueueUrl = urlOf(world, 'settings');
      expect((await sqs.listQueues({ QueueNamePrefix: 'set' })).QueueUrls).toEqual([QueueUrl]);
      await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '7' } });
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['VisibilityTimeout'] });
      expect(Attributes).toEqual({ VisibilityTimeout: '7' });
    },
  },
);
