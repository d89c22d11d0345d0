import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/json.ts';
import { compilePattern, type CompiledPattern } from '../../../local/services/events/pattern/compile.ts';
import { flattenEvent } from '../../../local/services/events/pattern/flatten.ts';
import { matchesPattern } from '../../../local/services/events/pattern/match.ts';
import { indexRules } from '../../../local/services/events/pattern/rule-index.ts';

// Few names and values, so that patterns and events meet often.
const name = fc.constantFrom('a', 'b', 'c', 'a.b', 'source');
const leaf = fc.constantFrom<Json>('x', 'y', 'xy', '', 0, 1, -0, 1.5, true, false, null);
const matcher = fc.oneof(
  { weight: 4, arbitrary: leaf },
  fc.constantFrom<Json>(
    { prefix: 'x' },
    { suffix: 'y' },
    { exists: true },
    { exists: false },
    { 'anything-but': 'x' },
    { 'anything-but': [1] },
    { numeric: ['>', 0] },
    { wildcard: 'x*' },
    { 'equals-ignore-case': 'X' },
  ),
);
const matchers = fc.array(matcher, { minLength: 1, maxLength: 3 });
const pattern: fc.Arbitrary<Json> = fc
  .letrec<{ node: Json; object: Json }>((tie) => ({
    node: fc.oneof({ maxDepth: 3, depthIdentifier: 'pattern' }, matchers, tie('object')),
    object: fc
      .tuple(
        fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 2 }),
        fc.option(fc.array(fc.dictionary(name, matchers, { minKeys: 1, maxKeys: 2 }), { minLength: 2, maxLength: 3 }), {
          freq: 12,
        }),
      )
      .map(([fields, or]): Json => (or ? { ...fields, $or: or } : fields)),
  }))
  .object.filter((made) => compiles(made));
const event: fc.Arbitrary<Json> = fc.letrec<{ node: Json; object: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'event' },
    leaf,
    tie('object'),
    fc.array(tie('node'), { maxLength: 3 }),
  ),
  object: fc.dictionary(name, tie('node'), { minKeys: 2, maxKeys: 5 }),
})).object;

/** Some have more combinations of `$or` than are allowed. */
function compiles(made: Json): boolean {
  try {
    compilePattern(JSON.stringify(made));
    return true;
  } catch {
    return false;
  }
}

function compiled(patterns: readonly Json[]): CompiledPattern[] {
  return patterns.map((each) => compilePattern(JSON.stringify(each)));
}

describe('the index over rules', () => {
  it('[events.index.equal] finds what the plain matcher finds, in the same order', () => {
    let matchCount = 0;
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), fc.array(event, { maxLength: 6 }), (patterns, events) => {
        const all = compiled(patterns);
        const index = indexRules(all.map((each, rule) => ({ pattern: each, rule })));
        for (const each of events) {
          const flat = flattenEvent(each);
          const expected = all.flatMap((one, rule) => (matchesPattern(one, flat) ? [rule] : []));
          matchCount += expected.length;
          expect(index.matching(each)).toEqual(expected);
        }
      }),
      { numRuns: 1000 },
    );
    // Else the property would say little.
    expect(matchCount).toBeGreaterThan(150);
  });

  it('[events.index.candidates] looks at no rule whose rarest exact value the event does not have', () => {
    let tested = 0;
    const [plain] = compiled([{ source: ['s'], detail: { pipeline: ['p1'], state: [{ prefix: 'F' }] } }]);
    const counting: CompiledPattern = {
      alternatives: (plain?.alternatives ?? []).map(
        (alternative) =>
          new Map(
            [...alternative].map(([path, list]) => [
              path,
              list.map((one) =>
                one.kind === 'leaf' ? { ...one, fits: (value) => ((tested += 1), one.fits(value)) } : one,
              ),
            ]),
          ),
      ),
    };
    const [other] = compiled([{ source: ['s'] }]);
    const index = indexRules([
      { pattern: counting, rule: 'own' },
      { pattern: other as CompiledPattern, rule: 'other' },
    ]);
    expect(index.matching({ source: 's', detail: { pipeline: 'p2', state: 'FAILED' } })).toEqual(['other']);
    expect(tested).toBe(0);
    expect(index.matching({ source: 's', detail: { pipeline: 'p1', state: 'FAILED' } })).toEqual(['own', 'other']);
    expect(tested).toBeGreaterThan(0);
  });
});
