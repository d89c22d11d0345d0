import { isJsonObject, type Json } from '../../../json.ts';
import { isTimestamp } from '../timestamp.ts';
import { runtimeError } from '../errors.ts';
import { evaluatePath, parsePath, type PathRoots } from './path.ts';

type Test = (value: Json, operand: Json) => boolean;

const equal = <Value>(order: Value): boolean => order === 0;
const orders: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: equal,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

/** How two values of a kind are ordered; NaN if one is not of that kind, which no operator matches. */
const kinds: Readonly<Record<string, (one: Json, other: Json) => number>> = {
  String: (one, other) =>
    typeof one !== 'string' || typeof other !== 'string' ? NaN : one === other ? 0 : one < other ? -1 : 1,
  Numeric: (one, other) => (typeof one !== 'number' || typeof other !== 'number' ? NaN : one - other),
  Timestamp: (one, other) => timeOf(one) - timeOf(other),
};

const comparisons = Object.entries(kinds).flatMap(([kind, compare]) =>
  Object.entries(orders).map(([name, isMatch]): [string, Test] => [
    `${kind}${name}`,
    (value, operand) => isMatch(compare(value, operand)),
  ]),
);

const tests: Readonly<Record<string, Test>> = {
  ...Object.fromEntries(comparisons),
  BooleanEquals: (value, operand) => typeof value === 'boolean' && value === operand,
  StringMatches: (value, operand) => typeof value === 'string' && wildcard(String(operand)).test(value),
  IsNull: (value, operand) => (value === null) === operand,
  IsString: (value, operand) => (typeof value === 'string') === operand,
  IsNumeric: (value, operand) => (typeof value === 'number') === operand,
  IsBoolean: (value, operand) => (typeof value === 'boolean') === operand,
  IsTimestamp: (value, operand) => !Number.isNaN(timeOf(value)) === operand,
};

/** What every comparison of a Choice rule may be called, but for IsPresent. */
export const operatorNames: readonly string[] = [
  ...Object.keys(tests),
  'IsPresent',
  ...[...Object.keys(tests)]
    .filter((name) => /^(String|Numeric|Timestamp|Boolean).*(Equals|Than)$/.test(name))
    .map((name) => `${name}Path`),
];

/**
 * Whether a Choice rule of a JSONPath state is true.
 * @throws StateFailure `States.Runtime` for a path that finds nothing, unless the rule asks for that
 */
export function isRuleTrue(rule: Json, roots: PathRoots): boolean {
  if (!isJsonObject(rule)) return false;
  const { And, Or, Not } = rule;
  if (Array.isArray(And)) return And.every((each) => isRuleTrue(each, roots));
  if (Array.isArray(Or)) return Or.some((each) => isRuleTrue(each, roots));
  if (Not !== undefined) return !isRuleTrue(Not, roots);
  const value = evaluatePath(parsePath(String(rule['Variable'])), roots);
  if ('IsPresent' in rule) return (value !== undefined) === rule['IsPresent'];
  const name = Object.keys(rule).find((key) => operatorNames.includes(key)) ?? '';
  const operand = name.endsWith('Path') ? evaluatePath(parsePath(String(rule[name])), roots) : rule[name];
  if (value === undefined) throw missing(rule['Variable']);
  if (operand === undefined) throw missing(rule[name]);
  return tests[name.replace(/Path$/, '')]?.(value, operand) ?? false;
}

function missing(path: Json | undefined): Error {
  return runtimeError(`Invalid path '${String(path)}': The choice state's condition path references an invalid value.`);
}

function timeOf(value: Json): number {
  return typeof value === 'string' && isTimestamp(value) ? Date.parse(value) : NaN;
}

/** `*` stands for any characters, `\*` for itself. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([\s\S])|\*|[.+?^${}()|[\]\\]/g, (whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return whole === '*' ? '[\\s\\S]*' : `\\${whole}`;
  });
  return new RegExp(`^${source}$`, 'u');
}
