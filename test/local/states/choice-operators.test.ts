import { describe, expect, it } from 'vitest';
import { isRuleTrue, operatorNames } from '../../../local/services/states/jsonpath/choice-rule.ts';

const context = {};
const variables = {};

/** Some values of each kind, with a smaller and a greater one. */
const kinds = {
  String: ['b', 'a', 'c'],
  Numeric: [2, 1, 10],
  Timestamp: ['2026-01-02T00:00:00Z', '2026-01-01T23:00:00Z', '2026-01-02T02:00:00+01:00'],
} as const;
const wanted = {
  Equals: [true, false, false],
  LessThan: [false, false, true],
  GreaterThan: [false, true, false],
  LessThanEquals: [true, false, true],
  GreaterThanEquals: [true, true, false],
} as const;

const comparisons = Object.entries(kinds).flatMap(([kind, values]) =>
  Object.entries(wanted).map(([name, outcomes]) => ({ operator: `${kind}${name}`, values, outcomes })),
);

describe('the comparisons of a Choice in JSONPath', () => {
  it('[states.choice.operators] are the documented ones', () => {
    const documented = comparisons.flatMap(({ operator }) => [operator, `${operator}Path`]);
    const others = ['BooleanEquals', 'BooleanEqualsPath', 'StringMatches'];
    const tests = ['IsNull', 'IsPresent', 'IsString', 'IsNumeric', 'IsBoolean', 'IsTimestamp'];
    expect([...operatorNames].toSorted()).toEqual([...documented, ...others, ...tests].toSorted());
  });

  it.each(comparisons)('[states.choice.operators] $operator compares with a value and with a path', (row) => {
    const { operator, outcomes } = row;
    const [own, ...rest] = row.values;
    for (const [index, other] of [own, ...rest].entries()) {
      const roots = { input: { own, other }, context, variables };
      const outcome = outcomes[index];
      expect(isRuleTrue({ Variable: '$.own', [operator]: other }, roots)).toBe(outcome);
      expect(isRuleTrue({ Variable: '$.own', [`${operator}Path`]: '$.other' }, roots)).toBe(outcome);
    }
  });

  it.each(comparisons)(
    '[states.choice.operators] $operator is false for values of another kind',
    ({ operator, values }) => {
      for (const other of [true, null, [], {}, operator.startsWith('Numeric') ? '1' : 1]) {
        const roots = { input: { other }, context, variables };
        expect(isRuleTrue({ Variable: '$.other', [operator]: values[0] }, roots)).toBe(false);
      }
    },
  );

  it('[states.choice.operators] BooleanEquals compares booleans with a value and with a path', () => {
    const roots = { input: { yes: true, no: false, text: 'true' }, context, variables };
    expect(isRuleTrue({ Variable: '$.yes', BooleanEquals: true }, roots)).toBe(true);
    expect(isRuleTrue({ Variable: '$.yes', BooleanEqualsPath: '$.no' }, roots)).toBe(false);
    expect(isRuleTrue({ Variable: '$.no', BooleanEqualsPath: '$.no' }, roots)).toBe(true);
    expect(isRuleTrue({ Variable: '$.text', BooleanEquals: true }, roots)).toBe(false);
  });
});
