import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { validationError } from './errors.ts';
import { canonicalNumber, compareNumbers } from './numbers.ts';

/** The ten types of an attribute value, in the order in which DynamoDB's messages name them. */
export const attributeTypes = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'BOOL', 'NULL', 'L', 'M'] as const;

/** The tag of an attribute value. */
export type AttributeType = (typeof attributeTypes)[number];

/** Attributes by name: an item, or the content of a map. May have no prototype; read it with `attributeOf`. */
export type Attributes = Record<string, AttributeValue>;

/** DynamoDB refuses documents nested deeper than this. */
const maxNestingLevels = 32;

/** An attribute by name, undefined if it is not there (a name such as `constructor` finds nothing of JavaScript's). */
export function attributeOf(attributes: Attributes, name: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** The type of a value that has passed `readValue`. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type of attributeTypes) if (value[type] !== undefined) return type;
  throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

/** Validates attributes that came from outside and gives a copy of its own with canonical numbers. */
export function readAttributes(attributes: Attributes, level = 0): Attributes {
  const read = emptyAttributes();
  for (const [name, value] of Object.entries(attributes)) read[name] = readValue(value, level);
  return read;
}

/** Attributes to be filled; no name is special, `__proto__` included. */
export function emptyAttributes(): Attributes {
  // An object without prototype is the one kind on which every string is an ordinary property.
  return Object.create(null) as Attributes;
}

/**
 * Validates one value that came from outside and gives a copy of its own with canonical numbers.
 * @throws ValidationException with DynamoDB's text
 */
export function readValue(value: AttributeValue, level = 0): AttributeValue {
  const given = attributeTypes.filter((type) => value[type] !== undefined);
  if (given.length > 1) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: canonicalNumber(value.N) };
  if (value.B !== undefined) return { B: value.B };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return readNull(value.NULL);
  return readCollection(value, level);
}

function readNull(isNull: boolean): AttributeValue {
  if (isNull) return { NULL: true };
  throw invalidParameter('Null attribute value types must have the value of true');
}

function readCollection(value: AttributeValue, level: number): AttributeValue {
  if (value.SS !== undefined) return { SS: readStringSet(value.SS) };
  if (value.NS !== undefined) return { NS: readNumberSet(value.NS) };
  if (value.BS !== undefined) return { BS: readBinarySet(value.BS) };
  if (level >= maxNestingLevels) {
    throw validationError(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
  if (value.L !== undefined) return { L: value.L.map((element) => readValue(element, level + 1)) };
  if (value.M !== undefined) return { M: readAttributes(value.M, level + 1) };
  throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

function readStringSet(members: readonly string[]): string[] {
  // The article and the two spaces are DynamoDB's.
  if (members.length === 0) throw invalidParameter('An string set  may not be empty');
  if (new Set(members).size < members.length) {
    throw invalidParameter(`Input collection [${members.join(', ')}] contains duplicates.`);
  }
  return [...members];
}

function readNumberSet(members: readonly string[]): string[] {
  if (members.length === 0) throw invalidParameter('An number set  may not be empty');
  const read = members.map(canonicalNumber);
  if (new Set(read).size < read.length) throw validationError('Input collection contains duplicates');
  return read;
}

function readBinarySet(members: readonly Uint8Array[]): Uint8Array[] {
  if (members.length === 0) throw invalidParameter('Binary sets should not be empty');
  const texts = members.map(base64);
  if (new Set(texts).size < texts.length) {
    throw invalidParameter(`Input collection [${texts.join(', ')}]of type BS contains duplicates.`);
  }
  return [...members];
}

function invalidParameter(reason: string): Error {
  return validationError(`One or more parameter values were invalid: ${reason}`);
}

/** Bytes as text that is equal exactly if the bytes are. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** A scalar's text for messages; empty for others. */
export function valueText(value: AttributeValue): string {
  return value.S ?? value.N ?? (value.B ? base64(value.B) : '');
}

/** The order of two values of the same scalar type (S by UTF-8 bytes, N by value, B by bytes); undefined for others. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined && right.S !== undefined) return compareStrings(left.S, right.S);
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(left.N, right.N);
  if (left.B !== undefined && right.B !== undefined) return Buffer.compare(left.B, right.B);
  return undefined;
}

function compareStrings(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Whether two values are the same: type and content, sets in any order. */
export function areEqual(left: AttributeValue, right: AttributeValue): boolean {
  const order = compareValues(left, right);
  if (order !== undefined) return order === 0;
  if (left.BOOL !== undefined) return left.BOOL === right.BOOL;
  if (left.NULL !== undefined) return right.NULL !== undefined;
  if (left.L !== undefined) return right.L !== undefined && areListsEqual(left.L, right.L);
  if (left.M !== undefined) return right.M !== undefined && areMapsEqual(left.M, right.M);
  const members = setMembers(left);
  const others = setMembers(right);
  if (!members || !others || typeOf(left) !== typeOf(right) || members.length !== others.length) return false;
  const known = new Set(others);
  return members.every((member) => known.has(member));
}

/** The members of a set as texts that are equal exactly if the members are; undefined if the value is no set. */
export function setMembers(value: AttributeValue): readonly string[] | undefined {
  return value.SS ?? value.NS ?? value.BS?.map(base64);
}

function areListsEqual(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  return left.length === right.length && left.every((value, i) => isSame(value, right[i]));
}

function areMapsEqual(left: Attributes, right: Attributes): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => isSame(attributeOf(left, name), attributeOf(right, name)))
  );
}

function isSame(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  return left !== undefined && right !== undefined && areEqual(left, right);
}
