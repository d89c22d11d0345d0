import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/json.ts';
import { compilePattern } from '../../../local/services/events/pattern/compile.ts';
import { flattenEvent } from '../../../local/services/events/pattern/flatten.ts';
import { matchesPattern } from '../../../local/services/events/pattern/match.ts';

function matches(pattern: Json, event: Json): boolean {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  return matchesPattern(compilePattern(text), flattenEvent(event));
}

type Case = readonly [string, Json, Json, boolean];

const cases: readonly Case[] = [
  ['[events.pattern.exact] a listed value', { source: ['a', 'b'] }, { source: 'b' }, true],
  ['[events.pattern.exact] no other value', { source: ['a'] }, { source: 'A' }, false],
  ['[events.pattern.all-fields] all fields, not one', { a: [1], b: [2] }, { a: 1, b: 3 }, false],
  ['[events.pattern.nesting] nested fields', { detail: { state: ['ok'] } }, { detail: { state: 'ok', more: 1 } }, true],
  [
    '[events.pattern.dots] dotted names as nested ones',
    { detail: { 'state.status': ['ok'] } },
    { detail: { state: { status: 'ok' } } },
    true,
  ],
  ['[events.pattern.number] a number however written', { a: [300] }, JSON.parse('{"a":3e2}'), true],
  ['[events.pattern.number] no text for a number', { a: [300] }, { a: '300' }, false],
  ['[events.pattern.null] null but not absence', { a: [null] }, {}, false],
  ['[events.pattern.null] null', { a: [null] }, { a: null }, true],
  ['[events.pattern.null] no empty text for null', { a: [null] }, { a: '' }, false],
  ['[events.pattern.array] an element of an array', { a: ['x'] }, { a: ['y', 'x'] }, true],
  [
    '[events.pattern.array-elements] fields of one array element',
    { l: { a: [1], b: [2] } },
    { l: [{ a: 1, b: 2 }, { a: 3 }] },
    true,
  ],
  [
    '[events.pattern.array-elements] never fields of two elements',
    { l: { a: [1], b: [2] } },
    { l: [{ a: 1 }, { b: 2 }] },
    false,
  ],
  [
    '[events.pattern.array-elements] fields of two arrays freely',
    { l: { a: [1] }, m: { b: [2] } },
    { l: [{ a: 0 }, { a: 1 }], m: [{ b: 2 }] },
    true,
  ],
  ['[events.pattern.prefix] prefix', { a: [{ prefix: 'ab' }] }, { a: 'abc' }, true],
  ['[events.pattern.prefix] prefix never of numbers', { a: [{ prefix: '1' }] }, { a: 12 }, false],
  [
    '[events.pattern.prefix] prefix in any case',
    { a: [{ prefix: { 'equals-ignore-case': 'AB' } }] },
    { a: 'abc' },
    true,
  ],
  ['[events.pattern.suffix] suffix', { a: [{ suffix: '.png' }] }, { a: 'x.png' }, true],
  [
    '[events.pattern.suffix] suffix in any case',
    { a: [{ suffix: { 'equals-ignore-case': '.PNG' } }] },
    { a: 'x.png' },
    true,
  ],
  [
    '[events.pattern.equals-ignore-case] equals-ignore-case',
    { a: [{ 'equals-ignore-case': 'aBc' }] },
    { a: 'AbC' },
    true,
  ],
  ['[events.pattern.wildcard] wildcard', { a: [{ wildcard: 'a*c*e' }] }, { a: 'abcde' }, true],
  ['[events.pattern.wildcard] wildcard pieces in order only', { a: [{ wildcard: 'a*c*b*e' }] }, { a: 'abcde' }, false],
  ['[events.pattern.wildcard] wildcard with an escaped star', { a: [{ wildcard: 'a\\*c' }] }, { a: 'a*c' }, true],
  ['[events.pattern.wildcard] wildcard without overlap', { a: [{ wildcard: 'ab*ba' }] }, { a: 'aba' }, false],
  ['[events.pattern.anything-but] anything-but', { a: [{ 'anything-but': 'x' }] }, { a: 'y' }, true],
  ['[events.pattern.anything-but] anything-but, excluded', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
  [
    '[events.pattern.anything-but-number] anything-but numbers: any text',
    { a: [{ 'anything-but': [111] }] },
    { a: '111' },
    true,
  ],
  ['[events.pattern.anything-but] anything-but: the field must be there', { a: [{ 'anything-but': 'x' }] }, {}, false],
  [
    '[events.pattern.anything-but-array] anything-but in an array: any other element',
    { a: [{ 'anything-but': 'x' }] },
    { a: ['x', 'y'] },
    true,
  ],
  [
    '[events.pattern.anything-but-operator] anything-but prefix',
    { a: [{ 'anything-but': { prefix: 'x' } }] },
    { a: 'xy' },
    false,
  ],
  [
    '[events.pattern.anything-but-operator] anything-but prefix list',
    { a: [{ 'anything-but': { prefix: ['x', 'y'] } }] },
    { a: 'z' },
    true,
  ],
  [
    '[events.pattern.anything-but-operator] anything-but suffix',
    { a: [{ 'anything-but': { suffix: 'x' } }] },
    { a: 'y' },
    true,
  ],
  [
    '[events.pattern.anything-but-operator] anything-but equals-ignore-case',
    { a: [{ 'anything-but': { 'equals-ignore-case': ['X'] } }] },
    { a: 'x' },
    false,
  ],
  [
    '[events.pattern.anything-but-operator] anything-but wildcard',
    { a: [{ 'anything-but': { wildcard: '*x*' } }] },
    { a: 'axb' },
    false,
  ],
  ['[events.pattern.numeric] numeric equality', { a: [{ numeric: ['=', 3.018e2] }] }, { a: 301.8 }, true],
  ['[events.pattern.numeric] numeric range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  ['[events.pattern.numeric] numeric range, open end', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 0 }, false],
  ['[events.pattern.numeric] numeric never of texts', { a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
  ['[events.pattern.cidr] cidr', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.255' }, true],
  ['[events.pattern.cidr] cidr, outside', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.1.0' }, false],
  ['[events.pattern.cidr] cidr of IPv6', { a: [{ cidr: '2001:db8::/32' }] }, { a: '2001:db8:1::1' }, true],
  ['[events.pattern.exists] exists', { a: [{ exists: true }] }, { a: null }, true],
  ['[events.pattern.exists] exists only of leaves', { a: [{ exists: true }] }, { a: { b: 1 } }, false],
  ['[events.pattern.exists] exists false', { a: [{ exists: false }] }, { b: 1 }, true],
  ['[events.pattern.exists] exists false where a value may also do', { a: [{ exists: false }, 'x'] }, { a: 'x' }, true],
  ['[events.pattern.exists] exists false on an object', { a: [{ exists: false }] }, { a: { b: 1 } }, true],
  ['[events.pattern.exists] exists false on an empty array', { a: [{ exists: false }] }, { a: [] }, true],
  ['[events.pattern.or] $or, first', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'x', a: 1 }, true],
  ['[events.pattern.or] $or, second', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'x', b: 2 }, true],
  ['[events.pattern.or] $or, none', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'x', a: 2 }, false],
  [
    '[events.pattern.or] $or below a field',
    { d: { $or: [{ a: [1] }, { b: { $or: [{ c: [1] }, { e: [1] }] } }] } },
    { d: { b: { e: 1 } } },
    true,
  ],
  ['[events.pattern.or-ordinary] $or of one as an ordinary field', { $or: ['x'] }, { $or: 'x' }, true],
  ['[events.pattern.duplicate-key] the last of two fields of one name', '{"a":["x"],"a":["y"]}', { a: 'y' }, true],
  ['[events.pattern.duplicate-key] no more the first of two', '{"a":["x"],"a":["y"]}', { a: 'x' }, false],
  ['[events.pattern.boolean] true, and no text', { a: [true] }, { a: 'true' }, false],
  ['[events.pattern.number] 300.0 as 300', { a: [300] }, { a: 300.0 }, true],
  [
    '[events.pattern.or-ordinary] $or with a reserved name as an ordinary field',
    { $or: { prefix: ['x'] } },
    { $or: { prefix: 'x' } },
    true,
  ],
  ['[events.pattern.arn] ARNs exactly', { resources: ['arn:aws:a:b'] }, { resources: ['arn:aws:a/b'] }, false],
];

describe('matching events', () => {
  it.each(cases)('%s', (_name, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });
});

describe('refusing patterns', () => {
  it.each<[string, Json, string]>([
    ['a text', 'x', 'Filter is not an object'],
    ['an empty object', { a: {} }, 'Empty objects are not allowed'],
    ['an empty array', { a: [] }, 'Empty arrays are not allowed'],
    ['a bare value', { a: 'x' }, '"a" must be an object or an array'],
    ['a nested array', { a: [['x']] }, 'Match value must be String, number, true, false, or null'],
    ['an unknown operator', { a: [{ like: 'x' }] }, 'Unrecognized match type like'],
    ['two operators at once', { a: [{ prefix: 'x', suffix: 'y' }] }, 'Only one key allowed in match expression'],
    ['a number as prefix', { a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    ['exists with a text', { a: [{ exists: 'true' }] }, 'exists match pattern must be either true or false.'],
    ['mixed anything-but', { a: [{ 'anything-but': ['x', 1] }] }, 'mixed type is not supported'],
    ['anything-but null', { a: [{ 'anything-but': [null] }] }, 'start|null|boolean is not supported'],
    [
      'anything-but numeric',
      { a: [{ 'anything-but': { numeric: ['=', 1] } }] },
      'Unsupported anything-but pattern: numeric',
    ],
    ['numeric without array', { a: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
    ['numeric with a text', { a: [{ numeric: ['=', '5'] }] }, 'Value of equals must be numeric'],
    ['numeric with a bad operator', { a: [{ numeric: ['!', 5] }] }, 'Unrecognized numeric range operator: !'],
    ['numeric with a bad range', { a: [{ numeric: ['>', 5, '>', 6] }] }, 'Bad numeric range operator: >'],
    ['numeric upside down', { a: [{ numeric: ['>', 5, '<', 4] }] }, 'Bottom must be less than top'],
    ['two stars in a row', { a: [{ wildcard: 'a**b' }] }, 'Consecutive wildcard characters at pos 1'],
    ['more stars than EventBridge follows', { a: [{ wildcard: 'a*'.repeat(31) }] }, 'Rule is too complex'],
    ['an unknown escape', { a: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 1'],
    ['a CIDR that is none', { a: [{ cidr: '10.0.0.0/33' }] }, 'Malformed CIDR'],
    [
      'more than 1,000 combinations of $or',
      Object.fromEntries(
        ['p', 'q', 'r', 's'].map((field) => [
          field,
          { $or: Array.from({ length: 6 }, (_unused, index) => ({ [`f${index}`]: [1] })) },
        ]),
      ),
      'more than 1000 combinations',
    ],
  ])('[events.pattern.refused] refuses %s', (_name, pattern, reason) => {
    expect(() => compilePattern(JSON.stringify(pattern))).toThrow(reason);
  });

  it('[events.pattern.refused] refuses what is not JSON with the documented exception', () => {
    expect(() => compilePattern('{')).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
  });
});
