import type { Attribute, Attributes, Condition, Write } from './store.ts';

/** A write in DynamoDB's expression language, values not yet marshalled. Empty parts are left out. */
export interface Expression {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
}

/**
 * Writes a condition (and an update) as expressions: attribute `x` is `#x`, its new value `:x`, its expected value
 * `:x_is`. Deterministic, because state machines hold the same text and a test compares the two.
 */
export function expressionOf(write: Write): Expression {
  const { absent = [], present = [], equals = {} } = write.when ?? ({} satisfies Condition);
  const set = 'update' in write ? (write.set ?? {}) : {};
  const remove = 'update' in write ? (write.remove ?? []) : [];
  const names = [...Object.keys(set), ...remove, ...absent, ...present, ...Object.keys(equals)];
  const values: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(set)) values[`:${name}`] = value;
  for (const [name, value] of Object.entries(equals)) values[`:${name}_is`] = value;
  const update = [
    clause(
      'SET',
      Object.keys(set).map((name) => `#${name} = :${name}`),
    ),
    clause(
      'REMOVE',
      remove.map((name) => `#${name}`),
    ),
  ]
    .filter((part) => part !== '')
    .join(' ');
  const condition = [
    ...absent.map((name) => `attribute_not_exists(#${name})`),
    ...present.map((name) => `attribute_exists(#${name})`),
    ...Object.keys(equals).map((name) => `#${name} = :${name}_is`),
  ].join(' AND ');
  return {
    ...(update && { UpdateExpression: update }),
    ...(condition && { ConditionExpression: condition }),
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])) }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function clause(word: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${word} ${parts.join(', ')}`;
}
