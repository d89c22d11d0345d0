import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { invalidPattern } from './pattern-error.ts';
import { compileWildcard } from './wildcard.ts';

/** A leaf of an event. */
export type Leaf = string | number | boolean | null;

/** Whether one leaf fits, `exact` being the only one that does; `absent` matches only where the event has no such leaf. */
export type Matcher =
  | { readonly kind: 'leaf'; readonly fits: (leaf: Leaf) => boolean; readonly exact?: Leaf }
  | { readonly kind: 'absent' };

/** Compiles one element of a pattern's array. @throws AwsError InvalidEventPatternException */
export function compileMatcher(value: Json): Matcher {
  if (Array.isArray(value)) throw invalidPattern('Match value must be String, number, true, false, or null');
  if (!isJsonObject(value)) return { kind: 'leaf', fits: (candidate) => candidate === value, exact: value };
  const [name, ...others] = Object.keys(value);
  if (name === undefined) throw invalidPattern('Match expression name not found');
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression');
  const argument = value[name] ?? null;
  if (name === 'exists') return compileExists(argument);
  const compile = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!compile) throw invalidPattern(`Unrecognized match type ${name}`);
  return leaf(compile(argument));
}

function leaf(fits: (leaf: Leaf) => boolean): Matcher {
  return { kind: 'leaf', fits };
}

function compileExists(argument: Json): Matcher {
  if (typeof argument !== 'boolean') throw invalidPattern('exists match pattern must be either true or false.');
  return argument ? leaf(() => true) : { kind: 'absent' };
}

type Fits = (leaf: Leaf) => boolean;

const operators: Readonly<Record<string, ((argument: Json) => Fits) | undefined>> = {
  prefix: (argument) => affix('prefix', argument, (text, part) => text.startsWith(part)),
  suffix: (argument) => affix('suffix', argument, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (argument) => {
    const wanted = textOf('equals-ignore-case', argument).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  },
  wildcard: (argument) => onText(compileWildcard(textOf('wildcard', argument))),
  numeric: compileNumeric,
  cidr: compileCidr,
  'anything-but': compileAnythingBut,
};

function onText(fits: (text: string) => boolean): Fits {
  return (value) => typeof value === 'string' && fits(value);
}

function textOf(operator: string, argument: Json): string {
  if (typeof argument === 'string') return argument;
  throw invalidPattern(`${operator} match pattern must be a string`);
}

/** `{"prefix": "x"}` or `{"prefix": {"equals-ignore-case": "x"}}`; the same for suffix. */
function affix(operator: string, argument: Json, holds: (text: string, part: string) => boolean): Fits {
  if (!isJsonObject(argument)) {
    const part = textOf(operator, argument);
    return onText((text) => holds(text, part));
  }
  const [name, ...others] = Object.keys(argument);
  if (name !== 'equals-ignore-case' || others.length > 0)
    throw invalidPattern(`Unsupported ${operator} pattern: ${name}`);
  const part = textOf('equals-ignore-case', argument[name] ?? null).toLowerCase();
  return onText((text) => holds(text.toLowerCase(), part));
}

const comparisons: Readonly<Record<string, ((value: number, bound: number) => boolean) | undefined>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function compileNumeric(argument: Json): Fits {
  if (!Array.isArray(argument)) throw invalidPattern('Value of numeric must be an array.');
  const [operator, bound, upperOperator, upperBound] = argument;
  const lower = comparison(operator, bound);
  if (argument.length === 2) return (value) => typeof value === 'number' && lower(value);
  if (operator !== '>' && operator !== '>=') throw invalidPattern('Too many elements in numeric expression');
  if (argument.length > 4) throw invalidPattern('Too many terms in numeric range expression');
  if (upperOperator !== '<' && upperOperator !== '<=') {
    throw invalidPattern(`Bad numeric range operator: ${String(upperOperator)}`);
  }
  const upper = comparison(upperOperator, upperBound);
  if (Number(bound) >= Number(upperBound)) throw invalidPattern('Bottom must be less than top');
  return (value) => typeof value === 'number' && lower(value) && upper(value);
}

function comparison(operator: Json | undefined, bound: Json | undefined): (value: number) => boolean {
  if (typeof operator !== 'string')
    throw invalidPattern(`Invalid member in numeric match: ${JSON.stringify(operator)}`);
  const holds = comparisons[operator];
  if (!holds) throw invalidPattern(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') {
    throw invalidPattern(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  }
  return (value) => holds(value, bound);
}

function compileCidr(argument: Json): Fits {
  const text = typeof argument === 'string' ? argument : '';
  const [address = '', bits = ''] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  const isInRange = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128);
  if (!family || !isInRange) throw invalidPattern(`Malformed CIDR, must be an IP address and a mask: ${text}`);
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family);
  return onText((value) => {
    const valueFamily = isIPv4(value) ? 'ipv4' : isIPv6(value) ? 'ipv6' : undefined;
    return valueFamily === family && range.check(value, family);
  });
}

/** Everything but the listed values: also leaves of other types. The field must exist. */
function compileAnythingBut(argument: Json): Fits {
  if (isJsonObject(argument)) return anythingButOperator(argument);
  if (typeof argument !== 'string' && typeof argument !== 'number' && !Array.isArray(argument)) {
    throw invalidPattern('Value of anything-but must be an array or single string/number value.');
  }
  const values = Array.isArray(argument) ? argument : [argument];
  if (values.some((value) => typeof value !== 'string' && typeof value !== 'number')) {
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.');
  }
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    throw invalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return (value) => !values.includes(value);
}

const negatable = new Set(['prefix', 'suffix', 'equals-ignore-case', 'wildcard']);

function anythingButOperator(argument: JsonObject): Fits {
  const [name, ...others] = Object.keys(argument);
  if (name === undefined) throw invalidPattern('Anything-But expression name not found');
  const compile = negatable.has(name) ? operators[name] : undefined;
  if (!compile) throw invalidPattern(`Unsupported anything-but pattern: ${name}`);
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression');
  const parts = [argument[name] ?? null].flat();
  if (parts.length === 0) throw invalidPattern('Empty arrays are not allowed');
  if (parts.includes('')) throw invalidPattern('Null prefix/suffix not allowed');
  const excluded = parts.map((part) => compile(part));
  return (value) => !excluded.some((fits) => fits(value));
}
