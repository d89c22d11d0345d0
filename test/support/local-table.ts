import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../local/errors.ts';
import { openDynamoDb } from '../../local/services/dynamodb/service.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import type { Store } from '../../shared/state/store.ts';
import { testCloud } from './cloud-context.ts';

/** The product's own store over the local cloud's DynamoDB, without the wire. */
export async function localTable(): Promise<{ store: Store; close: () => Promise<void> }> {
  const cloud = await testCloud({ services: [openDynamoDb] });
  await cloud.call('dynamodb', 'CreateTable', {
    TableName: 'slipway',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: keySchema('pk', 'sk'),
    GlobalSecondaryIndexes: [
      { IndexName: 'gsi1', KeySchema: keySchema('gsi1pk', 'gsi1sk'), Projection: { ProjectionType: 'ALL' } },
    ],
  });
  await cloud.advance(60_000);
  const send = async (command: { constructor: { name: string }; input: object }): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    return cloud.call('dynamodb', operation, command.input).catch((thrown: unknown) => {
      throw thrown instanceof AwsError ? asClientError(thrown) : thrown;
    });
  };
  // The store uses nothing of the client but `send`.
  const client = { send } as unknown as DynamoDBClient;
  return { store: tableStore('slipway', client, async () => {}), close: () => cloud.close() };
}

function keySchema(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}

function asClientError({ code, message, members, httpStatus }: AwsError): Error {
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: httpStatus }, ...members });
}
