import { runInNewContext } from 'node:vm';
import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import type { OrderCheck, PatternCheck, TextCheck, VariableCheck } from './declaration.ts';

const shownCharacters = 120;

/** Time for one regular expression; a few of them take years for a short text. */
const patternMs = 1_000;

/** Why a check does not hold, in words; undefined if it does. What cannot be decided does not hold. */
export function problemOf(check: VariableCheck): string | undefined {
  const what = `${check.name ?? 'a value'} is ${shown(check.value)}`;
  if (/#\{[^}]*\}/.test(check.value)) return `${what}, which the pipeline has not filled in`;
  switch (check.operator) {
    case 'isEmpty':
      return check.value === '' ? undefined : `${what}, it has to be empty`;
    case 'isNotEmpty':
      return check.value === '' ? `${check.name ?? 'a value'} is empty` : undefined;
    case 'isIn':
    case 'isNotIn': {
      const isGood = check.expected.includes(check.value) === (check.operator === 'isIn');
      const list = check.expected.map(shown).join(', ');
      return isGood ? undefined : `${what}, it has to be ${check.operator === 'isIn' ? 'one' : 'none'} of ${list}`;
    }
    case 'matches':
    case 'notMatches':
      return problemOfPattern(check, what);
    case 'greaterThan':
    case 'atLeast':
    case 'lessThan':
    case 'atMost':
      return problemOfOrder(check, what);
    default: {
      const [isGood, words] = textual[check.operator](check.value, check.expected);
      return isGood ? undefined : `${what}, it ${words} ${shown(check.expected)}`;
    }
  }
}

const textual: Readonly<
  Record<TextCheck['operator'], (value: string, expected: string) => readonly [boolean, string]>
> = {
  equals: (value, expected) => [value === expected, 'has to be'],
  notEquals: (value, expected) => [value !== expected, 'may not be'],
  contains: (value, expected) => [value.includes(expected), 'has to contain'],
  notContains: (value, expected) => [!value.includes(expected), 'may not contain'],
  startsWith: (value, expected) => [value.startsWith(expected), 'has to start with'],
  endsWith: (value, expected) => [value.endsWith(expected), 'has to end with'],
};

function problemOfPattern({ value, operator, expected }: PatternCheck, what: string): string | undefined {
  const outcome = test(value, expected);
  if (typeof outcome === 'string') return `${what}; ${outcome}: ${shown(expected)}`;
  if (outcome === (operator === 'matches')) return undefined;
  return `${what}, it ${operator === 'matches' ? 'has to' : 'may not'} match ${shown(expected)}`;
}

/** Matches with a limit of time; what cannot be said in it is told. */
function test(value: string, pattern: string): boolean | string {
  try {
    const match: unknown = runInNewContext(
      'new RegExp(pattern, "u").test(value)',
      { value, pattern },
      { timeout: patternMs },
    );
    return match === true;
  } catch (thrown) {
    // Of the other context, or of this one.
    const isSlow =
      typeof thrown === 'object' &&
      thrown !== null &&
      'code' in thrown &&
      thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    return isSlow ? 'the expression takes too long' : 'the expression cannot be read';
  }
}

const order = {
  greaterThan: ['greater than', (sign: number) => sign > 0],
  atLeast: ['at least', (sign: number) => sign >= 0],
  lessThan: ['less than', (sign: number) => sign < 0],
  atMost: ['at most', (sign: number) => sign <= 0],
} as const;

function problemOfOrder({ value, operator, expected, as }: OrderCheck, what: string): string | undefined {
  const [words, holds] = order[operator];
  const text = String(expected);
  const [left, right] = as === 'number' ? [readNumber(value), readNumber(text)] : [parse(value), parse(text)];
  if (left === null) return `${what}, which is no ${as}`;
  if (right === null) return `${what}; ${shown(text)} to compare it with is no ${as}`;
  // Both are of one kind.
  const sign = typeof left === 'number' ? left - Number(right) : compare(left, right as typeof left);
  return holds(sign) ? undefined : `${what}, it has to be ${words} ${text}`;
}

/** A decimal number; JavaScript alone would read an empty text as 0 and `0x10` as 16. */
function readNumber(text: string): number | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : null;
}

function shown(text: string): string {
  return JSON.stringify(text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters - 1)}…`);
}
