import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, releasesTable, thingsTable, type Item } from './dynamodb-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await dynamoDbCloud();
  await cloud.call('dynamodb', 'CreateTable', thingsTable);
  await cloud.call('dynamodb', 'CreateTable', releasesTable);
});
afterEach(() => cloud.close());

const put = (item: Item, more: object = {}) =>
  cloud.call('dynamodb', 'PutItem', { TableName: 'things', Item: item, ...more });
const get = async (id: string): Promise<Item | undefined> =>
  (await cloud.call<{ Item?: Item }>('dynamodb', 'GetItem', { TableName: 'things', Key: { id: { S: id } } })).Item;
const update = (id: string, UpdateExpression: string, more: object = {}) =>
  cloud.call<{ Attributes?: Item }>('dynamodb', 'UpdateItem', {
    TableName: 'things',
    Key: { id: { S: id } },
    UpdateExpression,
    ...more,
  });

const everyType: Item = {
  id: { S: 'a' },
  empty: { S: '' },
  text: { S: 'grüße 🚀' },
  number: { N: '-12.50' },
  binary: { B: Uint8Array.of(0, 255, 7) },
  strings: { SS: ['b', 'a'] },
  numbers: { NS: ['1', '2.0'] },
  binaries: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
  yes: { BOOL: true },
  nothing: { NULL: true },
  list: { L: [{ S: 'x' }, { L: [] }, { M: { B: { B: Uint8Array.of(9) } } }] },
  map: { M: { constructor: { N: '1' }, ['__proto__']: { S: 'plain' } } },
};

describe('items', () => {
  it('keep every attribute with its type, and numbers in canonical form', async () => {
    await put(everyType);
    expect(await get('a')).toEqual({
      ...everyType,
      number: { N: '-12.5' },
      numbers: { NS: ['1', '2'] },
    });
    expect(Object.keys((await get('a'))?.['map']?.M ?? {})).toEqual(['constructor', '__proto__']);
  });

  it('[dynamodb.sets.empty-members] may have sets with an empty text or no bytes among their members', async () => {
    const sets = { strings: { SS: ['', 'a'] }, binaries: { BS: [new Uint8Array(), Uint8Array.of(1)] } };
    await put({ id: { S: 'a' }, ...sets });
    expect(await get('a')).toMatchObject(sets);
  });

  it('[dynamodb.items.durable] are there again after a kill', async () => {
    await put(everyType);
    cloud = await cloud.restart();
    expect(await get('a')).toMatchObject({ text: { S: 'grüße 🚀' }, binary: { B: Uint8Array.of(0, 255, 7) } });
  });

  it('[dynamodb.items.replace] are replaced as a whole by PutItem, which gives the old one if asked', async () => {
    await put({ id: { S: 'a' }, one: { N: '1' } });
    const answer = await put({ id: { S: 'a' }, two: { N: '2' } }, { ReturnValues: 'ALL_OLD' });
    expect(answer).toEqual({ Attributes: { id: { S: 'a' }, one: { N: '1' } } });
    expect(await get('a')).toEqual({ id: { S: 'a' }, two: { N: '2' } });
  });

  it('[dynamodb.items.delete-again] are deleted once, and deleting again is no error', async () => {
    await put({ id: { S: 'a' } });
    const remove = { TableName: 'things', Key: { id: { S: 'a' } }, ReturnValues: 'ALL_OLD' };
    expect(await cloud.call('dynamodb', 'DeleteItem', remove)).toEqual({ Attributes: { id: { S: 'a' } } });
    expect(await cloud.call('dynamodb', 'DeleteItem', remove)).toEqual({});
    expect(await get('a')).toBeUndefined();
  });

  it('[dynamodb.items.table-arn] are found by the ARN of their table', async () => {
    await put({ id: { S: 'a' } });
    const TableName = 'arn:aws:dynamodb:us-east-1:123456789012:table/things';
    expect(await cloud.call('dynamodb', 'GetItem', { TableName, Key: { id: { S: 'a' } } })).toHaveProperty('Item');
  });
});

describe('numbers', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['007', '7'],
    ['1e3', '1000'],
    ['1.50E-2', '0.015'],
    ['.5', '0.5'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['9.9E125', `99${'0'.repeat(124)}`],
  ])('[dynamodb.numbers.canonical] %s is kept as %s', async (given, kept) => {
    await put({ id: { S: 'a' }, n: { N: given } });
    expect((await get('a'))?.['n']).toEqual({ N: kept });
  });

  it.each([
    ['', 'The parameter cannot be converted to a numeric value'],
    ['one', 'The parameter cannot be converted to a numeric value: one'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['1E126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1E-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['123456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
  ])('[dynamodb.numbers.refused] refuses %j', async (given, message) => {
    const error = await refusal(put({ id: { S: 'a' }, n: { N: given } }));
    expect(error).toMatchObject({ code: 'ValidationException', message });
  });
});

describe('values that DynamoDB refuses', () => {
  // The SDK's types do not allow what callers without types can send.
  const wrong: [name: string, value: object, message: string][] = [
    ['no type', {}, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [
      'two types',
      { S: 'a', N: '1' },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [
      'a false NULL',
      { NULL: false },
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    ],
    ['an empty set', { SS: [] }, 'One or more parameter values were invalid: An string set  may not be empty'],
    [
      'a set with duplicates',
      { SS: ['a', 'b', 'a'] },
      'One or more parameter values were invalid: Input collection [a, b, a] contains duplicates.',
    ],
    ['a number set with equal numbers', { NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
  ];
  it.each(wrong)('refuses %s', async (_, value, message) => {
    const error = await refusal(put({ id: { S: 'a' }, v: value as never }));
    expect(error).toMatchObject({ code: 'ValidationException', message });
  });

  it('[dynamodb.items.size] refuses an item larger than 400 KB, and takes one of exactly that size', async () => {
    const bytes = 400 * 1024 - 'id'.length - 'a'.length - 'v'.length;
    await put({ id: { S: 'a' }, v: { S: 'x'.repeat(bytes) } });
    const error = await refusal(put({ id: { S: 'a' }, v: { S: 'x'.repeat(bytes + 1) } }));
    expect(error.message).toBe('Item size has exceeded the maximum allowed size');
    const grown = await refusal(update('a', 'SET w = :w', { ExpressionAttributeValues: { ':w': { S: '' } } }));
    expect(grown.message).toBe('Item size to update has exceeded the maximum allowed size');
  });

  it('[dynamodb.items.depth] refuses documents nested deeper than 32 levels', async () => {
    const nested = (levels: number): Item[string] => (levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] });
    await put({ id: { S: 'a' }, v: nested(32) });
    expect((await refusal(put({ id: { S: 'a' }, v: nested(33) }))).message).toMatch(/^Nesting Levels have exceeded/);
  });
});

describe('keys that do not fit', () => {
  it.each([
    [{ v: { S: 'x' } }, 'One or more parameter values were invalid: Missing the key id in the item'],
    [{ id: { N: '1' } }, 'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N'],
    [
      { id: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    ],
    [
      { id: { S: 'x'.repeat(2049) } },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
  ])('[dynamodb.keys.values] refuses item %#', async (item, message) => {
    expect(await refusal(put(item as Item))).toMatchObject({ code: 'ValidationException', message });
  });

  it.each([[{}], [{ id: { N: '1' } }], [{ id: { S: 'a' }, more: { S: 'b' } }], [{ other: { S: 'a' } }]])(
    'refuses key %j',
    async (Key) => {
      const error = await refusal(cloud.call('dynamodb', 'GetItem', { TableName: 'things', Key }));
      expect(error.message).toBe('The provided key element does not match the schema');
    },
  );

  it('refuses index keys of the wrong type and empty ones', async () => {
    const key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const write = (item: object) =>
      refusal(cloud.call('dynamodb', 'PutItem', { TableName: 'releases', Item: { ...key, ...item } }));
    expect((await write({ gsi1pk: { N: '1' } })).message).toBe(
      'One or more parameter values were invalid: Type mismatch for Index Key gsi1pk Expected: S Actual: N IndexName: gsi1',
    );
    expect((await write({ gsi1sk: { S: '' } })).message).toContain('IndexName: gsi1, IndexKey: gsi1sk');
  });

  it('refuses a table that does not exist', async () => {
    const error = await refusal(cloud.call('dynamodb', 'PutItem', { TableName: 'nowhere', Item: { id: { S: 'a' } } }));
    expect(error).toMatchObject({ code: 'ResourceNotFoundException', message: 'Requested resource not found' });
  });
});

describe('conditions of writes', () => {
  it('[dynamodb.conditions.write] write only if they hold, and show the item that failed them if asked', async () => {
    const ConditionExpression = 'attribute_not_exists(id)';
    await put({ id: { S: 'a' }, v: { N: '1' } }, { ConditionExpression });
    const again = put({ id: { S: 'a' } }, { ConditionExpression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect(await refusal(again)).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      members: { Item: { id: { S: 'a' }, v: { N: '1' } } },
    });
    expect((await refusal(put({ id: { S: 'a' } }, { ConditionExpression }))).members).toEqual({});
    expect(await get('a')).toEqual({ id: { S: 'a' }, v: { N: '1' } });
  });
});

describe('what an update returns', () => {
  const values = { ExpressionAttributeValues: { ':v': { N: '2' }, ':w': { S: 'new' } } };
  const before = { id: { S: 'a' }, v: { N: '1' }, m: { M: { w: { S: 'old' }, x: { S: 'kept' } } } };
  const after = { id: { S: 'a' }, v: { N: '2' }, m: { M: { w: { S: 'new' }, x: { S: 'kept' } } } };
  it.each([
    ['NONE', undefined],
    ['ALL_OLD', before],
    ['ALL_NEW', after],
    ['UPDATED_OLD', { v: { N: '1' }, m: { M: { w: { S: 'old' } } } }],
    ['UPDATED_NEW', { v: { N: '2' }, m: { M: { w: { S: 'new' } } } }],
  ])('[dynamodb.update.return-values] %s', async (ReturnValues, expected) => {
    await put(before);
    const answer = await update('a', 'SET v = :v, m.w = :w', { ...values, ReturnValues });
    expect(answer.Attributes).toEqual(expected);
    expect(await get('a')).toEqual(after);
  });

  it('[dynamodb.update.upsert] makes the item that is not there, and has no old values then', async () => {
    const answer = await update('a', 'SET v = :v REMOVE w', {
      ExpressionAttributeValues: { ':v': { N: '1' } },
      ReturnValues: 'ALL_OLD',
    });
    expect(answer).toEqual({});
    expect(await get('a')).toEqual({ id: { S: 'a' }, v: { N: '1' } });
  });
});

describe('consumed capacity', () => {
  it('[dynamodb.capacity] counts a write per KB begun of table and index, and half a unit per 4 KB of an eventual read', async () => {
    const Item = { pk: { S: 'a' }, sk: { S: 'b' }, gsi1pk: { S: 'c' }, gsi1sk: { S: 'd' }, v: { S: 'x'.repeat(1500) } };
    const ReturnConsumedCapacity = 'INDEXES';
    const written = await cloud.call('dynamodb', 'PutItem', { TableName: 'releases', Item, ReturnConsumedCapacity });
    expect(written['ConsumedCapacity']).toEqual({
      TableName: 'releases',
      CapacityUnits: 4,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { gsi1: { CapacityUnits: 2 } },
    });
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const read = await cloud.call('dynamodb', 'GetItem', {
      TableName: 'releases',
      Key,
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(read['ConsumedCapacity']).toEqual({ TableName: 'releases', CapacityUnits: 0.5 });
  });
});

describe('what is refused by name', () => {
  it.each([
    ['PutItem', { Item: { id: { S: 'a' } }, Expected: { id: { Exists: false } } }, 'Expected'],
    ['UpdateItem', { Key: { id: { S: 'a' } }, AttributeUpdates: {} }, 'AttributeUpdates'],
    ['Query', { KeyConditions: {} }, 'KeyConditions'],
    ['Scan', { ScanFilter: {} }, 'ScanFilter'],
    ['GetItem', { Key: { id: { S: 'a' } }, AttributesToGet: ['id'] }, 'AttributesToGet'],
  ])('[dynamodb.legacy-refused] %s with %j', async (operation, input, parameter) => {
    const error = await refusal(cloud.call('dynamodb', operation, { TableName: 'things', ...input }));
    expect(error).toMatchObject({ code: 'NotImplemented' });
    expect(error.message).toContain(`dynamodb:${operation} with ${parameter}`);
  });

  it('[dynamodb.legacy-refused] PartiQL', async () => {
    const error = await refusal(cloud.call('dynamodb', 'ExecuteStatement', { Statement: 'SELECT * FROM things' }));
    expect(error).toMatchObject({
      code: 'NotImplemented',
      message: 'dynamodb:ExecuteStatement is not supported locally',
    });
  });
});
