import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { InvalidFilter, invalidFilter } from './invalid-filter.ts';
import { compileCondition, type Condition } from './operators.ts';

/** What a policy looks at. */
export type FilterScope = 'MessageAttributes' | 'MessageBody';

/** What a message must have by one of the ways of `$or`: every path has a value that fits one of its conditions. */
export type Alternative = ReadonlyMap<string, PathConditions>;

/** A policy ready to be asked; one without a key has one alternative that everything fits. */
export type FilterPolicy = readonly Alternative[];

interface PathConditions {
  readonly conditions: readonly Condition[];
  /** How many names lead to it; one at the top. */
  readonly depth: number;
}

/** SNS developer guide, filter policy constraints. */
const limits = { bytes: 262_144, keys: 5, combinations: 150 };

/** Field names that make a `$or` an ordinary field. */
const reservedInOr = new Set([
  ...['prefix', 'suffix', 'equals-ignore-case', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>='],
]);

/** Compiles the JSON text of a policy. @throws InvalidFilter */
export function compileFilterPolicy(text: string, scope: FilterScope): FilterPolicy {
  if (Buffer.byteLength(text) > limits.bytes) {
    throw invalidFilter(`Filter policy is too large: at most ${limits.bytes} bytes are allowed`);
  }
  const policy = parse(text);
  if (!isJsonObject(policy)) throw invalidFilter('Filter policy must be a JSON object');
  const keys = Object.keys(policy);
  if (keys.length > limits.keys) throw invalidFilter(`Filter policy can not have more than ${limits.keys} keys`);
  if (keys.length === 0) return [new Map()];
  const alternatives = expandObject(policy, [], [new Map()]);
  const isNested = alternatives.some((alternative) => [...alternative.values()].some(({ depth }) => depth > 1));
  if (isNested && scope === 'MessageAttributes') {
    throw new InvalidFilter('Filter policy scope MessageAttributes does not support nested filter policy');
  }
  if (combinationsOf(alternatives) > limits.combinations) throw tooComplex();
  return alternatives;
}

function parse(text: string): Json {
  try {
    // JSON.parse gives nothing but JSON.
    return JSON.parse(text) as Json;
  } catch {
    throw invalidFilter('failed to parse JSON.');
  }
}

function expandObject(policy: JsonObject, path: readonly string[], before: FilterPolicy): FilterPolicy {
  const entries = Object.entries(policy);
  if (entries.length === 0) throw invalidFilter('Empty objects are not allowed');
  let expanded = before;
  for (const [name, value] of entries) {
    expanded =
      name === '$or' && isOr(value)
        ? expandOr(value, path, expanded)
        : expandField(name, value, [...path, name], expanded);
  }
  return expanded;
}

/** Each option counts one combination at least, so the limit also holds down what has to be expanded. */
function expandOr(options: readonly JsonObject[], path: readonly string[], before: FilterPolicy): FilterPolicy {
  const expanded: Alternative[] = [];
  for (const option of options) {
    expanded.push(...expandObject(option, path, before));
    if (expanded.length > limits.combinations) throw tooComplex();
  }
  return expanded;
}

function expandField(name: string, value: Json, path: readonly string[], before: FilterPolicy): FilterPolicy {
  if (isJsonObject(value)) return expandObject(value, path, before);
  if (!Array.isArray(value)) throw invalidFilter(`"${name}" must be an object or an array`);
  if (value.length === 0) throw invalidFilter('Empty arrays are not allowed');
  const conditions = value.map((element) => compileCondition(element));
  return before.map((alternative) => new Map(alternative).set(path.join('.'), { conditions, depth: path.length }));
}

function isOr(value: Json): value is JsonObject[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((option) => isJsonObject(option) && !Object.keys(option).some((name) => reservedInOr.has(name)))
  );
}

/** Number of values times depth, multiplied over the keys, added over what `$or` offers. */
function combinationsOf(policy: FilterPolicy): number {
  const each = policy.map((alternative) =>
    [...alternative.values()].reduce((product, { conditions, depth }) => product * conditions.length * depth, 1),
  );
  return each.reduce((sum, combinations) => sum + combinations, 0);
}

function tooComplex(): InvalidFilter {
  return invalidFilter('Filter policy is too complex');
}
