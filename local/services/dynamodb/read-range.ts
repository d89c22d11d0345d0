import type { SQLInputValue } from 'node:sqlite';
import type { Position } from './keys.ts';
import type { Table, TableIndex } from './table.ts';

/** An end of a range of sort keys. */
export interface SortBound {
  readonly bytes: Uint8Array;
  readonly isIncluded: boolean;
}

/** What a query or a scan reads, in the order of the keys. */
export interface ReadRange {
  readonly table: Table;
  /** Reads the index instead of the table. */
  readonly index?: TableIndex | undefined;
  /** One partition, with a range of sort keys, or every partition whose hash lies in a range. */
  readonly within:
    | { readonly kind: 'partition'; readonly position: Position; readonly low?: SortBound; readonly high?: SortBound }
    | { readonly kind: 'hashes'; readonly from: number; readonly to: number };
  /** Begins behind this position; in an index the item's position in the table decides among equals. */
  readonly after?: { readonly position: Position; readonly item: Position } | undefined;
  readonly isForward: boolean;
}

/** The statement that reads a range in order, row by row. */
export function selectOf(range: ReadRange): { sql: string; parameters: SQLInputValue[] } {
  const { index, within, after, isForward } = range;
  const order = within.kind === 'partition' ? ['sort_key'] : ['hash', 'partition_key', 'sort_key'];
  if (index) order.push('item_partition_key', 'item_sort_key');
  const conditions = scopeOf(range);
  if (after) {
    const columns = order.map((column) => `e.${column}`).join(', ');
    const places = order.map(() => '?').join(', ');
    conditions.push([
      `(${columns}) ${isForward ? '>' : '<'} (${places})`,
      ...order.map((column) => columnOf(column, after)),
    ]);
  }
  const source = index
    ? 'i.id, i.bytes, i.item FROM dynamodb_index_entries e CROSS JOIN dynamodb_items i ON i.id = e.item_id'
    : 'e.id, e.bytes, e.item FROM dynamodb_items e';
  const direction = isForward ? 'ASC' : 'DESC';
  return {
    sql: `SELECT ${source} WHERE ${conditions.map(([text]) => text).join(' AND ')}
      ORDER BY ${order.map((column) => `e.${column} ${direction}`).join(', ')}`,
    parameters: conditions.flatMap(([, ...parameters]) => parameters),
  };
}

/** A piece of a WHERE clause and its parameters. */
type SqlCondition = [text: string, ...parameters: SQLInputValue[]];

function scopeOf({ table, index, within }: ReadRange): SqlCondition[] {
  const source: SqlCondition = index ? ['e.index_id = ?', index.id] : ['e.table_id = ?', table.id];
  if (within.kind === 'hashes') return [source, ['e.hash >= ? AND e.hash < ?', within.from, within.to]];
  const { position, low, high } = within;
  const scope: SqlCondition[] = [source, ['e.hash = ? AND e.partition_key = ?', position.hash, position.partition]];
  if (low) scope.push([`e.sort_key ${low.isIncluded ? '>=' : '>'} ?`, low.bytes]);
  if (high) scope.push([`e.sort_key ${high.isIncluded ? '<=' : '<'} ?`, high.bytes]);
  return scope;
}

function columnOf(column: string, after: { position: Position; item: Position }): SQLInputValue {
  if (column === 'hash') return after.position.hash;
  if (column === 'partition_key') return after.position.partition;
  if (column === 'sort_key') return after.position.sort;
  return column === 'item_partition_key' ? after.item.partition : after.item.sort;
}
