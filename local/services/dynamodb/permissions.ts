import type { AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';
import type { LeadingKeys } from './leading-keys.ts';

type Attributes = Record<string, AttributeValue> | undefined;

/** One item of one table, in a request or an element of a transaction. */
interface OfItem {
  readonly TableName?: string | undefined;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
}

/** What each operation of DynamoDB needs. A transaction needs what each of its elements would need alone. */
export function dynamoDbPermissions(place: Place, leadingKeys: LeadingKeys): PermissionTable<DynamoDB> {
  const table = (nameOrArn: string | undefined): string =>
    nameOrArn?.startsWith('arn:') ? nameOrArn : `${arnPrefix('dynamodb', place)}table/${nameOrArn}`;
  const on =
    (action: string) =>
    ({ TableName: name }: { TableName?: string | undefined }): Permission => ({
      action: `dynamodb:${action}`,
      resource: table(name),
    });
  const onItems = (action: string, name: string | undefined, items: readonly Attributes[]): Permission => ({
    ...on(action)({ TableName: name }),
    keys: { 'dynamodb:LeadingKeys': () => leadingKeys.ofItems(name, items) },
  });
  const onItem =
    (action: string) =>
    ({ TableName: name, Key: key, Item: item }: OfItem): Permission =>
      onItems(action, name, [key ?? item]);
  /** A read of an index needs the index, not the table. */
  const read =
    (action: string) =>
    ({ TableName: name, IndexName: index }: { TableName?: string | undefined; IndexName?: string | undefined }) => ({
      action: `dynamodb:${action}`,
      resource: index === undefined ? table(name) : `${table(name)}/index/${index}`,
    });
  return {
    CreateTable: on('CreateTable'),
    DescribeTable: on('DescribeTable'),
    ListTables: () => ({ action: 'dynamodb:ListTables', resource: '*' }),
    DeleteTable: on('DeleteTable'),
    UpdateTable: on('UpdateTable'),
    UpdateTimeToLive: on('UpdateTimeToLive'),
    DescribeTimeToLive: on('DescribeTimeToLive'),
    DescribeContinuousBackups: on('DescribeContinuousBackups'),
    UpdateContinuousBackups: on('UpdateContinuousBackups'),
    GetItem: onItem('GetItem'),
    PutItem: onItem('PutItem'),
    UpdateItem: onItem('UpdateItem'),
    DeleteItem: onItem('DeleteItem'),
    Query: (input) => ({
      ...read('Query')(input),
      keys: { 'dynamodb:LeadingKeys': () => leadingKeys.ofQuery(input) },
    }),
    Scan: read('Scan'),
    BatchGetItem: ({ RequestItems: asked }) =>
      Object.entries(asked ?? {}).map(([name, { Keys: keys = [] }]) => onItems('BatchGetItem', name, keys)),
    BatchWriteItem: ({ RequestItems: asked }) =>
      Object.entries(asked ?? {}).map(([name, writes]) => {
        const items = writes.map(({ PutRequest: put, DeleteRequest: remove }) => put?.Item ?? remove?.Key);
        return onItems('BatchWriteItem', name, items);
      }),
    TransactGetItems: ({ TransactItems: items }) => (items ?? []).map(({ Get: get }) => onItem('GetItem')(get ?? {})),
    TransactWriteItems: ({ TransactItems: items }) =>
      (items ?? []).flatMap(({ Put: put, Update: update, Delete: remove, ConditionCheck: check }) => [
        ...(put ? [onItem('PutItem')(put)] : []),
        ...(update ? [onItem('UpdateItem')(update)] : []),
        ...(remove ? [onItem('DeleteItem')(remove)] : []),
        ...(check ? [onItem('ConditionCheckItem')(check)] : []),
      ]),
  };
}
