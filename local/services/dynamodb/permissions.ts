import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';

/** What each operation of DynamoDB needs. A transaction needs what each of its elements would need alone. */
export function dynamoDbPermissions(place: Place): PermissionTable<DynamoDB> {
  const table = (nameOrArn: string | undefined): string =>
    nameOrArn?.startsWith('arn:') ? nameOrArn : `${arnPrefix('dynamodb', place)}table/${nameOrArn}`;
  const on =
    (action: string) =>
    ({ TableName: name }: { TableName?: string | undefined }): Permission => ({
      action: `dynamodb:${action}`,
      resource: table(name),
    });
  /** A read of an index needs the index, not the table. */
  const read =
    (action: string) =>
    ({ TableName: name, IndexName: index }: { TableName?: string | undefined; IndexName?: string | undefined }) => ({
      action: `dynamodb:${action}`,
      resource: index === undefined ? table(name) : `${table(name)}/index/${index}`,
    });
  const onEach =
    (action: string) =>
    ({ RequestItems: items }: { RequestItems?: object | undefined }): Permission[] =>
      Object.keys(items ?? {}).map((name) => on(action)({ TableName: name }));
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
    GetItem: on('GetItem'),
    PutItem: on('PutItem'),
    UpdateItem: on('UpdateItem'),
    DeleteItem: on('DeleteItem'),
    Query: read('Query'),
    Scan: read('Scan'),
    BatchGetItem: onEach('BatchGetItem'),
    BatchWriteItem: onEach('BatchWriteItem'),
    TransactGetItems: ({ TransactItems: items }) => (items ?? []).map(({ Get: get }) => on('GetItem')(get ?? {})),
    TransactWriteItems: ({ TransactItems: items }) =>
      (items ?? []).flatMap(({ Put: put, Update: update, Delete: remove, ConditionCheck: check }) => [
        ...(put ? [on('PutItem')(put)] : []),
        ...(update ? [on('UpdateItem')(update)] : []),
        ...(remove ? [on('DeleteItem')(remove)] : []),
        ...(check ? [on('ConditionCheckItem')(check)] : []),
      ]),
  };
}
