import { createHash, randomBytes, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const maxRangeItems = 1_000;
const formatTime = jsonata('$fromMillis($ms, $picture, $timezone)');

/**
 * The functions that Step Functions adds to JSONata (`$partition`, `$range`, `$hash`, `$random`, `$uuid`, `$parse`), the
 * ones it takes away (`$eval`), and those that tell the time, on the cloud's clock.
 */
export function stepFunctionsOwn(nowMs: number): Record<string, unknown> {
  return {
    partition,
    range,
    hash,
    random,
    uuid: () => randomUUID(),
    parse: (text: unknown) => (typeof text === 'string' ? JSON.parse(text) : mustBe('$parse', 'a JSON string', text)),
    eval: undefined,
    millis: () => nowMs,
    now: (picture?: string, timezone?: string) => formatTime.evaluate(undefined, { ms: nowMs, picture, timezone }),
  };
}

function partition(items: unknown, size: unknown): unknown[][] {
  if (!Array.isArray(items)) return mustBe('$partition', 'an array first', items);
  if (typeof size !== 'number' || size < 1) return mustBe('$partition', 'a positive chunk size', size);
  const step = Math.floor(size);
  const chunks: unknown[][] = [];
  for (let start = 0; start < items.length; start += step) chunks.push(items.slice(start, start + step));
  return chunks;
}

/** From `first` to `last`, both included, as documented for States.ArrayRange, whose limit of 1,000 items it shares. */
function range(first: unknown, last: unknown, step: unknown): number[] {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number') {
    return mustBe('$range', 'three numbers', [first, last, step]);
  }
  if (step === 0) return mustBe('$range', 'a step other than 0', step);
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > maxRangeItems) return mustBe('$range', `at most ${maxRangeItems} items`, count);
  return Array.from({ length: count }, (_unused, index) => first + index * step);
}

function hash(data: unknown, algorithm: unknown): string {
  const known = typeof algorithm === 'string' ? algorithms[algorithm] : undefined;
  if (!known) return mustBe('$hash', `one of ${Object.keys(algorithms).join(', ')}`, algorithm);
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return createHash(known).update(text).digest('hex');
}

/** A number from 0 to below 1; with a seed the same one each time. */
function random(seed: unknown): number {
  const bytes = seed === undefined ? randomBytes(6) : createHash('sha256').update(JSON.stringify(seed)).digest();
  return bytes.readUIntBE(0, 6) / 2 ** 48;
}

function mustBe(name: string, wanted: string, got: unknown): never {
  throw new Error(`${name} takes ${wanted}, not ${JSON.stringify(got)}`);
}
