import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { topicCloud, type TopicCloud } from './topic-cloud.ts';

const queueArn = 'arn:aws:sqs:us-east-1:123456789012:inbox';

let topic: TopicCloud;
let arrived: JsonObject[];
beforeEach(async () => {
  topic = await topicCloud();
  arrived = [];
  topic.cloud.answer('sqs', 'SendMessage', (input: JsonObject) => (arrived.push(input), {}));
});
afterEach(() => topic.cloud.close());

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
const list = (...values: unknown[]) => ({ DataType: 'String.Array', StringValue: JSON.stringify(values) });

async function arrives(policy: object, message: object, scope?: string): Promise<boolean> {
  const attributes = { FilterPolicy: JSON.stringify(policy), ...(scope && { FilterPolicyScope: scope }) };
  const arn = await topic.subscribe('sqs', queueArn, attributes);
  await topic.publish({ Message: 'text', ...message });
  await topic.cloud.timers.settled();
  await topic.cloud.call('sns', 'Unsubscribe', { SubscriptionArn: arn });
  return arrived.splice(0).length === 1;
}

function set(SubscriptionArn: string, AttributeName: string, AttributeValue: string): Promise<unknown> {
  return topic.cloud.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
}

describe('a filter policy over message attributes', () => {
  it.each([
    ['[sns.filter.exact]', ['rugby', 'tennis'], [text('rugby'), list('golf', 'tennis')], [text('Rugby'), list('golf')]],
    [
      '[sns.filter.exact-literals]',
      [true, null, 7],
      [list(null), list(true), number('7.0')],
      [text('true'), text('7')],
    ],
    ['[sns.filter.prefix]', [{ prefix: 'bas' }], [text('baseball')], [text('rugby'), number('1')]],
    ['[sns.filter.suffix]', [{ suffix: 'ball' }], [text('baseball')], [text('balls')]],
    ['[sns.filter.equals-ignore-case]', [{ 'equals-ignore-case': 'tennis' }], [text('TENNIS')], [text('tenni')]],
    [
      '[sns.filter.wildcard]',
      [{ wildcard: 'b*b*l' }],
      [text('baseball'), text('bbl')],
      [text('bal'), text('baseballs'), text('abbl')],
    ],
    ['[sns.filter.cidr]', [{ cidr: '10.0.0.0/24' }], [text('10.0.0.255')], [text('10.1.1.0'), text('10.0.0.x')]],
    ['[sns.filter.numeric-equals]', [{ numeric: ['=', 301.5] }], [number('3.015e2')], [number('301'), text('301.5')]],
    [
      '[sns.filter.numeric-range]',
      [{ numeric: ['>', 0, '<=', 150] }],
      [number('150'), number('0.1')],
      [number('0'), number('151')],
    ],
    [
      '[sns.filter.anything-but]',
      [{ 'anything-but': ['rugby', 'tennis'] }],
      [text('golf'), list('rugby', 'golf')],
      [text('rugby'), list('rugby', 'tennis'), undefined],
    ],
    ['[sns.filter.anything-but-number]', [{ 'anything-but': [100, 500] }], [number('101')], [number('100')]],
    [
      '[sns.filter.anything-but-prefix]',
      [{ 'anything-but': { prefix: 'order-' } }],
      [text('order_1')],
      [text('order-1')],
    ],
    ['[sns.filter.anything-but-suffix]', [{ 'anything-but': { suffix: 'ball' } }], [text('rugby')], [text('baseball')]],
    ['[sns.filter.exists]', [{ exists: true }], [text('any')], [undefined]],
    ['[sns.filter.absent]', [{ exists: false }], [undefined], [text('any')]],
    ['[sns.filter.absent-or-value]', [{ exists: false }, { 'anything-but': 'x' }], [undefined, text('y')], [text('x')]],
    [
      '[sns.filter.binary-ignored]',
      [{ exists: true }],
      [text('x')],
      [{ DataType: 'Binary', BinaryValue: new Uint8Array([1]) }],
    ],
  ])('%s lets through what fits and nothing else', async (_rule, values, fitting, others) => {
    const verdicts = async (attributes: readonly (object | undefined)[]): Promise<boolean[]> => {
      const arrivals: boolean[] = [];
      for (const attribute of attributes) {
        const MessageAttributes = attribute && { key: attribute };
        arrivals.push(await arrives({ key: values }, { ...(MessageAttributes && { MessageAttributes }) }));
      }
      return arrivals;
    };
    expect(await verdicts(fitting)).toEqual(fitting.map(() => true));
    expect(await verdicts(others)).toEqual(others.map(() => false));
  });

  it('[sns.filter.and] wants every key', async () => {
    const policy = { a: ['1'], b: ['2'] };
    expect(await arrives(policy, { MessageAttributes: { a: text('1'), b: text('2'), c: text('3') } })).toBe(true);
    expect(await arrives(policy, { MessageAttributes: { a: text('1') } })).toBe(false);
  });

  it('[sns.filter.or] takes any of what $or offers', async () => {
    const policy = { source: ['s'], $or: [{ metric: ['m'] }, { space: ['n'] }] };
    const source = text('s');
    expect(await arrives(policy, { MessageAttributes: { source, metric: text('m') } })).toBe(true);
    expect(await arrives(policy, { MessageAttributes: { source, space: text('n') } })).toBe(true);
    expect(await arrives(policy, { MessageAttributes: { source } })).toBe(false);
    expect(await arrives(policy, { MessageAttributes: { metric: text('m') } })).toBe(false);
  });

  it('[sns.filter.or-is-a-name] takes $or for a name when it holds less than two objects', async () => {
    expect(await arrives({ $or: ['x'] }, { MessageAttributes: {} })).toBe(false);
  });
});

describe('a filter policy over the message body', () => {
  it.each([
    ['[sns.filter.body-nested]', { a: { b: ['x'] } }, '{"a":{"b":"x"}}', true],
    ['[sns.filter.body-nested]', { a: { b: ['x'] } }, '{"a":{"b":"y"}}', false],
    ['[sns.filter.body-array]', { a: { b: ['x'] } }, '{"a":[{"b":"y"},{"b":"x"}]}', true],
    ['[sns.filter.body-number]', { n: [{ numeric: ['<', 5] }] }, '{"n":4}', true],
    ['[sns.filter.body-number]', { n: [{ numeric: ['<', 5] }] }, '{"n":"4"}', false],
    ['[sns.filter.body-null]', { n: [null] }, '{"n":null}', true],
    ['[sns.filter.body-exists-not-null]', { n: [{ exists: true }] }, '{"n":null}', false],
    ['[sns.filter.body-exists-not-null]', { n: [{ exists: true }] }, '{"n":""}', false],
    ['[sns.filter.body-or]', { d: { $or: [{ x: [1] }, { y: [2] }] } }, '{"d":{"y":2}}', true],
    ['[sns.filter.body-no-json]', { n: [{ exists: false }] }, 'plain', false],
    ['[sns.filter.body-no-object]', { n: [{ exists: false }] }, '[1]', false],
    ['[sns.filter.empty]', {}, 'plain', true],
  ])('%s decides %j for %s', async (_rule, policy, Message, expected) => {
    expect(await arrives(policy, { Message }, 'MessageBody')).toBe(expected);
  });

  it('[sns.filter.scope-default] looks at attributes if nothing else is set', async () => {
    expect(await arrives({ a: ['x'] }, { Message: '{"a":"x"}' })).toBe(false);
  });
});

describe('an invalid filter policy', () => {
  const many = (count: number) => Array.from({ length: count }, (_value, index) => `v${index}`);

  it.each([
    ['[sns.filter.json]', '{', 'failed to parse JSON'],
    ['[sns.filter.object]', '[]', 'must be a JSON object'],
    ['[sns.filter.array]', { a: 'x' }, '"a" must be an object or an array'],
    ['[sns.filter.empty-array]', { a: [] }, 'Empty arrays are not allowed'],
    ['[sns.filter.empty-object]', { a: {} }, 'Empty objects are not allowed'],
    ['[sns.filter.value]', { a: [['x']] }, 'Match value must be String, number, true, false, or null'],
    ['[sns.filter.one-operator]', { a: [{ prefix: 'x', suffix: 'y' }] }, 'Only one key allowed'],
    ['[sns.filter.operator]', { a: [{ regex: 'x' }] }, 'Unrecognized match type regex'],
    ['[sns.filter.operator]', { a: [{ toString: 'x' }] }, 'Unrecognized match type toString'],
    ['[sns.filter.text]', { a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    ['[sns.filter.exists-boolean]', { a: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false'],
    ['[sns.filter.numeric-operator]', { a: [{ numeric: ['!=', 1] }] }, 'Unrecognized numeric range operator'],
    ['[sns.filter.numeric-value]', { a: [{ numeric: ['=', '1'] }] }, 'Value of equals must be numeric'],
    ['[sns.filter.numeric-member]', { a: [{ numeric: [] }] }, 'Invalid member in numeric match'],
    ['[sns.filter.numeric-order]', { a: [{ numeric: ['>', 2, '<', 1] }] }, 'Bottom must be less than top'],
    ['[sns.filter.numeric-terms]', { a: [{ numeric: ['=', 2, '<', 1] }] }, 'Too many elements in numeric expression'],
    ['[sns.filter.cidr-form]', { a: [{ cidr: '10.0.0.0' }] }, 'Malformed CIDR'],
    ['[sns.filter.anything-but-operator]', { a: [{ 'anything-but': { numeric: [] } }] }, 'Unsupported anything-but'],
    ['[sns.filter.key-count]', { a: ['x'], b: ['x'], c: ['x'], d: ['x'], e: ['x'], f: ['x'] }, 'more than 5 keys'],
    ['[sns.filter.combinations]', { a: many(151) }, 'too complex'],
    ['[sns.filter.combinations]', { a: many(13), b: many(12) }, 'too complex'],
    ['[sns.filter.combinations-or]', { $or: [{ a: many(100) }, { b: many(51) }] }, 'too complex'],
    ['[sns.filter.size]', { a: ['x'.repeat(262_144)] }, 'too large'],
    ['[sns.filter.nested]', { a: { b: ['x'] } }, 'MessageAttributes does not support nested filter policy'],
  ])('%s %j is refused', async (_rule, policy, message) => {
    const FilterPolicy = typeof policy === 'string' ? policy : JSON.stringify(policy);
    const refused = topic.subscribe('sqs', queueArn, { FilterPolicy });
    await expect(refused).rejects.toMatchObject({ code: 'InvalidParameterException' });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(/^Invalid parameter: Attributes Reason: Filter ?[Pp]olicy/);
    expect(await topic.cloud.call('sns', 'ListSubscriptions', {})).toEqual({ Subscriptions: [] });
  });

  it('[sns.filter.combinations-or] adds what $or offers, and multiplies by depth', async () => {
    const documented = {
      $or: [{ a: many(2) }, { b: many(2) }],
      detail: { scope: ['x'], $or: [{ c: ['x'] }, { d: ['x'] }] },
    };
    const filled = { ...documented, fill: many(5) };
    const body = { FilterPolicyScope: 'MessageBody' };
    // Its documented 32 combinations make 128 with four more values, and 160 with five.
    const fourTimes = JSON.stringify({ ...documented, fill: many(4) });
    await topic.subscribe('sqs', queueArn, { ...body, FilterPolicy: fourTimes });
    await expect(
      topic.subscribe('sqs', `${queueArn}2`, { ...body, FilterPolicy: JSON.stringify(filled) }),
    ).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  it('[sns.filter.or-bounded] is refused before a $or has multiplied', async () => {
    const or = (name: string) => ({ $or: [...Array(100).keys()].map((n) => ({ [`${name}${n}`]: ['x'] })) });
    const FilterPolicy = JSON.stringify({ a: or('a'), b: or('b'), c: or('c'), d: or('d') });
    await expect(
      topic.subscribe('sqs', queueArn, { FilterPolicy, FilterPolicyScope: 'MessageBody' }),
    ).rejects.toMatchObject({ message: expect.stringContaining('too complex') as unknown });
  });

  it('[sns.filter.scope] is also one of an unknown scope, and one that a change of scope would leave', async () => {
    const nested = { FilterPolicy: '{"a":{"b":["x"]}}', FilterPolicyScope: 'MessageBody' };
    const arn = await topic.subscribe('sqs', queueArn, nested);
    await expect(set(arn, 'FilterPolicyScope', 'Body')).rejects.toMatchObject({
      message: expect.stringMatching(/^Invalid parameter: FilterPolicyScope: Invalid value \[Body\]/) as unknown,
    });
    await expect(set(arn, 'FilterPolicyScope', 'MessageAttributes')).rejects.toMatchObject({
      message: 'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
    });
    const { Attributes } = await topic.cloud.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn: arn });
    expect(Attributes).toMatchObject(nested);
  });
});

describe('the policy of a subscription', () => {
  it('[sns.filter.set] is set, shown with its scope, and ended', async () => {
    const arn = await topic.subscribe('sqs', queueArn);
    const attributes = async (): Promise<unknown> =>
      (await topic.cloud.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn: arn }))['Attributes'];
    expect(await attributes()).not.toHaveProperty('FilterPolicyScope');
    await set(arn, 'FilterPolicy', '{"a":["x"]}');
    expect(await attributes()).toMatchObject({ FilterPolicy: '{"a":["x"]}', FilterPolicyScope: 'MessageAttributes' });
    await topic.publish({ Message: 'one' });
    await set(arn, 'FilterPolicy', '');
    expect(await attributes()).not.toHaveProperty('FilterPolicy');
    await topic.publish({ Message: 'two' });
    await topic.cloud.timers.settled();
    expect(arrived.map(({ MessageBody }) => JSON.parse(String(MessageBody)) as object)).toMatchObject([
      { Message: 'two' },
    ]);
  });

  it('[sns.filter.count] is refused past 200 of a topic', async () => {
    const FilterPolicy = '{"a":["x"]}';
    for (let n = 0; n < 200; n++) await topic.subscribe('sqs', `${queueArn}${n}`, { FilterPolicy });
    const code = 'FilterPolicyLimitExceededException';
    await expect(topic.subscribe('sqs', queueArn, { FilterPolicy })).rejects.toMatchObject({ code });
    const arn = await topic.subscribe('sqs', queueArn);
    await expect(set(arn, 'FilterPolicy', FilterPolicy)).rejects.toMatchObject({ code });
  });

  it('[sns.filter.template] comes from a template as an object', async () => {
    const properties = { TopicArn: topic.topicArn, Protocol: 'sqs', Endpoint: queueArn };
    await topic.cloud.provision('AWS::SNS::Subscription', 'Sub', {
      ...properties,
      FilterPolicy: { kind: { of: ['x'] } },
      FilterPolicyScope: 'MessageBody',
    });
    await topic.publish({ Message: '{"kind":{"of":"y"}}' });
    await topic.publish({ Message: '{"kind":{"of":"x"}}' });
    await topic.cloud.timers.settled();
    expect(arrived).toHaveLength(1);
  });
});
