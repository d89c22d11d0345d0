import { callAws, optimizedSpelling, sdkMetadata } from './call-aws.ts';
import type { Integration } from './integration.ts';

const operations: Readonly<Record<string, string>> = {
  getItem: 'GetItem',
  putItem: 'PutItem',
  updateItem: 'UpdateItem',
  deleteItem: 'DeleteItem',
};

/** `dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`; there is no token pattern, as on AWS. */
export const dynamodb: Integration = {
  name: 'dynamodb',
  patterns: ['request-response'],
  matches: ({ service, action }) => service === 'dynamodb' && Object.hasOwn(operations, action),
  async call(task) {
    const output = await callAws(task, {
      service: 'dynamodb',
      operation: operations[task.resource.action] ?? '',
      arguments: task.arguments,
      spelling: optimizedSpelling('DynamoDB', 'AmazonDynamoDBv2', 'AmazonDynamoDBException'),
    });
    return { ...output, ...sdkMetadata() };
  },
};
