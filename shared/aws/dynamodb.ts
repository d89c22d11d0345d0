import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type QueryCommandInput,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { jitteredPause, type Pause } from '../clock.ts';
import { InvalidInput, ServiceUnavailable } from '../errors.ts';
import { expressionOf } from '../state/expression.ts';
import type { Item, Query, Store, Write, WriteOutcome } from '../state/store.ts';
import { sweepIndex } from '../state/table.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';

type Marshalled = Record<string, AttributeValue>;

/** The one table, as the domain's store. */
export function tableStore(
  tableName: string,
  client: DynamoDBClient = new DynamoDBClient(clientSettings),
  pause: Pause = jitteredPause,
): Store {
  return {
    async read(key) {
      const command = new GetItemCommand({ TableName: tableName, Key: marshal(key), ConsistentRead: true });
      const { Item: item } = await calling('dynamodb:GetItem', () => client.send(command));
      return item && readItem(item);
    },
    write: (write) => calling('dynamodb:UpdateItem', () => writeOne({ client, tableName, pause }, write)),
    async writeAll(writes) {
      const command = new TransactWriteItemsCommand({ TransactItems: writes.map((one) => toTransact(tableName, one)) });
      return calling('dynamodb:TransactWriteItems', async () => {
        try {
          await client.send(command);
          return { written: true };
        } catch (thrown) {
          const codes = cancellationCodes(thrown);
          if (codes?.every((code) => refusals.includes(code))) return { written: false };
          if (codes?.some((code) => /Throttling|ThroughputExceeded/.test(code))) throw throttledTransaction(thrown);
          throw thrown;
        }
      });
    },
    async query(query) {
      const { Items: items = [], LastEvaluatedKey: last } = await calling('dynamodb:Query', () =>
        client.send(new QueryCommand(toQuery(tableName, query))),
      );
      return { items: items.map(readItem), ...(last && { next: toCursor(last) }) };
    },
  };
}

interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly pause: Pause;
}

const conflictTries = 6;

/** A single write that meets a transaction on its item is refused by DynamoDB as a conflict, and not retried by the client. */
async function writeOne(table: Table, write: Write): Promise<WriteOutcome> {
  for (let attempt = 1; attempt <= conflictTries; attempt++) {
    try {
      const item = await send(table, write);
      return { written: true, ...(item && { item }) };
    } catch (thrown) {
      const name = errorName(thrown);
      if (name === 'ConditionalCheckFailedException') return { written: false };
      if (name !== 'TransactionConflictException') throw thrown;
      await table.pause(attempt);
    }
  }
  throw new ServiceUnavailable(`dynamodb: ${conflictTries} tries met transactions on the same item; try again later`);
}

async function send({ client, tableName }: Table, write: Write): Promise<Item | undefined> {
  const shared = { TableName: tableName, ...marshalledExpression(write) };
  if ('put' in write) {
    await client.send(new PutItemCommand({ ...shared, Item: marshal(write.put) }));
    return write.put;
  }
  if ('delete' in write) {
    await client.send(new DeleteItemCommand({ ...shared, Key: marshal(write.delete) }));
    return undefined;
  }
  const command = new UpdateItemCommand({ ...shared, Key: marshal(write.update), ReturnValues: 'ALL_NEW' });
  const { Attributes: attributes } = await client.send(command);
  return attributes && readItem(attributes);
}

function toTransact(tableName: string, write: Write): TransactWriteItem {
  const shared = { TableName: tableName, ...marshalledExpression(write) };
  if ('put' in write) return { Put: { ...shared, Item: marshal(write.put) } };
  if ('delete' in write) return { Delete: { ...shared, Key: marshal(write.delete) } };
  const { UpdateExpression: update } = shared;
  if (update === undefined) throw new InvalidInput('an update in a transaction changes at least one attribute');
  return { Update: { ...shared, UpdateExpression: update, Key: marshal(write.update) } };
}

function marshalledExpression(write: Write) {
  const { ExpressionAttributeValues: values, ExpressionAttributeNames: names, ...expression } = expressionOf(write);
  return {
    ...expression,
    ...(names && { ExpressionAttributeNames: { ...names } }),
    ...(values && { ExpressionAttributeValues: marshal(values) }),
  };
}

const cancelledSchema = z.object({
  name: z.literal('TransactionCanceledException'),
  CancellationReasons: z.array(z.object({ Code: z.optional(z.string()) })).check(z.minLength(1)),
});

/** Conditions that did not hold and items that another transaction was touching; anything else is a failure. */
const refusals = ['None', 'ConditionalCheckFailed', 'TransactionConflict'];

/** Why a transaction was cancelled, item by item; undefined for any other error. */
function cancellationCodes(thrown: unknown): readonly string[] | undefined {
  const cancelled = cancelledSchema.safeParse(thrown);
  return cancelled.success ? cancelled.data.CancellationReasons.map(({ Code: code = 'None' }) => code) : undefined;
}

/** The client does not retry a transaction for what happened to one of its items. */
function throttledTransaction(cause: unknown): ServiceUnavailable {
  return new ServiceUnavailable('dynamodb:TransactWriteItems was throttled; try again later', { cause });
}

function toQuery(tableName: string, query: Query): QueryCommandInput {
  const { index, partition, prefix, upTo, after, newestFirst, limit, from } = query;
  const [partitionName, sortName] = index ? [sweepIndex.partition, sweepIndex.sort] : ['pk', 'sk'];
  const [sortCondition, sort] =
    prefix !== undefined
      ? [' AND begins_with(#sort, :sort)', prefix]
      : upTo !== undefined
        ? [' AND #sort <= :sort', upTo]
        : after !== undefined
          ? [' AND #sort > :sort', after]
          : ['', undefined];
  return {
    TableName: tableName,
    ...(index ? { IndexName: sweepIndex.name } : { ConsistentRead: true }),
    KeyConditionExpression: `#partition = :partition${sortCondition}`,
    ExpressionAttributeNames: { '#partition': partitionName, ...(sort !== undefined && { '#sort': sortName }) },
    ExpressionAttributeValues: marshal({ ':partition': partition, ...(sort !== undefined && { ':sort': sort }) }),
    ScanIndexForward: !newestFirst,
    Limit: limit,
    ...(from !== undefined && { ExclusiveStartKey: fromCursor(from, query) }),
  };
}

const cursorSchema = z.record(z.string().check(z.maxLength(40)), z.string().check(z.maxLength(1024)));

function toCursor(key: Marshalled): string {
  return Buffer.from(JSON.stringify(unmarshall(key))).toString('base64url');
}

/** A cursor comes back from outside: what is none, or one of another question, is the caller's mistake. */
function fromCursor(cursor: string, { index, partition }: Query): Marshalled {
  const names = index ? ['pk', 'sk', sweepIndex.partition, sweepIndex.sort] : ['pk', 'sk'];
  const key = readCursor(cursor);
  const isOfQuery = key?.[index ? sweepIndex.partition : 'pk'] === partition;
  if (key && isOfQuery && Object.keys(key).length === names.length && names.every((name) => key[name]))
    return marshal(key);
  throw new InvalidInput('next is not a page that this API gave out; leave it away to begin anew');
}

function readCursor(cursor: string): z.infer<typeof cursorSchema> | undefined {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    // Whatever it is, it is no cursor.
    return undefined;
  }
}

function marshal(value: object): Marshalled {
  return marshall(value, { removeUndefinedValues: true });
}

function readItem(attributes: Marshalled): Item {
  // Every item was written by this file or by a state machine with the same key schema; contents are read by schemas.
  return unmarshall(attributes) as Item;
}
