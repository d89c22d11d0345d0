import { attributeOf, emptyAttributes, readValue, typeOf, type Attributes } from './attribute-values.ts';
import { validationError } from './errors.ts';
import type { DocumentPath } from './expressions/document-path.ts';
import { encodeKeyValue, positionOf, type Position } from './keys.ts';
import { keyAttributes, type KeyAttribute, type KeySchema, type Table, type TableIndex } from './table.ts';

const maxPartitionKeyBytes = 2048;
const maxSortKeyBytes = 1024;

/** A key that a request names, validated, and where its item lies. */
export interface ItemKey {
  readonly attributes: Attributes;
  readonly position: Position;
}

/**
 * Reads the `Key` of a request.
 * @throws ValidationException if it does not fit the table's key schema
 */
export function readKey(table: Table, given: Attributes): ItemKey {
  const wanted = keyAttributes(table.key);
  const attributes = emptyAttributes();
  if (Object.keys(given).length !== wanted.length) throw mismatch();
  for (const { name, type } of wanted) {
    const value = attributeOf(given, name);
    if (!value || value[type] === undefined) throw mismatch();
    attributes[name] = readValue(value);
  }
  for (const attribute of wanted) checkKeyValue(attributes, attribute, attribute === table.key.partition);
  return { attributes, position: keyPosition(table.key, attributes) };
}

function mismatch(): Error {
  return validationError('The provided key element does not match the schema');
}

/**
 * The position of a whole item, with its keys checked for the table and every index.
 * @throws ValidationException if a key is missing, has another type, is empty or too long
 */
export function checkItemKeys(table: Table, item: Attributes): Position {
  for (const attribute of keyAttributes(table.key)) {
    const value = attributeOf(item, attribute.name);
    if (!value) throw invalid(`Missing the key ${attribute.name} in the item`);
    if (value[attribute.type] === undefined) {
      throw invalid(`Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`);
    }
    checkKeyValue(item, attribute, attribute === table.key.partition);
  }
  for (const index of table.indexes) checkIndexKeys(index, item);
  return keyPosition(table.key, item);
}

function checkIndexKeys(index: TableIndex, item: Attributes): void {
  for (const attribute of keyAttributes(index.key)) {
    const value = attributeOf(item, attribute.name);
    if (!value) continue;
    if (value[attribute.type] === undefined) throw indexTypeMismatch(index, attribute, typeOf(value));
    if (isEmpty(value[attribute.type])) {
      throw validationError(
        'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
          `The AttributeValue for a key attribute cannot contain an empty ${typeText(attribute)} value. ` +
          `IndexName: ${index.name}, IndexKey: ${attribute.name}`,
      );
    }
    checkKeySize(item, attribute, attribute === index.key.partition);
  }
}

/** A value of a type that an index cannot have as its key. */
export function indexTypeMismatch(index: TableIndex, attribute: KeyAttribute, actual: string): Error {
  return invalid(
    `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${actual} IndexName: ${index.name}`,
  );
}

/**
 * Checks the index keys of an item that an update has made; the texts differ from those for a whole item.
 * @throws ValidationException
 */
export function checkUpdatedIndexKeys(table: Table, item: Attributes): void {
  for (const index of table.indexes) {
    for (const attribute of keyAttributes(index.key)) {
      const value = attributeOf(item, attribute.name);
      if (!value) continue;
      if (value[attribute.type] === undefined) {
        throw validationError('The update expression attempted to update the secondary index key to unsupported type');
      }
      if (isEmpty(value[attribute.type])) throw emptyUpdatedKey(attribute);
      if (keyBytes(item, attribute) > maxBytes(attribute === index.key.partition)) {
        throw validationError(
          'The update expression attempted to update the secondary index key beyond allowed size limits.',
        );
      }
    }
  }
}

function emptyUpdatedKey(attribute: KeyAttribute): Error {
  return validationError(
    'One or more parameter values are not valid. The update expression attempted to update a secondary index key to ' +
      'a value that is not supported. ' +
      `The AttributeValue for a key attribute cannot contain an empty ${typeText(attribute)} value.`,
  );
}

/** Where an item lies in an index; undefined if it lacks one of the index's keys. */
export function indexPosition(index: TableIndex, item: Attributes): Position | undefined {
  const complete = keyAttributes(index.key).every(({ name, type }) => attributeOf(item, name)?.[type] !== undefined);
  return complete ? keyPosition(index.key, item) : undefined;
}

/** The position of an item under a key whose attributes it has. */
export function keyPosition(key: KeySchema, item: Attributes): Position {
  const partition = attributeOf(item, key.partition.name);
  if (!partition) throw new Error(`an item without its key ${key.partition.name}`);
  return positionOf(partition, key.sort && attributeOf(item, key.sort.name));
}

/**
 * Refuses paths into key attributes, which are scalars.
 * @throws ValidationException
 */
export function checkKeyPaths(table: Table, paths: readonly DocumentPath[]): void {
  const nested = new Set(paths.filter((path) => path.length > 1).map(([name]) => name));
  const refuse = (kind: string, key: KeySchema): void => {
    const found = keyAttributes(key).find((attribute) => nested.has(attribute.name));
    if (!found) return;
    throw validationError(
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${found.name}`,
    );
  };
  if (nested.size === 0) return;
  refuse('Key', table.key);
  for (const index of table.indexes) refuse('IndexKey', index.key);
}

function checkKeyValue(item: Attributes, attribute: KeyAttribute, isPartition: boolean): void {
  if (isEmpty(attributeOf(item, attribute.name)?.[attribute.type])) {
    throw validationError(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
        `${typeText(attribute)} value. Key: ${attribute.name}`,
    );
  }
  checkKeySize(item, attribute, isPartition);
}

function checkKeySize(item: Attributes, attribute: KeyAttribute, isPartition: boolean): void {
  if (keyBytes(item, attribute) <= maxBytes(isPartition)) return;
  throw invalid(
    // The missing space is DynamoDB's.
    isPartition
      ? 'Size of hashkey has exceeded the maximum size limit of2048 bytes'
      : 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
  );
}

function maxBytes(isPartition: boolean): number {
  return isPartition ? maxPartitionKeyBytes : maxSortKeyBytes;
}

function keyBytes(item: Attributes, attribute: KeyAttribute): number {
  const value = attributeOf(item, attribute.name);
  return value ? encodeKeyValue(value).length : 0;
}

function isEmpty(value: string | Uint8Array | undefined): boolean {
  return value?.length === 0;
}

function typeText(attribute: KeyAttribute): string {
  return attribute.type === 'B' ? 'binary' : 'string';
}

function invalid(reason: string): Error {
  return validationError(`One or more parameter values were invalid: ${reason}`);
}
