import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { attributeOf, emptyAttributes, type Attributes } from './attribute-values.ts';
import { consumedCapacity, projectedPart, readUnits, type UsedUnits } from './capacity.ts';
import type { Database } from './database.ts';
import { meets } from './expressions/condition.ts';
import { project } from './expressions/projection.ts';
import type { RequestExpressions } from './expressions/request-expressions.ts';
import type { ReadRange } from './read-range.ts';
import { itemBytes } from './items.ts';
import type { ReadSource } from './read-source.ts';
import { keyAttributes } from './table.ts';

/** A page ends with the item that brings it to this size, before any filter. */
const maxPageBytes = 1024 * 1024;

/** What Query and Scan answer. */
export interface Page {
  readonly Items?: Attributes[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Attributes;
  readonly ConsumedCapacity?: ConsumedCapacity;
}

/** What a page depends on besides its range. */
export interface PageRequest {
  readonly source: ReadSource;
  readonly expressions: RequestExpressions;
  readonly Limit?: number | undefined;
  readonly Select?: string | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
}

/** Reads one page of a range. `LastEvaluatedKey` is there when the page was full, even if nothing follows. */
export function readPage(database: Database, range: ReadRange, request: PageRequest): Page {
  const { filter, projection, values } = request.expressions;
  const items: Attributes[] = [];
  let scannedCount = 0;
  let bytes = 0;
  let last: Attributes | undefined;
  for (const stored of database.items.read(range)) {
    const visible = visibleItem(stored.item, request);
    scannedCount++;
    bytes += visible === stored.item ? stored.bytes : itemBytes(visible);
    if (!filter || meets(filter, visible, values)) items.push(projection ? project(visible, projection) : visible);
    if (scannedCount === request.Limit || bytes >= maxPageBytes) {
      last = stored.item;
      break;
    }
  }
  const capacity = consumedCapacity(request.ReturnConsumedCapacity, range.table, unitsOf(bytes, request));
  return {
    ...(request.Select !== 'COUNT' && { Items: items }),
    Count: items.length,
    ScannedCount: scannedCount,
    ...(last && { LastEvaluatedKey: keyOfItem(last, request.source) }),
    ...(capacity && { ConsumedCapacity: capacity }),
  };
}

/** What the table or the index shows of an item. */
function visibleItem(item: Attributes, { source }: PageRequest): Attributes {
  return !source.index || source.seesWholeItem ? item : projectedPart(source.index, item);
}

/** Pages are counted as a whole: one unit per 4 KB begun of everything read. */
function unitsOf(bytes: number, { source, ConsistentRead: isConsistent }: PageRequest): UsedUnits {
  const units = readUnits(bytes, isConsistent === true);
  if (source.index) return { table: 0, indexes: new Map([[source.index, units]]) };
  return { table: units, indexes: new Map() };
}

function keyOfItem(item: Attributes, source: ReadSource): Attributes {
  const key = emptyAttributes();
  for (const { name } of [source.table.key, source.key].flatMap(keyAttributes)) {
    const value = attributeOf(item, name);
    if (value) key[name] = value;
  }
  return key;
}
