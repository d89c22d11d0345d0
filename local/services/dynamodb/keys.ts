import { hash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { digitsOf, magnitudeOf, parseDecimal } from './numbers.ts';

/** Where an item lies: the partition by a hash (as scans meet them) and by its key, then the sort key's bytes. */
export interface Position {
  readonly hash: number;
  readonly partition: Uint8Array;
  /** Empty if the key has no sort attribute. */
  readonly sort: Uint8Array;
}

/** Hashes lie in 0 … 2^32 - 1; a scan's segments are ranges of it. */
export const hashSpace = 2 ** 32;

/** No sort attribute. */
const noBytes: Uint8Array = new Uint8Array();

/** The position of a partition value and a sort value. Both have the type that the key schema asks for. */
export function positionOf(partition: AttributeValue, sort: AttributeValue | undefined): Position {
  const bytes = encodeKeyValue(partition);
  return { hash: hashOf(bytes), partition: bytes, sort: sort ? encodeKeyValue(sort) : noBytes };
}

/** A position as a text that is equal exactly if the positions are. */
export function positionText({ partition, sort }: Position): string {
  return `${Buffer.from(partition).toString('hex')}/${Buffer.from(sort).toString('hex')}`;
}

function hashOf(bytes: Uint8Array): number {
  return Number.parseInt(hash('sha1', bytes, 'hex').slice(0, 8), 16);
}

/**
 * A scalar as bytes whose bytewise order is DynamoDB's order of the type: strings by UTF-8, binary as it is, numbers by
 * value. Values of one key attribute share their type, so the type is not written.
 */
export function encodeKeyValue(value: AttributeValue): Uint8Array {
  if (value.S !== undefined) return Buffer.from(value.S, 'utf8');
  if (value.B !== undefined) return value.B;
  if (value.N !== undefined) return encodeNumber(value.N);
  throw new Error('a key attribute is a string, a number or binary');
}

const negative = 0x40;
const zero = 0x80;
const positive = 0xc0;

/**
 * Sign, magnitude (moved to 0 … 255), then two digits per byte. Below zero everything is inverted, and a closing 0xff
 * sorts the shorter one behind its longer relatives (-1 behind -1.01).
 */
function encodeNumber(text: string): Uint8Array {
  const value = parseDecimal(text);
  if (value.digits === 0n) return Uint8Array.of(zero);
  const digits = digitsOf(value);
  const pairs = Array.from({ length: Math.ceil(digits.length / 2) }, (_, i) =>
    Number(digits.slice(2 * i, 2 * i + 2).padEnd(2, '0')),
  );
  const bytes = [magnitudeOf(value) + 130, ...pairs];
  if (value.digits > 0n) return Uint8Array.of(positive, ...bytes);
  return Uint8Array.of(negative, ...bytes.map((byte) => 0xff - byte), 0xff);
}

/** The smallest bytes behind everything that begins with `prefix`; undefined if there is none. */
export function behindPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last === -1) return undefined;
  const end = Uint8Array.from(prefix.subarray(0, last + 1));
  end[last] = (prefix[last] ?? 0) + 1;
  return end;
}
