import { createHash, randomInt, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';

/** An intrinsic function; what it throws says what it wants. */
export type Intrinsic = (...args: Json[]) => Json;

const maxRangeItems = 1_000;
const maxTextCharacters = 10_000;
const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** The intrinsic functions of Amazon States Language by their name after `States.`, but for Format. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  StringToJson: (value = null) => JSON.parse(text(value)) as Json,
  JsonToString: (value = null) => JSON.stringify(value),
  Array: (...values) => values,
  ArrayPartition: (items = null, size = null) => partition(array(items), positive(size)),
  ArrayContains: (items = null, value = null) => array(items).some((item) => isDeepStrictEqual(item, value)),
  ArrayRange: (first = null, last = null, step = null) => range(whole(first), whole(last), whole(step)),
  ArrayGetItem(items = null, index = null) {
    const found = array(items)[whole(index)];
    if (found === undefined) throw new Error(`there is no item ${JSON.stringify(index)}`);
    return found;
  },
  ArrayLength: (items = null) => array(items).length,
  ArrayUnique: (items = null) =>
    array(items).filter((item, index, all) => all.findIndex((other) => isDeepStrictEqual(item, other)) === index),
  Base64Encode: (value = null) => Buffer.from(bounded(value)).toString('base64'),
  Base64Decode: (value = null) => Buffer.from(bounded(value), 'base64').toString(),
  Hash(data = null, algorithm = null) {
    const known = typeof algorithm === 'string' ? hashes[algorithm] : undefined;
    if (!known) throw new Error(`the algorithm must be one of ${Object.keys(hashes).join(', ')}`);
    const given = typeof data === 'string' ? bounded(data) : JSON.stringify(data);
    return createHash(known).update(given).digest('hex');
  },
  JsonMerge(one = null, other = null, isDeep = null) {
    if (isDeep !== false) throw new Error('only shallow merging (false) is supported');
    return { ...object(one), ...object(other) };
  },
  MathRandom: (from = null, to = null, seed) => random(whole(from), whole(to), seed),
  MathAdd: (one = null, other = null) => int(int(whole(one)) + int(whole(other))),
  StringSplit: (value = null, delimiters = null) => split(text(value), text(delimiters)),
  UUID: () => randomUUID(),
};

/**
 * States.Format: `template` is its text in the definition's spelling, in which `\{` and `\}` are no places.
 * @throws Error if there are more or fewer values than places
 */
export function format(template: string, values: readonly Json[]): string {
  let used = 0;
  const filled = template.replace(/\\([\s\S])|\{\}/g, (_whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[used];
    used += 1;
    return typeof value === 'string' ? value : JSON.stringify(value ?? null);
  });
  if (used !== values.length) throw new Error(`States.Format has ${used} places for ${values.length} values`);
  return filled;
}

function split(value: string, delimiters: string): Json {
  if (delimiters === '') throw new Error('the delimiters must not be empty');
  const parts: string[] = [''];
  for (const character of value) {
    if (delimiters.includes(character)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  // Each of the delimiters splits; several in a row give no empty parts.
  return parts.filter((part) => part !== '');
}

function partition(items: Json[], size: number): Json {
  const chunks: Json[] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

function range(first: number, last: number, step: number): Json {
  if (step === 0) throw new Error('the step must not be 0');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > maxRangeItems) throw new Error(`at most ${maxRangeItems} items`);
  return Array.from({ length: count }, (_unused, index) => first + index * step);
}

/** From `from` to below `to`; with a seed the same one each time. */
function random(from: number, to: number, seed: Json | undefined): number {
  if (to <= from) throw new Error('the end must be greater than the start');
  if (seed === undefined) return randomInt(from, to);
  const digest = createHash('sha256')
    .update(String(whole(seed)))
    .digest();
  return from + Math.floor((digest.readUIntBE(0, 6) / 2 ** 48) * (to - from));
}

function text(value: Json): string {
  if (typeof value === 'string') return value;
  throw new Error(`a string was expected, not ${shown(value)}`);
}

function bounded(value: Json): string {
  const given = text(value);
  if (given.length > maxTextCharacters) throw new Error(`at most ${maxTextCharacters} characters`);
  return given;
}

function array(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  throw new Error(`an array was expected, not ${shown(value)}`);
}

function object(value: Json): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Error(`an object was expected, not ${shown(value)}`);
}

/** Numbers are rounded to the nearest whole one, as documented. */
function whole(value: Json): number {
  if (typeof value === 'number') return Math.round(value);
  throw new Error(`a number was expected, not ${shown(value)}`);
}

/** Sums and what they are made of are 32-bit integers, as documented for States.MathAdd. */
function int(value: number): number {
  if (value >= -(2 ** 31) && value < 2 ** 31) return value;
  throw new Error(`an integer from -2147483648 to 2147483647 was expected, not ${value}`);
}

function positive(value: Json): number {
  const given = whole(value);
  if (given < 1) throw new Error(`a positive number was expected, not ${given}`);
  return given;
}

function shown(value: Json): string {
  return JSON.stringify(value).slice(0, 100);
}
