import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, releasesTable, thingsTable, type Item } from './dynamodb-cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await dynamoDbCloud();
  await cloud.call('dynamodb', 'CreateTable', thingsTable);
});
afterEach(() => cloud.close());

const values: Item = {
  ':n': { N: '3' },
  ':s': { S: 'text' },
  ':l': { L: [{ S: 'z' }] },
  ':empty': { L: [] },
  ':ss': { SS: ['b', 'c'] },
  ':ns': { NS: ['2', '9'] },
  ':bs': { BS: [Uint8Array.of(1), Uint8Array.of(9)] },
  ':m': { M: { k: { S: 'v' } } },
};

/** Updates an item that has these attributes and gives what it has then. */
async function updated(before: Item, UpdateExpression: string): Promise<Item | undefined> {
  await cloud.call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: 'a' }, ...before } });
  const used = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(UpdateExpression));
  const answer = await cloud.call<{ Attributes?: Item }>('dynamodb', 'UpdateItem', {
    TableName: 'things',
    Key: { id: { S: 'a' } },
    UpdateExpression,
    ...(used.length > 0 && { ExpressionAttributeValues: Object.fromEntries(used) }),
    ReturnValues: 'ALL_NEW',
  });
  delete answer.Attributes?.['id'];
  return answer.Attributes;
}

const letters = (...texts: string[]): Item[string] => ({ L: texts.map((S) => ({ S })) });

describe('an update', () => {
  it.each<[string, Item, Item]>([
    ['SET v = :n', {}, { v: { N: '3' } }],
    ['SET v = v + :n', { v: { N: '0.1' } }, { v: { N: '3.1' } }],
    ['SET v = v - :n', { v: { N: '1' } }, { v: { N: '-2' } }],
    ['SET v = :n + :n', {}, { v: { N: '6' } }],
    ['SET v = if_not_exists(v, :n) + :n', {}, { v: { N: '6' } }],
    ['SET v = if_not_exists(v, :n) + :n', { v: { N: '1' } }, { v: { N: '4' } }],
    ['SET v = if_not_exists(w, if_not_exists(x, :s))', {}, { v: { S: 'text' } }],
    ['SET v = list_append(v, :l)', { v: letters('a') }, { v: letters('a', 'z') }],
    ['SET v = list_append(:l, v)', { v: letters('a') }, { v: letters('z', 'a') }],
    ['SET v = list_append(if_not_exists(v, :empty), :l)', {}, { v: letters('z') }],
    ['SET v = w, w = v', { v: { N: '1' }, w: { N: '2' } }, { v: { N: '2' }, w: { N: '1' } }],
    ['SET m.k = :s', { m: { M: {} } }, { m: { M: { k: { S: 'text' } } } }],
    ['SET v[1] = :s', { v: letters('a', 'b', 'c') }, { v: letters('a', 'text', 'c') }],
    ['SET v[9] = :s, v[7] = :n', { v: letters('a') }, { v: { L: [{ S: 'a' }, { N: '3' }, { S: 'text' }] } }],
    [
      'SET m.l[0].k = :n',
      { m: { M: { l: { L: [{ M: {} }] } } } },
      { m: { M: { l: { L: [{ M: { k: { N: '3' } } }] } } } },
    ],
    ['REMOVE v, gone', { v: { N: '1' }, w: { N: '2' } }, { w: { N: '2' } }],
    ['REMOVE v[0], v[2], v[9]', { v: letters('a', 'b', 'c') }, { v: letters('b') }],
    ['REMOVE v[0] SET v[2] = :s', { v: letters('a', 'b', 'c') }, { v: letters('b', 'text') }],
    ['REMOVE m.k', { m: { M: { k: { N: '1' }, l: { N: '2' } } } }, { m: { M: { l: { N: '2' } } } }],
    ['ADD v :n', {}, { v: { N: '3' } }],
    ['ADD v :n', { v: { N: '-3' } }, { v: { N: '0' } }],
    ['ADD v :ss', {}, { v: { SS: ['b', 'c'] } }],
    ['ADD v :ss', { v: { SS: ['a', 'b'] } }, { v: { SS: ['a', 'b', 'c'] } }],
    ['ADD v :ns', { v: { NS: ['1', '2'] } }, { v: { NS: ['1', '2', '9'] } }],
    ['ADD v :bs', { v: { BS: [Uint8Array.of(1)] } }, { v: { BS: [Uint8Array.of(1), Uint8Array.of(9)] } }],
    ['DELETE v :ss', { v: { SS: ['a', 'b'] } }, { v: { SS: ['a'] } }],
    ['DELETE v :ss', { v: { SS: ['b', 'c'] } }, {}],
    ['DELETE v :ss', {}, {}],
    ['DELETE v :bs', { v: { BS: [Uint8Array.of(1), Uint8Array.of(2)] } }, { v: { BS: [Uint8Array.of(2)] } }],
    [
      'SET v = :n REMOVE w ADD x :n DELETE y :ss',
      { w: { N: '1' }, y: { SS: ['b', 'd'] } },
      { v: { N: '3' }, x: { N: '3' }, y: { SS: ['d'] } },
    ],
  ])('%s', async (expression, before, after) => {
    expect(await updated(before, expression)).toEqual(after);
  });

  it('[dynamodb.numbers.exact] adds decimals exactly', async () => {
    expect(await updated({ v: { N: '99999999999999999999999999999999999' } }, 'SET v = v + :n')).toEqual({
      v: { N: '100000000000000000000000000000000002' },
    });
  });
});

describe('an update that does not fit the item', () => {
  it.each<[string, Item, string]>([
    ['SET v = w', {}, 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET v = v + :n', {}, 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET v = v + :n', { v: { S: '1' } }, 'An operand in the update expression has an incorrect data type'],
    ['SET v = list_append(v, :l)', { v: { S: '1' } }, 'An operand in the update expression has an incorrect data type'],
    ['ADD v :n', { v: { SS: ['a'] } }, 'An operand in the update expression has an incorrect data type'],
    ['DELETE v :ss', { v: { NS: ['1'] } }, 'An operand in the update expression has an incorrect data type'],
    ['SET m.k = :s', {}, 'The document path provided in the update expression is invalid for update'],
    ['SET m[0] = :s', { m: { M: {} } }, 'The document path provided in the update expression is invalid for update'],
    ['REMOVE m.k.l', { m: { M: {} } }, 'The document path provided in the update expression is invalid for update'],
    ['SET v = v + :n', { v: { N: '1E50' } }, 'Attempting to store more than 38 significant digits in a Number'],
  ])('refuses %s', async (expression, before, message) => {
    const error = await refusal(updated(before, expression));
    expect(error).toMatchObject({ code: 'ValidationException', message });
  });
});

describe('an update that is wrong in itself', () => {
  it.each([
    [
      'SET v = :n, v = :s',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [v], path two: [v]',
    ],
    [
      'SET v = :n REMOVE v.w',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [v], path two: [v, w]',
    ],
    [
      'SET v.w = :n REMOVE v[1]',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [v, w], path two: [v, [1]]',
    ],
    ['SET v = :n SET w = :n', 'The "SET" section can only be used once in an update expression;'],
    ['ADD v :s', 'Incorrect operand type for operator or function; operator: ADD, operand type: STRING'],
    ['DELETE v :n', 'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER'],
    ['SET v = :s + :n', 'Incorrect operand type for operator or function; operator or function: +, operand type: S'],
    [
      'SET v = list_append(:s, :l)',
      'Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
    ],
    ['SET v = size(w)', 'Invalid function name; function: size'],
    ['SET data = :n', 'Attribute name is a reserved keyword; reserved keyword: data'],
    ['SET v :n', 'Syntax error; token: ":n", near: "v :n"'],
  ])('[dynamodb.update.overlap] refuses %s', async (expression, reason) => {
    expect((await refusal(updated({}, expression))).message).toBe(`Invalid UpdateExpression: ${reason}`);
  });

  it('[dynamodb.update.key] refuses to change a key', async () => {
    expect((await refusal(updated({}, 'SET id = :s'))).message).toBe(
      'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
    );
  });

  it('refuses index keys that are not of their type, or empty', async () => {
    await cloud.call('dynamodb', 'CreateTable', releasesTable);
    const change = (UpdateExpression: string, value: Item[string]) =>
      refusal(
        cloud.call('dynamodb', 'UpdateItem', {
          TableName: 'releases',
          Key: { pk: { S: 'a' }, sk: { S: 'b' } },
          UpdateExpression,
          ExpressionAttributeValues: { ':v': value },
        }),
      );
    expect((await change('SET gsi1pk = :v', { N: '1' })).message).toBe(
      'One or more parameter values were invalid: Type mismatch for Index Key gsi1pk Expected: S Actual: N IndexName: gsi1',
    );
    expect((await change('SET gsi1pk = if_not_exists(x, :v)', { N: '1' })).message).toBe(
      'The update expression attempted to update the secondary index key to unsupported type',
    );
    expect((await change('SET gsi1sk = :v', { S: '' })).message).toContain('cannot contain an empty string value');
  });
});
