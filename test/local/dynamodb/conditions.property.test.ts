import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAttributes } from '../../../local/services/dynamodb/attribute-values.ts';
import { meets } from '../../../local/services/dynamodb/expressions/condition.ts';
import { parseCondition } from '../../../local/services/dynamodb/expressions/parse.ts';
import { encodeKeyValue } from '../../../local/services/dynamodb/keys.ts';
import { addNumbers, canonicalNumber, compareNumbers } from '../../../local/services/dynamodb/numbers.ts';

/** A value as JavaScript has it, for an evaluator that shares nothing with the one under test. */
type Plain = number | string | boolean | Set<string>;
type PlainItem = ReadonlyMap<string, Plain>;

/** A condition as text and as a function of plain values. */
interface Sample {
  readonly text: string;
  readonly holds: (item: PlainItem) => boolean;
}

const attributeNames = ['a0', 'a1', 'a2', 'a3'];
const text = fc.constantFrom('', 'a', 'ab', 'abc', 'b', '\uFF5E', '\u{1F680}');
const scalar: fc.Arbitrary<Plain> = fc.oneof(fc.integer({ min: -3, max: 12 }), text, fc.boolean());
const plain: fc.Arbitrary<Plain> = fc.oneof(
  scalar,
  fc.uniqueArray(fc.constantFrom('a', 'ab', 'b'), { minLength: 1 }).map((members) => new Set(members)),
);
const values: fc.Arbitrary<Map<string, Plain>> = fc
  .tuple(scalar, scalar, fc.integer({ min: -3, max: 12 }), text)
  .map((all) => new Map(all.map((value, i) => [`:v${i}`, value])));

function toAttribute(value: Plain): AttributeValue {
  if (typeof value === 'number') return { N: `${value}.0` };
  if (typeof value === 'string') return { S: value };
  return typeof value === 'boolean' ? { BOOL: value } : { SS: [...value] };
}

function isEqual(left: Plain, right: Plain): boolean {
  if (left instanceof Set && right instanceof Set) {
    return left.size === right.size && [...left].every((member) => right.has(member));
  }
  return left === right;
}

function order(left: Plain | undefined, right: Plain | undefined): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  // Code points have the order of their UTF-8 bytes; UTF-16 units do not.
  if (typeof left === 'string' && typeof right === 'string') return codePointOrder([...left], [...right]);
  return undefined;
}

function codePointOrder(left: string[], right: string[]): number {
  for (const [i, character] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

const comparators: Record<string, (left: Plain | undefined, right: Plain | undefined) => boolean> = {
  '=': (left, right) => left !== undefined && right !== undefined && isEqual(left, right),
  '<>': (left, right) => left === undefined || right === undefined || !isEqual(left, right),
  '<': (left, right) => (order(left, right) ?? 1) < 0,
  '<=': (left, right) => (order(left, right) ?? 1) <= 0,
  '>': (left, right) => (order(left, right) ?? -1) > 0,
  '>=': (left, right) => (order(left, right) ?? -1) >= 0,
};

const neverHolds = (): boolean => false;

const attribute = fc.constantFrom(...attributeNames);

function leaf(bound: ReadonlyMap<string, Plain>): fc.Arbitrary<Sample> {
  const names = [...bound.keys()];
  const ordered = names.filter((name) => typeof bound.get(name) !== 'boolean');
  const comparison = fc
    .tuple(attribute, fc.constantFrom('=', '<>', '<', '<=', '>', '>='), fc.nat(), fc.boolean())
    .map(([left, operator, pick, isTurned]): Sample => {
      const pool = operator === '=' || operator === '<>' ? names : ordered;
      const right = pool[pick % pool.length] ?? '';
      const compare = comparators[operator] ?? neverHolds;
      return isTurned
        ? { text: `${right} ${operator} ${left}`, holds: (item) => compare(bound.get(right), item.get(left)) }
        : { text: `${left} ${operator} ${right}`, holds: (item) => compare(item.get(left), bound.get(right)) };
    });
  const existence = fc.tuple(attribute, fc.boolean()).map(([name, exists]): Sample => ({
    text: `attribute_${exists ? '' : 'not_'}exists(${name})`,
    holds: (item) => item.has(name) === exists,
  }));
  const prefix = attribute.map((name): Sample => ({
    text: `begins_with(${name}, :v3)`,
    holds: (item) => {
      const value = item.get(name);
      return typeof value === 'string' && value.startsWith(String(bound.get(':v3')));
    },
  }));
  const containment = attribute.map((name): Sample => ({
    text: `contains(${name}, :v3)`,
    holds: (item) => {
      const value = item.get(name);
      const sought = String(bound.get(':v3'));
      return typeof value === 'string' ? value.includes(sought) : value instanceof Set && value.has(sought);
    },
  }));
  const membership = fc.tuple(attribute, fc.subarray(names, { minLength: 1 })).map(([name, among]): Sample => ({
    text: `${name} IN (${among.join(', ')})`,
    holds: (item) => among.some((other) => comparators['=']?.(item.get(name), bound.get(other))),
  }));
  return fc.oneof(comparison, existence, prefix, containment, membership);
}

/** Trees with every junction in parentheses of its own, or in none where precedence says the same. */
function condition(bound: ReadonlyMap<string, Plain>): fc.Arbitrary<Sample> {
  const { tree } = fc.letrec<{ tree: Sample; group: Sample }>((tie) => ({
    group: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf(bound),
      tie('tree').map((inner) => ({ ...inner, text: `(${inner.text})` })),
    ),
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf(bound),
      tie('group').map((inner): Sample => ({ text: `NOT ${inner.text}`, holds: (item) => !inner.holds(item) })),
      fc.array(tie('group'), { minLength: 2, maxLength: 4 }).chain((parts) =>
        fc
          .array(fc.constantFrom('AND', 'OR'), { minLength: parts.length - 1, maxLength: parts.length - 1 })
          .map((words): Sample => ({
            text: parts.map((part, i) => (i === 0 ? part.text : `${words[i - 1]} ${part.text}`)).join(' '),
            holds: (item) =>
              joined(
                parts.map((part) => part.holds(item)),
                words,
              ),
          })),
      ),
    ),
  }));
  return tree;
}

/** AND binds closer than OR. */
function joined(parts: readonly boolean[], words: readonly string[]): boolean {
  const runs: boolean[][] = [[]];
  for (const [i, part] of parts.entries()) {
    if (i > 0 && words[i - 1] === 'OR') runs.push([]);
    runs.at(-1)?.push(part);
  }
  return runs.some((run) => run.every(Boolean));
}

describe('condition evaluation', () => {
  it('[dynamodb.expressions.conditions] agrees with a plain evaluator on any condition and item', () => {
    const items = fc.dictionary(attribute, plain, { noNullPrototype: true });
    const samples = values.chain((bound) => fc.tuple(fc.constant(bound), condition(bound), items));
    let trueCount = 0;
    fc.assert(
      fc.property(samples, ([bound, sample, item]) => {
        const attributes = readAttributes(mapValues(item, toAttribute));
        const named = readAttributes(mapValues(Object.fromEntries(bound), toAttribute));
        const { tree } = parseCondition(sample.text, { names: {}, values: named });
        const expected = sample.holds(new Map(Object.entries(item)));
        trueCount += expected ? 1 : 0;
        expect(meets(tree, attributes, named)).toBe(expected);
      }),
      { numRuns: 500 },
    );
    // Both outcomes occur, so neither "always true" nor "always false" could pass.
    expect(trueCount).toBeGreaterThan(50);
    expect(trueCount).toBeLessThan(450);
  });
});

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

describe('numbers', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: -20, max: 20 }))
    .map(([digits, exponent]) => ({ text: `${digits}E${exponent}`, scaled: digits * 10n ** BigInt(exponent + 20) }));

  it('[dynamodb.numbers.exact] sort by their key bytes as by their values', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const [a, b] = [canonicalNumber(left.text), canonicalNumber(right.text)];
        const expected = left.scaled < right.scaled ? -1 : left.scaled > right.scaled ? 1 : 0;
        expect(Buffer.compare(encodeKeyValue({ N: a }), encodeKeyValue({ N: b }))).toBe(expected);
        expect(Math.sign(compareNumbers(a, b))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('have one text per value, and add exactly', () => {
    const small = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(small, small, fc.nat({ max: 6 }), (a, b, places) => {
        const scale = (value: number): string => canonicalNumber(`${value}E-${places}`);
        expect(addNumbers(scale(a), scale(b))).toBe(scale(a + b));
        expect(addNumbers(scale(a), scale(b), -1)).toBe(scale(a - b));
        expect(canonicalNumber(`${a}0E-${places + 1}`)).toBe(scale(a));
      }),
    );
  });
});
