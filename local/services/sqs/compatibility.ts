import type { Compatibility } from '../compatibility.ts';

const api = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const guide = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

/** What SQS says of itself in docs/compatibility.md. */
export const sqsCompatibility: Compatibility = {
  id: 'sqs',
  title: 'SQS',
  scope: 'Standard queues with delays, visibility, batches and dead-letter queues.',
  partly: {
    ReceiveMessage: 'standard queues only',
    SendMessage: 'standard queues only',
    SendMessageBatch: 'standard queues only',
    SetQueueAttributes: 'standard queues only; encryption is kept and does nothing',
  },
  refused: [
    {
      operations: [
        'CreateQueue',
        'DeleteQueue',
        'AddPermission',
        'RemovePermission',
        'TagQueue',
        'UntagQueue',
        'ListQueueTags',
      ],
      why: 'queues come from the template',
    },
  ],
  otherwise: 'moving messages back from a dead-letter queue is not here',
  resourceTypePrefix: 'AWS::SQS::',
  resourceTypes: {
    'AWS::SQS::Queue': { answer: 'partly', how: 'standard queues' },
  },
  rules: [
    {
      id: 'sqs.attributes',
      rule: 'Message attributes come back to those who ask for them.',
      source: `${guide}/sqs-message-metadata.html`,
    },
    {
      id: 'sqs.batch',
      rule: 'Each entry of a batch has a result of its own.',
      source: `${guide}/sqs-batch-api-actions.html`,
    },
    {
      id: 'sqs.dead-letter',
      rule: 'A message that was received too often moves to the dead-letter queue.',
      source: `${guide}/sqs-dead-letter-queues.html`,
    },
    { id: 'sqs.delete', rule: 'A deleted message does not come back.', source: `${api}/API_DeleteMessage.html` },
    { id: 'sqs.durable', rule: 'Messages and their order survive a restart.', source: 'inferred' },
    { id: 'sqs.fifo-refused', rule: 'FIFO queues are refused by name.', source: 'inferred' },
    {
      id: 'sqs.list',
      rule: 'Queues are found by name and listed by prefix, in pages.',
      source: `${api}/API_ListQueues.html`,
    },
    {
      id: 'sqs.long-poll',
      rule: 'A long poll ends when a message is sent or becomes visible, or empty when its time is over.',
      source: `${guide}/sqs-short-and-long-polling.html`,
    },
    { id: 'sqs.operations', rule: 'Every operation is answered, or refused by its name.', source: 'inferred' },
    {
      id: 'sqs.refused',
      rule: 'Invalid values are refused with the documented errors.',
      source: `${api}/API_SendMessage.html`,
    },
    {
      id: 'sqs.retention',
      rule: 'Messages end with the retention period, and by a purge, which comes once a minute at most.',
      source: `${api}/API_PurgeQueue.html`,
    },
    {
      id: 'sqs.visibility',
      rule: 'A received message is hidden for the visibility timeout, and its last receipt handle deletes it.',
      source: `${guide}/sqs-visibility-timeout.html`,
    },
    {
      id: 'sqs.visibility.changed',
      rule: 'A receiver gives a message back, or keeps it longer.',
      source: `${guide}/sqs-visibility-timeout.html`,
    },
  ],
};
