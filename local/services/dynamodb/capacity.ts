import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { areEqual, attributeOf, type Attributes } from './attribute-values.ts';
import { indexPosition } from './item-keys.ts';
import { itemBytes } from './items.ts';
import type { Table, TableIndex } from './table.ts';

/** What a request has used of one table: units of the table itself and of its indexes. */
export interface UsedUnits {
  readonly table: number;
  readonly indexes: ReadonlyMap<TableIndex, number>;
}

/** The units of reading: one per 4 KB begun, half as many if eventually consistent. Nothing still costs one block. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5);
}

/** The units of writing an item: one per KB begun of the larger of before and after, and what its indexes need. */
export function writeUnits(table: Table, before: Attributes | undefined, after: Attributes | undefined): UsedUnits {
  const indexes = new Map<TableIndex, number>();
  for (const index of table.indexes) {
    const units = indexUnits(index, before, after);
    if (units > 0) indexes.set(index, units);
  }
  return { table: Math.max(blocksOf(before), blocksOf(after)), indexes };
}

/** An entry that appears or goes costs one write, one that moves two, one whose projection stays the same nothing. */
function indexUnits(index: TableIndex, before: Attributes | undefined, after: Attributes | undefined): number {
  const old = before && indexPosition(index, before) && projectedPart(index, before);
  const now = after && indexPosition(index, after) && projectedPart(index, after);
  if (!old || !now) return old || now ? blocksOf(old ?? now) : 0;
  if (areEqual({ M: old }, { M: now })) return 0;
  const isMoved = [index.key.partition, index.key.sort].some(
    (attribute) => attribute && differs(attribute.name, old, now),
  );
  return isMoved ? blocksOf(old) + blocksOf(now) : Math.max(blocksOf(old), blocksOf(now));
}

function differs(name: string, left: Attributes, right: Attributes): boolean {
  const [a, b] = [attributeOf(left, name), attributeOf(right, name)];
  return !a || !b || !areEqual(a, b);
}

/** What an index holds of an item. */
export function projectedPart(index: TableIndex, item: Attributes): Attributes {
  const { projected } = index;
  return projected ? Object.fromEntries(Object.entries(item).filter(([name]) => projected.has(name))) : item;
}

function blocksOf(item: Attributes | undefined): number {
  return Math.max(1, Math.ceil((item ? itemBytes(item) : 0) / 1024));
}

/** The sum of what several requests have used of one table. */
export function addUnits(left: UsedUnits, right: UsedUnits): UsedUnits {
  const indexes = new Map(left.indexes);
  for (const [index, units] of right.indexes) indexes.set(index, (indexes.get(index) ?? 0) + units);
  return { table: left.table + right.table, indexes };
}

/**
 * The `ConsumedCapacity` of an answer; undefined unless it was asked for. `factor` is 2 in transactions, and `kind`
 * adds the member of that name, which transactions have.
 */
export function consumedCapacity(
  mode: string | undefined,
  table: Table,
  used: UsedUnits,
  transaction?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): ConsumedCapacity | undefined {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return undefined;
  const factor = transaction ? 2 : 1;
  const capacity = (units: number) => ({
    CapacityUnits: units * factor,
    ...(transaction && { [transaction]: units * factor }),
  });
  const total = [...used.indexes.values()].reduce((sum, units) => sum + units, used.table);
  const byKind = (kind: TableIndex['kind']) => {
    const entries = [...used.indexes].filter(([index]) => index.kind === kind);
    return entries.length > 0 && Object.fromEntries(entries.map(([index, units]) => [index.name, capacity(units)]));
  };
  const [globals, locals] = [byKind('global'), byKind('local')];
  return {
    TableName: table.name,
    ...capacity(total),
    ...(mode === 'INDEXES' && {
      Table: capacity(used.table),
      ...(globals && { GlobalSecondaryIndexes: globals }),
      ...(locals && { LocalSecondaryIndexes: locals }),
    }),
  };
}
