import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { invalidParameter } from './sqs-error.ts';

/** A message attribute as it is stored: binary values in base64. */
export interface StoredAttribute {
  readonly dataType: string;
  readonly text?: string;
  readonly base64?: string;
}

/** Attributes of a message by name. */
export type StoredAttributes = Readonly<Record<string, StoredAttribute>>;

const maxCount = 10;
const namePattern = /^(?!(?:aws|amazon)\.)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/i;
const typePattern = /^(String|Number|Binary)(\..+)?$/;

/**
 * Reads message attributes by the documented rules.
 * @throws AwsError InvalidParameterValue
 */
export function readAttributes(given: Readonly<Record<string, MessageAttributeValue>> = {}): StoredAttributes {
  const entries = Object.entries(given);
  if (entries.length > maxCount) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${maxCount}].`,
    );
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, value: MessageAttributeValue): StoredAttribute {
  if (!namePattern.test(name) || name.length > 256)
    throw invalidParameter(`Message attribute name '${name}' is invalid.`);
  const dataType = value.DataType ?? '';
  if (!typePattern.test(dataType) || dataType.length > 256) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  if (dataType.startsWith('Binary')) {
    if (!value.BinaryValue?.length) throw empty(name, dataType);
    return { dataType, base64: Buffer.from(value.BinaryValue).toString('base64') };
  }
  if (!value.StringValue) throw empty(name, dataType);
  if (dataType.startsWith('Number') && !Number.isFinite(Number(value.StringValue))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { dataType, text: value.StringValue };
}

function empty(name: string, dataType: string): Error {
  return invalidParameter(
    `The message (user) attribute '${name}' must contain a non-empty value of type '${dataType}'.`,
  );
}

/** The attributes that a receiver asked for: `All`, `.*`, a name, or a prefix with `.*`. */
export function selectAttributes(
  stored: StoredAttributes,
  wanted: readonly string[],
): Record<string, MessageAttributeValue> | undefined {
  const isWanted = (name: string): boolean =>
    wanted.some(
      (one) =>
        one === 'All' || one === '.*' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))),
    );
  const selected = Object.entries(stored).filter(([name]) => isWanted(name));
  if (selected.length === 0) return undefined;
  return Object.fromEntries(selected.map(([name, attribute]) => [name, valueOf(attribute)]));
}

function valueOf({ dataType, text, base64 }: StoredAttribute): MessageAttributeValue {
  if (base64 !== undefined) return { DataType: dataType, BinaryValue: new Uint8Array(Buffer.from(base64, 'base64')) };
  return { DataType: dataType, StringValue: text };
}

/** How many bytes attributes count of a message's size: names, types and values. */
export function attributeBytes(attributes: StoredAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, attribute]) => sum + Buffer.byteLength(name) + attribute.dataType.length + rawValue(attribute).length,
    0,
  );
}

/** The digest of attributes by the documented rule: name, type, kind and value, each with its length, by name. */
export function attributesMd5(attributes: Readonly<Record<string, MessageAttributeValue>>): string {
  const hash = createHash('md5');
  for (const name of Object.keys(attributes).toSorted()) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    hash.update(withLength(Buffer.from(name))).update(withLength(Buffer.from(DataType)));
    hash.update(Buffer.from([BinaryValue ? 2 : 1]));
    hash.update(withLength(BinaryValue ? Buffer.from(BinaryValue) : Buffer.from(StringValue ?? '')));
  }
  return hash.digest('hex');
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function rawValue({ text, base64 }: StoredAttribute): Buffer {
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
}
