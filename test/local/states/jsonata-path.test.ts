import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { plainPath, valueAt } from '../../../local/services/states/jsonata-path.ts';

const name = fc.constantFrom('a', 'b', 'c', 'input', '__proto__', 'constructor', 'length');
const value = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(null, true, 0, -1.5, '', 'text'),
    fc.dictionary(name, tie('json'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('json'), { maxLength: 3 }),
  ),
})).json;

describe('a plain path', () => {
  it('finds what JSONata finds there, or leaves it to JSONata', async () => {
    let found = 0;
    const roots = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(roots, fc.array(name, { minLength: 1, maxLength: 4 }), async (states, names) => {
        const text = `$states.${names.join('.')}`;
        const [, ...path] = plainPath(text) ?? [];
        expect(path).toEqual(names);
        const mine = valueAt(states, path);
        if (mine === undefined) return;
        found += 1;
        const theirs: unknown = await jsonata(text).evaluate(undefined, { states });
        expect(JSON.stringify(mine)).toBe(JSON.stringify(theirs));
      }),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it.each(['$states', '$total', '$states.input.order_1'])('is read from %s', (text) => {
    expect(plainPath(text)).toEqual(text.slice(1).split('.'));
    expect(() => jsonata(text)).not.toThrow();
  });

  it.each(['$', '$$.a', '$states.', '$states.1', 'a.b', '$a.$b', '$states.and', '$a[0]', '$f()', '$a . b', '"$a"'])(
    'is not %s',
    (text) => expect(plainPath(text)).toBeUndefined(),
  );
});
