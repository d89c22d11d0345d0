import * as z from 'zod/mini';
import { declareAction } from '../action.ts';

const common = {
  /** What the value is, for people; e.g. `coverage`. */
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
  /** `#{namespace.variable}`, or text around it. */
  value: z.string(),
};

const comparesText = z.strictObject({
  ...common,
  operator: z.enum(['equals', 'notEquals', 'contains', 'notContains', 'startsWith', 'endsWith']),
  expected: z.string(),
});

const matches = z.strictObject({
  ...common,
  operator: z.enum(['matches', 'notMatches']),
  /** A regular expression of JavaScript with the flag `u`; it may match a part of the value unless it has `^` and `$`. */
  expected: z.string().check(z.refine(isPattern, 'must be a regular expression')),
});

const comparesOrder = z.strictObject({
  ...common,
  operator: z.enum(['greaterThan', 'atLeast', 'lessThan', 'atMost']),
  expected: z.union([z.string(), z.number()]),
  /** Numbers and versions are never guessed: 1.10 is less than 1.9 as a number, and more as a version. */
  as: z._default(z.enum(['number', 'version']), 'number'),
});

const comparesList = z.strictObject({
  ...common,
  operator: z.enum(['isIn', 'isNotIn']),
  expected: z.array(z.string()).check(z.minLength(1)),
});

const needsNothing = z.strictObject({ ...common, operator: z.enum(['isEmpty', 'isNotEmpty']) });

const check = z.discriminatedUnion('operator', [comparesText, matches, comparesOrder, comparesList, needsNothing]);

/** One thing that has to be so. */
export type VariableCheck = z.output<typeof check>;

/** Checks by how they compare. */
export type TextCheck = z.output<typeof comparesText>;
/** See `TextCheck`. */
export type PatternCheck = z.output<typeof matches>;
/** See `TextCheck`. */
export type OrderCheck = z.output<typeof comparesOrder>;

/** Compares values of variables with what they have to be. */
export const variableCheck = declareAction({
  id: 'variable-check',
  description: 'Compares variables of the pipeline with what they have to be, and names all that are not.',
  parameters: z.strictObject({
    checks: z.array(check).check(z.minLength(1), z.maxLength(50)),
    /** `all` of the checks have to hold, or `any` one of them. */
    require: z._default(z.enum(['all', 'any']), 'all'),
  }),
  outputs: ['checkCount', 'failedCount'],
  isIdempotent: true,
  timeoutSeconds: 30,
});

/** Whether a regular expression can be read; one with a variable is read when the pipeline runs. */
function isPattern(text: string): boolean {
  try {
    return text.includes('#{') || new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
