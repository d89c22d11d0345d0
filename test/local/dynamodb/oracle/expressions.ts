import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Random } from '../../bad-input/random.ts';
import { anyValue, badValue } from './values.ts';

/** The names and values that the expressions of one request use. */
export class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  name(name: string): string {
    const found = Object.keys(this.names).find((key) => this.names[key] === name);
    const key = found ?? `#n${Object.keys(this.names).length}`;
    this.names[key] = name;
    return key;
  }

  value(value: AttributeValue = anyValue(this.#random)): string {
    const key = `:v${Object.keys(this.values).length}`;
    this.values[key] = this.#random.happens(0.004) ? badValue(this.#random) : value;
    return key;
  }

  /** The members of a request; now and then one too many or too few. */
  members(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, AttributeValue>;
  } {
    if (this.#random.happens(0.02)) this.values[':unused'] = { S: 'x' };
    if (this.#random.happens(0.02)) this.names['#unused'] = 'x';
    if (this.#random.happens(0.02)) delete this.values[':v0'];
    return {
      ...(Object.keys(this.names).length > 0 && { ExpressionAttributeNames: this.names }),
      ...(Object.keys(this.values).length > 0 && { ExpressionAttributeValues: this.values }),
    };
  }
}

const attributes = ['a', 'b', 'c', 'm', 'l', 's', 'n', 'holder', 'score'];
const reserved = ['name', 'status', 'size', 'Count', 'value'];

/** A document path; now and then a reserved word, or one that leads nowhere. */
export function path(random: Random, use: Placeholders): string {
  const head = random.happens(0.02) ? random.pick(reserved) : random.pick(attributes);
  const start = random.happens(0.2) ? use.name(random.happens(0.2) ? random.pick(reserved) : head) : head;
  switch (random.below(8)) {
    case 0:
      return `${start}.${random.pick(['x', 'y', use.name('name')])}`;
    case 1:
      return `${start}[${random.below(3)}]`;
    case 2:
      return `${start}.x[0].${random.pick(['x', 'y'])}`;
    default:
      return start;
  }
}

/** A condition of at most `depth` levels. */
export function condition(random: Random, use: Placeholders, depth = 2): string {
  if (depth > 0 && random.happens(0.45)) {
    const left = condition(random, use, depth - 1);
    switch (random.below(5)) {
      case 0:
        return `NOT ${left}`;
      case 1:
        return `(${left}) OR ${condition(random, use, depth - 1)}`;
      case 2:
        return `${left} AND (${condition(random, use, depth - 1)})`;
      default:
        return `${left} ${random.pick(['AND', 'OR', 'and', 'or'])} ${condition(random, use, depth - 1)}`;
    }
  }
  return comparison(random, use);
}

const types = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'BOOL', 'NULL'];

function comparison(random: Random, use: Placeholders): string {
  const place = path(random, use);
  switch (random.below(12)) {
    case 0:
      return `attribute_exists(${place})`;
    case 1:
      return `attribute_not_exists(${place})`;
    case 2:
      return `attribute_type(${place}, ${use.value({ S: random.happens(0.95) ? random.pick(types) : 'X' })})`;
    case 3:
      return `begins_with(${place}, ${use.value(random.happens(0.8) ? { S: 'a' } : anyValue(random))})`;
    case 4:
      return `contains(${place}, ${use.value()})`;
    case 5:
      return `size(${place}) ${random.pick(['<', '>=', '='])} ${use.value({ N: String(random.below(4)) })}`;
    case 6:
      return `${place} BETWEEN ${use.value({ N: '1' })} AND ${use.value({ N: '3' })}`;
    case 7:
      return `${place} IN (${use.value()}, ${use.value()})`;
    case 8:
      return random.pick([
        `${place} =`,
        `foo(${place})`,
        `${place} == ${use.value()}`,
        `${place} = a = b`,
        `size(${place})`,
        '',
      ]);
    default:
      return `${place} ${random.pick(['=', '<>', '<', '<=', '>', '>='])} ${random.happens(0.2) ? path(random, use) : use.value()}`;
  }
}

/** An update expression of one to three clauses. */
export function update(random: Random, use: Placeholders): string {
  const clauses: string[] = [];
  if (random.happens(0.8)) clauses.push(`SET ${many(random, () => assignment(random, use))}`);
  if (random.happens(0.25)) clauses.push(`REMOVE ${many(random, () => path(random, use))}`);
  if (random.happens(0.25))
    clauses.push(`ADD ${many(random, () => `${path(random, use)} ${use.value(added(random))}`)}`);
  if (random.happens(0.15)) clauses.push(`DELETE ${path(random, use)} ${use.value(added(random))}`);
  if (random.happens(0.02)) clauses.push(random.pick(['SET', 'PUT a b', 'SET a = b', 'REMOVE']));
  return clauses.join(random.happens(0.9) ? ' ' : '\n\t ');
}

function added(random: Random): AttributeValue {
  return random.pick([{ N: '1' }, { N: '-2.5' }, { SS: ['a', 'z'] }, { NS: ['1', '9'] }, anyValue(random)]);
}

function many(random: Random, one: () => string): string {
  return Array.from({ length: random.happens(0.7) ? 1 : 2 }, one).join(', ');
}

function assignment(random: Random, use: Placeholders): string {
  const to = path(random, use);
  const from = path(random, use);
  switch (random.below(7)) {
    case 0:
      return `${to} = if_not_exists(${from}, ${use.value()})`;
    case 1:
      return `${to} = list_append(${from}, ${use.value({ L: [{ N: '1' }] })})`;
    case 2:
      return `${to} = ${from} + ${use.value({ N: random.pick(['1', '0.1', '-3']) })}`;
    case 3:
      return `${to} = if_not_exists(${from}, ${use.value({ N: '0' })}) - ${use.value({ N: '1' })}`;
    case 4:
      return `${to} = ${from}`;
    default:
      return `${to} = ${use.value()}`;
  }
}

/** A projection of one to three paths. */
export function projection(random: Random, use: Placeholders): string {
  return Array.from({ length: 1 + random.below(3) }, () => path(random, use)).join(', ');
}
