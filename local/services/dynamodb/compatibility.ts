import type { Compatibility } from '../compatibility.ts';

/** What DynamoDB says of itself in docs/compatibility.md. */
export const dynamoDbCompatibility: Compatibility = {
  id: 'dynamodb',
  title: 'DynamoDB',
  scope: 'Tables, items, expressions, indexes, transactions and time to live.',
  otherwise: 'backups, imports, streams, replicas and PartiQL have no local behaviour',
  resourceTypePrefix: 'AWS::DynamoDB::',
  rules: [],
};
