import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { compileMatcher, type Matcher } from './matchers.ts';
import { invalidPattern } from './pattern-error.ts';

/** A pattern ready to be matched: it fits if one of its alternatives does. */
export interface CompiledPattern {
  readonly alternatives: readonly Alternative[];
}

/** Every path must have a leaf that one of its matchers fits. Paths are names joined by dots. */
export type Alternative = ReadonlyMap<string, readonly Matcher[]>;

/** The documented cap on what `$or` may multiply into. */
const maximumAlternatives = 1000;

/** Field names that make a `$or` an ordinary field. */
const reservedInOr = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case', 'date-after', 'date-on-or-after'],
  ...['date-before', 'date-on-or-before', 'in-date-range', 'ip-address-in-range', 'ip-address-not-in-range'],
]);

/** Compiles the JSON text of a pattern once. @throws AwsError InvalidEventPatternException */
export function compilePattern(text: string): CompiledPattern {
  const pattern = parse(text);
  if (!isJsonObject(pattern)) throw invalidPattern('Filter is not an object');
  return { alternatives: expandObject(pattern, '', [new Map()]) };
}

function parse(text: string): Json {
  try {
    // JSON.parse gives nothing but JSON.
    return JSON.parse(text) as Json;
  } catch (error) {
    throw invalidPattern(error instanceof SyntaxError ? error.message : 'not JSON');
  }
}

function expandObject(pattern: JsonObject, path: string, alternatives: Alternative[]): Alternative[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern('Empty objects are not allowed');
  let expanded = alternatives;
  for (const [name, value] of entries) {
    if (name === '$or' && isOr(value)) {
      expanded = value.flatMap((option) => expandObject(option, path, expanded));
      if (expanded.length > maximumAlternatives) {
        throw invalidPattern(`Rule is too complex: $or makes more than ${maximumAlternatives} combinations`);
      }
    } else {
      expanded = expandField(name, value, path === '' ? name : `${path}.${name}`, expanded);
    }
  }
  return expanded;
}

function expandField(name: string, value: Json, path: string, alternatives: Alternative[]): Alternative[] {
  if (isJsonObject(value)) return expandObject(value, path, alternatives);
  if (!Array.isArray(value)) throw invalidPattern(`"${name}" must be an object or an array`);
  if (value.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const matchers = value.map((element) => compileMatcher(element));
  return alternatives.map((alternative) => new Map(alternative).set(path, matchers));
}

function isOr(value: Json): value is JsonObject[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((option) => isJsonObject(option) && !Object.keys(option).some((name) => reservedInOr.has(name)))
  );
}
