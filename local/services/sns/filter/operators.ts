import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { isJsonObject, type Json } from '../../../json.ts';
import { invalidFilter } from './invalid-filter.ts';

/** One value of an attribute or of a body. */
export type Leaf = string | number | boolean | null;

/** Whether a value fits; `absent` fits only if the message has no such key. */
export type Condition = { readonly kind: 'leaf'; readonly fits: Fits } | { readonly kind: 'absent' };

type Fits = (leaf: Leaf) => boolean;

/** Compiles one element of a policy's array. @throws InvalidFilter */
export function compileCondition(value: Json): Condition {
  if (Array.isArray(value)) throw invalidFilter('Match value must be String, number, true, false, or null');
  if (!isJsonObject(value)) return { kind: 'leaf', fits: (leaf) => leaf === value };
  const [[operator, argument] = [undefined, null], ...others] = Object.entries(value);
  if (operator === undefined) throw invalidFilter('Match expression name not found');
  if (others.length > 0) throw invalidFilter('Only one key allowed in match expression');
  if (operator === 'exists') return compileExists(argument);
  const compile = operators.get(operator);
  if (!compile) throw invalidFilter(`Unrecognized match type ${operator}`);
  return { kind: 'leaf', fits: compile(argument) };
}

/** A key that is there has a value that is neither null nor empty; a null one is neither there nor absent. */
function compileExists(argument: Json): Condition {
  if (typeof argument !== 'boolean') throw invalidFilter('exists match pattern must be either true or false.');
  return argument ? { kind: 'leaf', fits: (leaf) => leaf !== null && leaf !== '' } : { kind: 'absent' };
}

const operators = new Map<string, (argument: Json) => Fits>([
  ['prefix', (argument) => onText('prefix', argument, (text, part) => text.startsWith(part))],
  ['suffix', (argument) => onText('suffix', argument, (text, part) => text.endsWith(part))],
  [
    'equals-ignore-case',
    (argument) => onText('equals-ignore-case', argument, (text, other) => text.toLowerCase() === other.toLowerCase()),
  ],
  ['wildcard', (argument) => onText('wildcard', argument, (text, pattern) => fitsWildcard(text, pattern.split('*')))],
  ['cidr', compileCidr],
  ['numeric', compileNumeric],
  ['anything-but', compileAnythingBut],
]);

function onText(operator: string, argument: Json, holds: (text: string, argument: string) => boolean): Fits {
  if (typeof argument !== 'string') throw invalidFilter(`${operator} match pattern must be a string`);
  return (leaf) => typeof leaf === 'string' && holds(leaf, argument);
}

/** The pieces between stars stand in this order; each is looked for once, so no pattern can stall a topic. */
function fitsWildcard(text: string, [first = '', ...rest]: readonly string[]): boolean {
  const last = rest.at(-1);
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest.slice(0, -1)) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

function compileCidr(argument: Json): Fits {
  const [address = '', bits = '', ...others] = typeof argument === 'string' ? argument.split('/') : [];
  const family = familyOf(address);
  const isMask = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128);
  if (!family || !isMask || others.length > 0) {
    throw invalidFilter(`Malformed CIDR, must be an IP address and a mask: ${JSON.stringify(argument)}`);
  }
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family);
  return (leaf) => typeof leaf === 'string' && familyOf(leaf) === family && range.check(leaf, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  return isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
}

const comparisons = new Map<Json | undefined, (value: number, bound: number) => boolean>([
  ['=', (value, bound) => value === bound],
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['>', (value, bound) => value > bound],
  ['>=', (value, bound) => value >= bound],
]);

function compileNumeric(argument: Json): Fits {
  if (!Array.isArray(argument)) throw invalidFilter('Value of numeric must be an array.');
  const [operator, bound, upperOperator, upperBound] = argument;
  const lower = compileComparison(operator, bound);
  if (argument.length === 2) return (leaf) => typeof leaf === 'number' && lower(leaf);
  if (operator !== '>' && operator !== '>=') throw invalidFilter('Too many elements in numeric expression');
  if (argument.length > 4) throw invalidFilter('Too many terms in numeric range expression');
  if (upperOperator !== '<' && upperOperator !== '<=') {
    throw invalidFilter(`Bad numeric range operator: ${JSON.stringify(upperOperator)}`);
  }
  const upper = compileComparison(upperOperator, upperBound);
  if (Number(bound) >= Number(upperBound)) throw invalidFilter('Bottom must be less than top');
  return (leaf) => typeof leaf === 'number' && lower(leaf) && upper(leaf);
}

function compileComparison(operator: Json | undefined, bound: Json | undefined): (value: number) => boolean {
  if (typeof operator !== 'string') {
    throw invalidFilter(`Invalid member in numeric match: ${operator === undefined ? ']' : JSON.stringify(operator)}`);
  }
  const holds = comparisons.get(operator);
  if (!holds) throw invalidFilter(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') {
    throw invalidFilter(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  }
  return (value) => holds(value, bound);
}

/** What `anything-but` may deny beside values, as SNS documents it. */
const deniable = new Set(['prefix', 'suffix', 'wildcard']);

function compileAnythingBut(argument: Json): Fits {
  if (isJsonObject(argument)) {
    const [operator = ''] = Object.keys(argument);
    if (!deniable.has(operator)) throw invalidFilter(`Unsupported anything-but pattern: ${operator}`);
    const denied = compileCondition(argument);
    return (leaf) => denied.kind === 'leaf' && !denied.fits(leaf);
  }
  const values: readonly Json[] = Array.isArray(argument) ? argument : [argument];
  if (values.length === 0) throw invalidFilter('Empty arrays are not allowed');
  if (values.some((value) => typeof value !== 'string' && typeof value !== 'number')) {
    throw invalidFilter('Inside anything but list, only strings and numbers are supported.');
  }
  return (leaf) => !values.includes(leaf);
}
