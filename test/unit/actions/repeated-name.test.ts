import fc from 'fast-check';
import { expect, it } from 'vitest';
import { repeatedName } from '../../../shared/actions/runner/repeated-name.ts';

it.each([
  ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', undefined],
  ['{"a":"\\"a\\":{","b":"}\\\\"}', undefined],
  ['{"a":1,"a":2}', 'a'],
  ['{"a":[{"b":1},{"c":{},"d":0,"c" : 2}]}', 'c'],
  ['{"a":"x","\\u0061":"y"}', 'a'],
])('of %s is %s', (json, name) => {
  expect(repeatedName(json)).toBe(name);
});

it('is none in whatever JSON.stringify writes', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => repeatedName(JSON.stringify(value, undefined, 1)) === undefined));
});
