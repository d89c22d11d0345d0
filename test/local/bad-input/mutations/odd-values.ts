import type { Random } from '../random.ts';

/** Texts that someone forgets: empty, long, of other scripts, half a character, another account's. */
export const oddTexts: readonly string[] = [
  ...[
    '',
    ' ',
    'x',
    '.',
    '..',
    '/',
    '//',
    '*',
    '#',
    '$',
    '-1',
    '0',
    '1e400',
    'NaN',
    'null',
    'true',
    '{}',
    '[]',
    '{"a":',
  ],
  ...[
    '\u0000',
    '\ud800',
    '\udc00x',
    'é',
    'e\u0301',
    '𝒳𝒴',
    '\u202e',
    '\u2028',
    "'",
    '"',
    '\\',
    '%',
    '%zz',
    '${x}',
    '{% 1 %}',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'arn:aws:',
    'arn:aws:x:::',
    '$.a[',
    '#{a.b}',
    '../../etc',
  ],
  ...[
    'arn:aws:sqs:eu-west-1:999999999999:other',
    'arn:aws:lambda:us-east-1:123456789012:function:none',
    '9'.repeat(40),
  ],
  ...['2026-13-45T99:99:99Z', '1969-01-01T00:00:00Z', 'rate(0 minutes)', 'cron(* * * * * *)', 'P1D', 'a'.repeat(300)],
  'b'.repeat(5_000),
];

/** Numbers at and beyond the edges of what is meant. */
export const oddNumbers: readonly number[] = [
  ...[0, -0, 1, -1, 2, 1.5, -2147483649, 2147483648, 4294967296, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
  ...[1e21, 1e308, -1e308, 5e-324, 0.1],
];

/** Any JSON value, small or absurd. */
export function oddValue(random: Random): unknown {
  switch (random.below(10)) {
    case 0:
      return null;
    case 1:
      return random.happens(0.5);
    case 2:
    case 3:
      return random.pick(oddNumbers);
    case 4:
      return {};
    case 5:
      return [];
    case 6:
      return nested(1 + random.below(400), random.happens(0.5));
    case 7:
      return Array.from({ length: 1 + random.below(200) }, () => random.pick(oddTexts.slice(0, 40)));
    case 8:
      return Object.fromEntries(Array.from({ length: 3 }, () => [random.pick(oddTexts), random.pick(oddNumbers)]));
    default:
      return random.pick(oddTexts);
  }
}

function nested(depth: number, inLists: boolean): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level++) value = inLists ? [value] : { M: value };
  return value;
}
