import { isJsonObject, type Json } from '../json.ts';
import type { ConditionKeys } from './permission.ts';
import { matchesArn, matchesWildcards } from './wildcards.ts';

/** One comparison of a `Condition`: all of a statement's have to hold. */
export interface Condition {
  readonly operator: Operator;
  /** True for `…IfExists`: it holds if the key has no value. */
  readonly ifExists: boolean;
  /** Lower case. */
  readonly key: string;
  /** One of these has to fit; for a negated operator none may. */
  readonly values: readonly string[];
}

interface Operator {
  readonly isNegated: boolean;
  fits(wanted: string, given: string): boolean;
}

const equals = (wanted: string, given: string): boolean => wanted === given;
const equalsInAnyCase = (wanted: string, given: string): boolean => wanted.toLowerCase() === given.toLowerCase();

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { isNegated: false, fits: equals },
  StringNotEquals: { isNegated: true, fits: equals },
  StringEqualsIgnoreCase: { isNegated: false, fits: equalsInAnyCase },
  StringNotEqualsIgnoreCase: { isNegated: true, fits: equalsInAnyCase },
  StringLike: { isNegated: false, fits: matchesWildcards },
  StringNotLike: { isNegated: true, fits: matchesWildcards },
  // IAM documents that ArnEquals and ArnLike are the same.
  ArnEquals: { isNegated: false, fits: matchesArn },
  ArnLike: { isNegated: false, fits: matchesArn },
  ArnNotEquals: { isNegated: true, fits: matchesArn },
  ArnNotLike: { isNegated: true, fits: matchesArn },
  Bool: { isNegated: false, fits: equalsInAnyCase },
};

/** The operators that are evaluated, also with `IfExists`. */
export const evaluatedOperators: readonly string[] = Object.keys(operators);

/** The keys whose values are known here, in lower case. */
export const evaluatedKeys: ReadonlySet<string> = new Set([
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:securetransport',
  'states:statemachinequalifier',
]);

/** A `Condition` as read: either all comparisons, or what of it is not evaluated (`Bool aws:MultiFactorAuthPresent`). */
export type ReadConditions =
  | { readonly kind: 'evaluated'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not-evaluated'; readonly names: readonly string[] };

/** Reads the `Condition` of a statement. */
export function readConditions(condition: Json | undefined): ReadConditions {
  const blocks = isJsonObject(condition ?? null) ? Object.entries(condition ?? {}) : [];
  const comparisons = blocks.flatMap(([operator, keys]) =>
    isJsonObject(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key, values })) : [],
  );
  const conditions: Condition[] = [];
  const names: string[] = [];
  for (const { operator: name, key, values } of comparisons) {
    const ifExists = name.endsWith('IfExists');
    // The keys have one value at most, so that any value is the value; a negation of none would be another thing.
    const operator = operators[name.replace(/IfExists$/, '').replace(/^ForAnyValue:(?!.*Not)/, '')];
    if (operator && evaluatedKeys.has(key.toLowerCase())) {
      conditions.push({ operator, ifExists, key: key.toLowerCase(), values: [values].flat().map(String) });
    } else {
      names.push(`${name} ${key}`);
    }
  }
  return names.length > 0 ? { kind: 'not-evaluated', names } : { kind: 'evaluated', conditions };
}

/** Whether every comparison holds. A key without a value fits nothing, so a negated operator holds. */
export function holdAll(conditions: readonly Condition[], keys: ConditionKeys): boolean {
  return conditions.every(({ operator, ifExists, key, values }) => {
    const given = keys[key];
    if (given === undefined) return ifExists || operator.isNegated;
    return values.some((wanted) => operator.fits(wanted, given)) !== operator.isNegated;
  });
}
