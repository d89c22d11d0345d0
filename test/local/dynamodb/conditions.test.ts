import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { dynamoDbCloud, refusal, thingsTable, type Item } from './dynamodb-cloud.ts';

const item: Item = {
  id: { S: 'a' },
  s: { S: 'hello' },
  n: { N: '5' },
  b: { B: Uint8Array.of(1, 2, 3) },
  yes: { BOOL: true },
  nil: { NULL: true },
  tags: { SS: ['x', 'y'] },
  counts: { NS: ['1', '2'] },
  blobs: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
  list: { L: [{ S: 'first' }, { N: '2' }, { M: { deep: { S: 'value' } } }] },
  doc: { M: { child: { N: '7' }, name: { S: 'hello' } } },
  'with.dot': { S: 'dotted' },
  '\u{1F680}': { S: '\u{1F680}' },
};

const values: Item = {
  ':s': { S: 'hello' },
  ':other': { S: 'other' },
  ':he': { S: 'he' },
  ':n': { N: '5.0' },
  ':one': { N: '1' },
  ':two': { N: '2' },
  ':nine': { N: '9' },
  ':b': { B: Uint8Array.of(1, 2, 3) },
  ':b1': { B: Uint8Array.of(1) },
  ':b23': { B: Uint8Array.of(2, 3) },
  ':yes': { BOOL: true },
  ':null': { NULL: true },
  ':tags': { SS: ['y', 'x'] },
  ':x': { S: 'x' },
  ':first': { S: 'first' },
  ':S': { S: 'S' },
  ':M': { S: 'M' },
  ':map': { M: { name: { S: 'hello' }, child: { N: '7' } } },
  ':list': { L: [{ S: 'first' }, { N: '2' }, { M: { deep: { S: 'value' } } }] },
  ':high': { S: '\uFF5E' },
};

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await dynamoDbCloud();
  await cloud.call('dynamodb', 'CreateTable', thingsTable);
  await cloud.call('dynamodb', 'PutItem', { TableName: 'things', Item: item });
});
afterAll(() => cloud.close());

/** Only the names and values that the expression uses: DynamoDB refuses the others. */
function used<T>(bound: Record<string, T>, text: string): Record<string, T> | undefined {
  const names = new Set(text.match(/[#:][A-Za-z0-9_]+/g));
  const entries = Object.entries(bound).filter(([name]) => names.has(name));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

const names = { '#dot': 'with.dot', '#rocket': '\u{1F680}', '#name': 'name', '#list': 'list', '#missing': 'gone' };

function check(ConditionExpression: string): Promise<unknown> {
  return cloud.call('dynamodb', 'UpdateItem', {
    TableName: 'things',
    Key: { id: { S: 'a' } },
    ConditionExpression,
    ExpressionAttributeNames: used(names, ConditionExpression),
    ExpressionAttributeValues: used(values, ConditionExpression),
  });
}

async function holds(condition: string): Promise<boolean> {
  try {
    await check(condition);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ConditionalCheckFailedException' });
    return false;
  }
}

describe('a condition', () => {
  it.each([
    ['s = :s', true],
    ['s = :other', false],
    [':s = s', true],
    ['s <> :other', true],
    ['n = :n', true],
    ['n = :s', false],
    ['n <> :s', true],
    ['gone = :s', false],
    ['gone <> :s', true],
    ['gone <> absent', true],
    ['n > :one AND n >= :n AND n <= :n AND n < :nine', true],
    ['gone < :one', false],
    ['s < :other', true],
    ['n < :other', false],
    ['b = :b', true],
    ['b > :b1', true],
    ['yes = :yes', true],
    ['nil = :null', true],
    ['tags = :tags', true],
    ['doc = :map', true],
    ['#list = :list', true],
    ['doc = :list', false],
    ['n BETWEEN :one AND :nine', true],
    ['n BETWEEN :nine AND :nine', false],
    ['gone BETWEEN :one AND :nine', false],
    [':n BETWEEN :one AND n', true],
    ['s IN (:other, :s)', true],
    ['s IN (:other, :x)', false],
    ['gone IN (:s)', false],
    ['attribute_exists(n)', true],
    ['attribute_exists(doc.child)', true],
    ['attribute_exists(doc.absent)', false],
    ['attribute_exists(#list[2].deep)', true],
    ['attribute_exists(#list[3])', false],
    ['attribute_exists(toString)', false],
    ['attribute_not_exists(valueOf)', true],
    ['attribute_not_exists(n.child)', true],
    ['attribute_type(s, :S)', true],
    ['attribute_type(doc, :M)', true],
    ['attribute_type(gone, :S)', false],
    ['begins_with(s, :he)', true],
    ['begins_with(s, :other)', false],
    ['begins_with(b, :b1)', true],
    ['begins_with(n, :he)', false],
    ['contains(s, :he)', true],
    ['contains(tags, :x)', true],
    ['contains(tags, :he)', false],
    ['contains(counts, :one)', true],
    ['contains(counts, :s)', false],
    ['contains(blobs, :b1)', true],
    ['contains(b, :b23)', true],
    ['contains(#list, :first)', true],
    ['contains(#list, :two)', true],
    ['contains(doc, :s)', false],
    ['size(s) = :n', true],
    ['size(tags) = :two', true],
    ['size(b) > :two', true],
    ['size(doc) = :two', true],
    ['size(gone) < :nine', false],
    ['size(n) < :nine', false],
    ['#dot <> :s AND attribute_exists(#dot)', true],
    ['doc.#name = s', true],
    ['#rocket > :high', true],
    ['NOT s = :other', true],
    ['NOT NOT s = :other', false],
    ['not NOT (s = :s) AND NOT NOT NOT s = :other', true],
    ['NOT (s = :s OR n = :one)', false],
    ['s = :other AND s = :other OR s = :s', true],
    ['s = :s OR s = :s AND s = :other', true],
    ['(s = :s OR s = :s) AND s = :other', false],
    ['NOT s = :other AND n = :n', true],
    ['(s) = (:s)', true],
    ['n BETWEEN (:one) AND (:nine)', true],
    ['(s IN (:s)) AND (NOT (size(s) = :one))', true],
    ['attribute_not_exists(#missing)', true],
    ['s = :s and not n = :one or n in (:one)', true],
  ])('[dynamodb.expressions.conditions] %s is %s', async (condition, expected) => {
    expect(await holds(condition)).toBe(expected);
  });

  it('may be nested in many parentheses, in linear time', async () => {
    let nested = 'n = :n';
    for (let depth = 0; depth < 60; depth++) nested = `(${nested}) AND s = :s`;
    const before = performance.now();
    expect(await holds(nested)).toBe(true);
    // Doubling with each level, this would take longer than the universe has been there.
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('an expression that DynamoDB refuses', () => {
  it.each([
    ['', 'The expression can not be empty;'],
    ['((s = :s))', 'The expression has redundant parentheses;'],
    ['n = :n AND ((s = :s))', 'The expression has redundant parentheses;'],
    ['s = :s s', 'Syntax error; token: "s", near: ":s s"'],
    ['s = ', 'Syntax error; token: "<EOF>", near: "s ="'],
    ['s == :s', 'Syntax error; token: "=", near: "== :s"'],
    ['my-name = :s', 'Syntax error; token: "-", near: "my-name"'],
    ['(n = :n) AND (s = :s', 'Syntax error; token: "<EOF>", near: "= :s"'],
    ['name = :s', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['doc.Name = :s', 'Attribute name is a reserved keyword; reserved keyword: Name'],
    ['nothing(s)', 'Invalid function name; function: nothing'],
    ['size(s)', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'attribute_exists(s) = :s',
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    [
      'contains(s)',
      'Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1',
    ],
    ['attribute_exists(:s)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    [
      's = s',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [s]',
    ],
    ['s < :yes', 'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL'],
    [
      'begins_with(s, :n)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    [
      'attribute_type(s, :x)',
      'Invalid attribute type name found; type: x, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    [
      'n BETWEEN :nine AND :one',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {N:1}',
    ],
    [
      'n BETWEEN :one AND :s',
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:hello}',
    ],
    ['s = :absent', 'An expression attribute value used in expression is not defined; attribute value: :absent'],
    ['#absent = :s', 'An expression attribute name used in the document path is not defined; attribute name: #absent'],
  ])('%s', async (condition, reason) => {
    const error = await refusal(check(condition));
    expect(error).toMatchObject({
      code: 'ValidationException',
      message: `Invalid ConditionExpression: ${reason}`,
    });
  });

  const write = (input: object) =>
    refusal(cloud.call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: 'b' } }, ...input }));

  it.each([
    [
      { ExpressionAttributeNames: { '#a': 'a' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      { ExpressionAttributeValues: { ':a': { S: 'a' } } },
      'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    ],
    [
      { ConditionExpression: 'attribute_exists(id)', ExpressionAttributeNames: {} },
      'ExpressionAttributeNames must not be empty',
    ],
    [
      { ConditionExpression: 'attribute_exists(id)', ExpressionAttributeNames: { '#a': 'a', '#b': 'b' } },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}',
    ],
    [
      { ConditionExpression: 'attribute_exists(id)', ExpressionAttributeValues: { ':a': { S: 'a' } } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}',
    ],
    [
      { ConditionExpression: 'attribute_exists(id)', ExpressionAttributeNames: { a: 'a' } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      { ConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { N: 'x' } } },
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :a',
    ],
    [
      { ConditionExpression: 'id.child = :a', ExpressionAttributeValues: { ':a': { S: 'x' } } },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: id",
    ],
  ])('%j', async (input, message) => {
    expect(await write(input)).toMatchObject({ code: 'ValidationException', message });
  });

  it('[dynamodb.expressions.in-limit] compares with more than 100 values by IN', async () => {
    const names = Array.from({ length: 101 }, (_, i) => `:v${i}`);
    const error = await write({
      ConditionExpression: `id IN (${names.join(', ')})`,
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [name, { S: name }])),
    });
    expect(error.message).toBe(
      'Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101',
    );
  });

  it('[dynamodb.expressions.size] is larger than 4 KB', async () => {
    const ConditionExpression = `attribute_exists(${'x'.repeat(4096 - 18)})`;
    expect((await write({ ConditionExpression })).code).toBe('ConditionalCheckFailedException');
    expect((await write({ ConditionExpression: `${ConditionExpression} ` })).message).toBe(
      'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097',
    );
  });
});
