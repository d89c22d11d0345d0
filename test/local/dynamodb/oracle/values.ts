import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Random } from '../../bad-input/random.ts';

const numbers = [
  ...[
    '0',
    '-0',
    '1',
    '2',
    '3',
    '10',
    '-1',
    '1.5',
    '-2.50',
    '007',
    '1e3',
    '1E-3',
    '+4',
    '.5',
    '5.',
    '100000000000000000000',
  ],
  ...[
    '1e125',
    '9.9999999999999999999999999999999999999E+125',
    '1e-130',
    '-1e125',
    '12345678901234567890123456789012345678',
  ],
  ...['0.1', '0.2', '0.30', '99', '1000000'],
];
const badNumbers = ['', 'abc', '1e126', '1e-131', '123456789012345678901234567890123456789', '0x1', 'NaN', '1,5', ' 1'];
const texts = ['', 'a', 'b', 'ab', 'abc', 'B', 'é', '😀', 'a b', '0', '10', '9', 'name'];
const bytes = ['', 'a', 'ab', 'b', '\u00ff\u0000'].map((text) => Buffer.from(text, 'latin1'));

/** A valid value of any type, nested at most `depth` levels. */
export function anyValue(random: Random, depth = 2): AttributeValue {
  switch (random.below(depth > 0 ? 12 : 9)) {
    case 0:
    case 1:
    case 2:
      return { N: random.pick(numbers) };
    case 3:
    case 4:
      return { S: random.pick(texts) };
    case 5:
      return { B: random.pick(bytes) };
    case 6:
      return random.happens(0.5) ? { BOOL: random.happens(0.5) } : { NULL: true };
    case 7:
    case 8:
      return anySet(random);
    case 9:
      return { L: Array.from({ length: random.below(4) }, () => anyValue(random, depth - 1)) };
    default: {
      const names = ['x', 'y', 'z', 'name'].slice(0, random.below(5));
      return { M: Object.fromEntries(names.map((name) => [name, anyValue(random, depth - 1)])) };
    }
  }
}

function anySet(random: Random): AttributeValue {
  const some = <T>(from: readonly T[]): T[] => from.filter(() => random.happens(0.4));
  switch (random.below(3)) {
    case 0:
      return { SS: ['a', ...some(['b', 'c', 'ab', 'é'])] };
    case 1:
      return { NS: ['1', ...some(['2', '3', '1.5', '-4', '1e3'])] };
    default:
      return { BS: [Buffer.from('a'), ...some([Buffer.from('b'), Buffer.from('ab')])] };
  }
}

/** A value that DynamoDB refuses. */
export function badValue(random: Random): AttributeValue {
  const values: readonly AttributeValue[] = [
    { N: random.pick(badNumbers) },
    { SS: [] },
    { NS: [] },
    { SS: ['a', 'a'] },
    { NS: ['1', '1.0'] },
    { NS: ['1', 'x'] },
    { NULL: false },
    { SS: ['a', ''] },
    { L: [{ N: 'x' }] },
    // The types allow one member only; what a client without types sends is what is tried here.
    {} as AttributeValue,
    { S: 'a', N: '1' } as unknown as AttributeValue,
  ];
  return random.pick(values);
}
