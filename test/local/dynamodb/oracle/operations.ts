import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Random } from '../../bad-input/random.ts';
import { condition, Placeholders, projection, update } from './expressions.ts';
import { anyValue, badValue } from './values.ts';

/** A call of DynamoDB. */
export interface Operation {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

type Item = Record<string, AttributeValue>;

/** The tables that operations go to: one with a sort key and two indexes, one without. */
export const tables = [
  {
    TableName: 'ranged',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
      { AttributeName: 'holder', AttributeType: 'S' },
      { AttributeName: 'score', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byHolder',
        KeySchema: [
          { AttributeName: 'holder', KeyType: 'HASH' },
          { AttributeName: 'score', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'byScore',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'score', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  },
  {
    TableName: 'plain',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'B' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
] as const;

/** A random call; most are valid, and meet an item as often as not. */
export function operation(random: Random): Operation {
  const made = random.pick(makers)(random);
  return random.happens(0.01) ? { ...made, input: { ...made.input, TableName: random.pick(['none', 'x']) } } : made;
}

const makers: readonly ((random: Random) => Operation)[] = [
  put,
  put,
  put,
  updateItem,
  updateItem,
  updateItem,
  updateItem,
  remove,
  get,
  get,
  query,
  query,
  query,
  scan,
  batchGet,
  batchWrite,
  transactWrite,
  transactWrite,
  transactGet,
];

function tableOf(random: Random): string {
  return random.happens(0.75) ? 'ranged' : 'plain';
}

function keyOf(random: Random, table: string): Item {
  if (random.happens(0.01))
    return random.pick([{}, { pk: { N: '1' } }, { pk: { S: '' }, sk: { N: '1' } }, { other: { S: 'a' } }]);
  const letter = random.pick(['a', 'b', 'c']);
  return table === 'plain'
    ? { pk: { B: Buffer.from(letter) } }
    : { pk: { S: letter }, sk: { N: random.pick(['1', '2', '3', '10', '-1', '1.5']) } };
}

function itemOf(random: Random, table: string): Item {
  const item: Item = keyOf(random, table);
  for (const name of ['a', 'b', 'c', 'name']) if (random.happens(0.4)) item[name] = anyValue(random);
  if (random.happens(0.4)) item['m'] = { M: { x: anyValue(random), y: { N: '1' } } };
  if (random.happens(0.4)) item['l'] = { L: [anyValue(random), { N: '2' }] };
  if (random.happens(0.4)) item['s'] = { SS: ['a', 'b'] };
  if (random.happens(0.4)) item['n'] = { N: '5' };
  if (random.happens(0.6)) item['holder'] = { S: random.pick(['ann', 'bob']) };
  if (random.happens(0.6)) item['score'] = { N: random.pick(['1', '2', '10', '-3', '0.5']) };
  if (random.happens(0.01)) item['holder'] = random.pick([{ N: '1' }, { S: '' }, { NULL: true }]);
  if (random.happens(0.02)) item['bad'] = badValue(random);
  return item;
}

function conditional(random: Random, use: Placeholders, chance = 0.4): Record<string, unknown> {
  return random.happens(chance) ? { ConditionExpression: condition(random, use) } : {};
}

function onFailure(random: Random): Record<string, unknown> {
  return random.happens(0.3) ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } : {};
}

function put(random: Random): Operation {
  const TableName = tableOf(random);
  const use = new Placeholders(random);
  const when = conditional(random, use);
  const ReturnValues = random.pick(['NONE', 'ALL_OLD', 'ALL_OLD', random.happens(0.1) ? 'ALL_NEW' : 'NONE']);
  const input = {
    TableName,
    Item: itemOf(random, TableName),
    ReturnValues,
    ...when,
    ...onFailure(random),
    ...use.members(),
  };
  return { name: 'putItem', input };
}

function updateItem(random: Random): Operation {
  const TableName = tableOf(random);
  const use = new Placeholders(random);
  const expressions = { UpdateExpression: update(random, use), ...conditional(random, use, 0.25) };
  const ReturnValues = random.pick(['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW', 'ALL_NEW']);
  const Key = keyOf(random, TableName);
  return {
    name: 'updateItem',
    input: { TableName, Key, ReturnValues, ...expressions, ...onFailure(random), ...use.members() },
  };
}

function remove(random: Random): Operation {
  const TableName = tableOf(random);
  const use = new Placeholders(random);
  const when = conditional(random, use, 0.5);
  const Key = keyOf(random, TableName);
  return { name: 'deleteItem', input: { TableName, Key, ReturnValues: 'ALL_OLD', ...when, ...use.members() } };
}

function get(random: Random): Operation {
  const TableName = tableOf(random);
  const use = new Placeholders(random);
  const shown = random.happens(0.6) ? { ProjectionExpression: projection(random, use) } : {};
  const { ExpressionAttributeNames } = use.members();
  const names = ExpressionAttributeNames ? { ExpressionAttributeNames } : {};
  return {
    name: 'getItem',
    input: { TableName, Key: keyOf(random, TableName), ConsistentRead: true, ...shown, ...names },
  };
}

const orders = ['=', '<', '<=', '>', '>='];

function query(random: Random): Operation {
  const use = new Placeholders(random);
  const IndexName = random.pick([
    undefined,
    undefined,
    'byHolder',
    'byScore',
    random.happens(0.05) ? 'none' : undefined,
  ]);
  const [partition, sort] =
    IndexName === 'byHolder' ? ['holder', 'score'] : ['pk', IndexName === 'byScore' ? 'score' : 'sk'];
  const partitionValue = { S: IndexName === 'byHolder' ? random.pick(['ann', 'bob']) : random.pick(['a', 'b', 'c']) };
  const parts = [`${partition} = ${use.value(partitionValue)}`];
  const number = (): string => use.value({ N: String(random.below(5) - 1) });
  if (random.happens(0.4)) parts.push(`${sort} ${random.pick(orders)} ${number()}`);
  else if (random.happens(0.3)) parts.push(`${sort} BETWEEN ${use.value({ N: '0' })} AND ${use.value({ N: '3' })}`);
  else if (random.happens(0.05))
    parts.push(
      random.pick([
        `${sort} <> ${number()}`,
        `begins_with(${sort}, ${number()})`,
        'a = b',
        `${partition} = ${number()}`,
      ]),
    );
  const filter = random.happens(0.4) ? { FilterExpression: condition(random, use) } : {};
  const shown = random.happens(0.3) ? { ProjectionExpression: projection(random, use) } : {};
  const input = {
    ...{ TableName: 'ranged', KeyConditionExpression: parts.join(random.happens(0.9) ? ' AND ' : ' and ') },
    ...{ ...(IndexName && { IndexName }), ScanIndexForward: random.happens(0.7), ...filter, ...shown },
    ...(random.happens(0.3) && { Limit: random.pick([1, 2, 3, 3, 0]) }),
    ...(random.happens(0.1) && {
      Select: random.pick(['COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES']),
    }),
  };
  return { name: 'query', input: { ...input, ...use.members() } };
}

function scan(random: Random): Operation {
  const use = new Placeholders(random);
  const filter = random.happens(0.6) ? { FilterExpression: condition(random, use) } : {};
  const shown = random.happens(0.3) ? { ProjectionExpression: projection(random, use) } : {};
  const index = random.happens(0.2) ? { IndexName: 'byHolder' } : {};
  const segments = random.happens(0.05) ? { Segment: random.below(3), TotalSegments: 1 } : {};
  return { name: 'scan', input: { TableName: 'ranged', ...index, ...filter, ...shown, ...segments, ...use.members() } };
}

function batchGet(random: Random): Operation {
  const keys = (table: string): Item[] => Array.from({ length: 1 + random.below(3) }, () => keyOf(random, table));
  return {
    name: 'batchGetItem',
    input: { RequestItems: { ranged: { Keys: keys('ranged') }, plain: { Keys: keys('plain') } } },
  };
}

function batchWrite(random: Random): Operation {
  const write = (table: string): object =>
    random.happens(0.7)
      ? { PutRequest: { Item: itemOf(random, table) } }
      : { DeleteRequest: { Key: keyOf(random, table) } };
  const writes = (table: string): object[] =>
    Array.from({ length: random.below(3) + (table === 'plain' ? 0 : 1) }, () => write(table));
  const plain = writes('plain');
  return {
    name: 'batchWriteItem',
    input: { RequestItems: { ranged: writes('ranged'), ...(plain.length > 0 && { plain }) } },
  };
}

function transactWrite(random: Random): Operation {
  const TransactItems = Array.from({ length: 1 + random.below(3) }, () => {
    const TableName = tableOf(random);
    const use = new Placeholders(random);
    switch (random.below(4)) {
      case 0:
        return {
          Put: {
            TableName,
            Item: itemOf(random, TableName),
            ...conditional(random, use),
            ...onFailure(random),
            ...use.members(),
          },
        };
      case 1: {
        const UpdateExpression = update(random, use);
        return {
          Update: {
            TableName,
            Key: keyOf(random, TableName),
            UpdateExpression,
            ...conditional(random, use),
            ...use.members(),
          },
        };
      }
      case 2:
        return {
          Delete: {
            TableName,
            Key: keyOf(random, TableName),
            ...conditional(random, use),
            ...onFailure(random),
            ...use.members(),
          },
        };
      default: {
        const ConditionExpression = condition(random, use);
        return { ConditionCheck: { TableName, Key: keyOf(random, TableName), ConditionExpression, ...use.members() } };
      }
    }
  });
  return { name: 'transactWriteItems', input: { TransactItems } };
}

function transactGet(random: Random): Operation {
  const TransactItems = Array.from({ length: 1 + random.below(3) }, () => {
    const TableName = tableOf(random);
    return { Get: { TableName, Key: keyOf(random, TableName) } };
  });
  return { name: 'transactGetItems', input: { TransactItems } };
}
