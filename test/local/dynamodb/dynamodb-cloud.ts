import type { AttributeValue, CreateTableInput } from '@aws-sdk/client-dynamodb';
import { openDynamoDb } from '../../../local/services/dynamodb/service.ts';
import type { OpenService, ServiceModule } from '../../../local/services/service-module.ts';
import type { AwsError } from '../../../local/errors.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

/** Attributes by name. */
export type Item = Record<string, AttributeValue>;

/** What Query and Scan answer. */
export interface Page {
  Items?: Item[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: object;
}

/** A cloud with DynamoDB alone. `onOpen` sees the service each time it is opened: at first, and after a restart. */
export function dynamoDbCloud(onOpen: (service: ServiceModule) => void = () => {}): Promise<TestCloud> {
  const open: OpenService = (context) => {
    const service = openDynamoDb(context);
    onOpen(service);
    return service;
  };
  return testCloud({ services: [open] });
}

/** A table `releases` with a partition key, a sort key and one global index, like the one that Slipway has. */
export const releasesTable: CreateTableInput = {
  TableName: 'releases',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'gsi1pk', AttributeType: 'S' },
    { AttributeName: 'gsi1sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'gsi1',
      KeySchema: [
        { AttributeName: 'gsi1pk', KeyType: 'HASH' },
        { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

/** A table `things` with a partition key `id` only, of type S. */
export const thingsTable: CreateTableInput = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
};

/** What a refused call says. Fails if the call is not refused. */
export async function refusal(call: Promise<unknown>): Promise<AwsError> {
  try {
    await call;
  } catch (error) {
    // Handlers throw nothing else on purpose; anything else fails the assertions on code and message.
    return error as AwsError;
  }
  throw new Error('the call was not refused');
}
