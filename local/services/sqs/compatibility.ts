import type { Compatibility } from '../compatibility.ts';

/** What SQS says of itself in docs/compatibility.md. */
export const sqsCompatibility: Compatibility = {
  id: 'sqs',
  title: 'SQS',
  scope: 'Standard queues with delays, visibility, batches and dead-letter queues.',
  otherwise: 'not built',
  resourceTypePrefix: 'AWS::SQS::',
  rules: [],
};
