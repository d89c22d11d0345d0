import { isJsonObject, type Json } from '../json.ts';
import type { ConditionKeys, KeyValue } from './permission.ts';
import { matchesArn, matchesWildcards } from './wildcards.ts';

/** One comparison of a `Condition`: all of a statement's have to hold. */
export interface Condition {
  readonly operator: Operator;
  /** How many of the key's values have to fit: `ForAllValues`, `ForAnyValue`. */
  readonly quantifier: Quantifier | undefined;
  /** True for `…IfExists`: it holds if the key has no value. */
  readonly ifExists: boolean;
  /** Lower case. */
  readonly key: string;
  /** One of these has to fit; for a negated operator none may. */
  readonly values: readonly string[];
}

type Quantifier = 'ForAllValues' | 'ForAnyValue';

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

/** The operators that are evaluated, also with `IfExists`, `ForAllValues` and `ForAnyValue`. */
export const evaluatedOperators: readonly string[] = Object.keys(operators);

/** The keys whose values are known here, in lower case. */
export const evaluatedKeys: ReadonlySet<string> = new Set([
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:securetransport',
  'states:statemachinequalifier',
  'dynamodb:leadingkeys',
]);

/** Those that may have several values; without a quantifier IAM says nothing certain of them. */
const multivaluedKeys: ReadonlySet<string> = new Set(['dynamodb:leadingkeys']);

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
    const condition = readCondition(name, key.toLowerCase(), [values].flat().map(String));
    if (condition) {
      conditions.push(condition);
    } else {
      names.push(`${name} ${key}`);
    }
  }
  return names.length > 0 ? { kind: 'not-evaluated', names } : { kind: 'evaluated', conditions };
}

const operatorName = /^(?:(?<quantifier>ForAllValues|ForAnyValue):)?(?<name>\w+?)(?<ifExists>IfExists)?$/;

/** Undefined for what is not evaluated. */
function readCondition(text: string, key: string, values: readonly string[]): Condition | undefined {
  const { quantifier, name = '', ifExists } = operatorName.exec(text)?.groups ?? {};
  const operator = operators[name];
  if (!operator || !evaluatedKeys.has(key) || (multivaluedKeys.has(key) && quantifier === undefined)) return undefined;
  // The expression above has no other.
  return { operator, quantifier: quantifier as Quantifier | undefined, ifExists: ifExists !== undefined, key, values };
}

/** The values of a key; none if it is not there. */
function valuesOf(key: KeyValue | (() => KeyValue)): readonly string[] {
  const value = typeof key === 'function' ? key() : key;
  return value === undefined ? [] : [value].flat();
}

/**
 * Whether every comparison holds. A key without a value fits nothing, so a negated operator holds; so does `ForAllValues`, and
 * `ForAnyValue` does not.
 */
export function holdAll(conditions: readonly Condition[], keys: ConditionKeys): boolean {
  return conditions.every(({ operator, quantifier, ifExists, key, values }) => {
    const given = valuesOf(keys[key]);
    const fits = (one: string): boolean => values.some((wanted) => operator.fits(wanted, one)) !== operator.isNegated;
    if (given.length === 0 && ifExists) return true;
    if (quantifier === 'ForAllValues') return given.every(fits);
    if (quantifier === 'ForAnyValue') return given.some(fits);
    return given.length === 0 ? operator.isNegated : given.every(fits);
  });
}
