import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { base64, emptyAttributes, type Attributes } from './attribute-values.ts';
import { digitsOf, parseDecimal } from './numbers.ts';

/** DynamoDB's limit of one item: names and values. */
export const maxItemBytes = 400 * 1024;

/** The size of an item as documented (names and strings in UTF-8, numbers by digits, 3 bytes per list or map). */
export function itemBytes(item: Attributes): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.SS !== undefined) return sum(value.SS, (member) => Buffer.byteLength(member));
  if (value.NS !== undefined) return sum(value.NS, numberBytes);
  if (value.BS !== undefined) return sum(value.BS, (member) => member.length);
  if (value.L !== undefined) return 3 + sum(value.L, (element) => 1 + valueBytes(element));
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

/** One byte per two significant digits, and one more. */
function numberBytes(text: string): number {
  return 1 + Math.ceil(digitsOf(parseDecimal(text)).length / 2);
}

function sum<T>(values: readonly T[], bytesOf: (value: T) => number): number {
  return values.reduce((bytes, value) => bytes + bytesOf(value), 0);
}

/** An item as the text that is stored: JSON with binary as base64, types kept. */
export function encodeItem(item: Attributes): string {
  return JSON.stringify(mapBinary(item, (bytes) => base64(bytes)));
}

/** The item behind a stored text. */
export function decodeItem(text: string): Attributes {
  // Written by encodeItem; what it encoded had passed readAttributes.
  const item = JSON.parse(text) as Attributes;
  if (!text.includes('{"B":') && !text.includes('{"BS":')) return item;
  // Binary lies in the text as a base64 string.
  return mapBinary(item, (stored) => new Uint8Array(Buffer.from(stored as unknown as string, 'base64'))) as Attributes;
}

/** A copy of an item that can be changed at every depth without changing the original. */
export function copyItem(item: Attributes): Attributes {
  // Nothing but the binary values' form could differ, and these are kept as they are.
  return mapBinary(item, (bytes) => bytes) as Attributes;
}

function mapBinary(attributes: Attributes, convert: (bytes: Uint8Array) => unknown): Record<string, unknown> {
  const mapped: Record<string, unknown> = emptyAttributes();
  for (const [name, value] of Object.entries(attributes)) mapped[name] = mapBinaryValue(value, convert);
  return mapped;
}

function mapBinaryValue(value: AttributeValue, convert: (bytes: Uint8Array) => unknown): unknown {
  if (value.B !== undefined) return { B: convert(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(convert) };
  if (value.L !== undefined) return { L: value.L.map((element) => mapBinaryValue(element, convert)) };
  if (value.M !== undefined) return { M: mapBinary(value.M, convert) };
  if (value.SS !== undefined) return { SS: [...value.SS] };
  if (value.NS !== undefined) return { NS: [...value.NS] };
  return { ...value };
}
