import type { Store } from '../../store/store.ts';
import { attributeOf, type Attributes } from './attribute-values.ts';
import { indexPosition, keyPosition } from './item-keys.ts';
import { decodeItem, encodeItem, itemBytes } from './items.ts';
import type { Position } from './keys.ts';
import { selectOf, type ReadRange } from './read-range.ts';
import type { Table, TableIndex } from './table.ts';

/** An item as it lies in the store. */
export interface StoredItem {
  readonly id: number;
  readonly item: Attributes;
  readonly bytes: number;
}

/** The items of all tables and their places in the indexes. Every change belongs in a transaction of the caller's. */
export class ItemStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get(table: Table, position: Position): StoredItem | undefined {
    const row = this.#store
      .statement(
        `SELECT id, bytes, item FROM dynamodb_items
         WHERE table_id = ? AND hash = ? AND partition_key = ? AND sort_key = ?`,
      )
      .get(table.id, position.hash, position.partition, position.sort);
    return row && storedItem(row);
  }

  /** Writes an item over `before`, what lies at its position now. */
  put(table: Table, position: Position, item: Attributes, before: StoredItem | undefined): void {
    const text = encodeItem(item);
    const bytes = itemBytes(item);
    const expiresAt = expiryOf(table, item);
    const id = before?.id ?? this.#insert(table, position, { text, bytes, expiresAt });
    if (before) {
      this.#store
        .statement('UPDATE dynamodb_items SET bytes = ?, expires_at = ?, item = ? WHERE id = ?')
        .run(bytes, expiresAt, text, id);
    }
    for (const index of table.indexes) this.#moveEntry(index, { id, position }, before?.item, item);
  }

  #insert(table: Table, position: Position, row: { text: string; bytes: number; expiresAt: number | null }): number {
    const { lastInsertRowid } = this.#store
      .statement(
        `INSERT INTO dynamodb_items (table_id, hash, partition_key, sort_key, bytes, expires_at, item)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(table.id, position.hash, position.partition, position.sort, row.bytes, row.expiresAt, row.text);
    return Number(lastInsertRowid);
  }

  delete(table: Table, stored: StoredItem): void {
    this.#store.statement('DELETE FROM dynamodb_items WHERE id = ?').run(stored.id);
    const place = { id: stored.id, position: keyPosition(table.key, stored.item) };
    for (const index of table.indexes) this.#moveEntry(index, place, stored.item, undefined);
  }

  #moveEntry(
    index: TableIndex,
    place: { id: number; position: Position },
    before: Attributes | undefined,
    after: Attributes | undefined,
  ): void {
    const from = before && indexPosition(index, before);
    const to = after && indexPosition(index, after);
    if (from && to && isSamePosition(from, to)) return;
    if (from) this.#deleteEntry(index, from, place.position);
    if (to) this.#insertEntry(index, to, place);
  }

  #deleteEntry(index: TableIndex, entry: Position, item: Position): void {
    this.#store
      .statement(
        `DELETE FROM dynamodb_index_entries WHERE index_id = ? AND hash = ? AND partition_key = ? AND sort_key = ?
           AND item_partition_key = ? AND item_sort_key = ?`,
      )
      .run(index.id, entry.hash, entry.partition, entry.sort, item.partition, item.sort);
  }

  #insertEntry(index: TableIndex, entry: Position, place: { id: number; position: Position }): void {
    this.#store
      .statement(
        `INSERT OR REPLACE INTO dynamodb_index_entries
           (index_id, hash, partition_key, sort_key, item_partition_key, item_sort_key, item_id)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(index.id, entry.hash, entry.partition, entry.sort, place.position.partition, place.position.sort, place.id);
  }

  /** The items of a range, one at a time: stop when there is enough, and write nothing before the end. */
  *read(range: ReadRange): Iterable<StoredItem> {
    const { sql, parameters } = selectOf(range);
    for (const row of this.#store.statement(sql).iterate(...parameters)) yield storedItem(row);
  }

  count(table: Table): { items: number; bytes: number } {
    const row = this.#store
      .statement('SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM dynamodb_items WHERE table_id = ?')
      .get(table.id);
    return { items: Number(row?.['items']), bytes: Number(row?.['bytes']) };
  }

  /** How many items an index holds. */
  countEntries(index: TableIndex): number {
    const row = this.#store
      .statement('SELECT count(*) AS entries FROM dynamodb_index_entries WHERE index_id = ?')
      .get(index.id);
    return Number(row?.['entries']);
  }

  /** Puts every item of the table that has the index's keys into an index that is new. */
  fillIndex(table: Table, index: TableIndex): void {
    for (const { id, item } of this.#all(table)) {
      const entry = indexPosition(index, item);
      if (entry) this.#insertEntry(index, entry, { id, position: keyPosition(table.key, item) });
    }
  }

  /** Reads every item's expiry again, after the table's time-to-live attribute has changed. */
  refreshExpiry(table: Table): void {
    for (const { id, item } of this.#all(table)) {
      this.#store.statement('UPDATE dynamodb_items SET expires_at = ? WHERE id = ?').run(expiryOf(table, item), id);
    }
  }

  dropIndex(index: TableIndex): void {
    this.#store.statement('DELETE FROM dynamodb_index_entries WHERE index_id = ?').run(index.id);
  }

  deleteAll(table: Table): void {
    for (const index of table.indexes) this.dropIndex(index);
    this.#store.statement('DELETE FROM dynamodb_items WHERE table_id = ?').run(table.id);
  }

  /** Items whose expiry lies in a span of epoch seconds, both ends included. */
  expired(table: Table, span: { from: number; to: number }, limit: number): StoredItem[] {
    return this.#store
      .statement(
        `SELECT id, bytes, item FROM dynamodb_items
         WHERE table_id = ? AND expires_at BETWEEN ? AND ? ORDER BY expires_at LIMIT ?`,
      )
      .all(table.id, span.from, span.to, limit)
      .map(storedItem);
  }

  /** The earliest expiry from `from` on, in epoch seconds. */
  nextExpiry(table: Table, from: number): number | undefined {
    const row = this.#store
      .statement('SELECT min(expires_at) AS next FROM dynamodb_items WHERE table_id = ? AND expires_at >= ?')
      .get(table.id, from);
    return typeof row?.['next'] === 'number' ? row['next'] : undefined;
  }

  #all(table: Table): StoredItem[] {
    return this.#store
      .statement('SELECT id, bytes, item FROM dynamodb_items WHERE table_id = ?')
      .all(table.id)
      .map(storedItem);
  }
}

/** When an item expires, in epoch seconds; null if it has no such attribute or one that is no whole, small number. */
export function expiryOf(table: Table, item: Attributes): number | null {
  const { ttlAttribute } = table.definition;
  const value = ttlAttribute === undefined ? undefined : attributeOf(item, ttlAttribute)?.N;
  const seconds = value === undefined ? Number.NaN : Math.floor(Number(value));
  return Number.isSafeInteger(seconds) ? seconds : null;
}

function isSamePosition(left: Position, right: Position): boolean {
  return (
    left.hash === right.hash &&
    Buffer.compare(left.partition, right.partition) === 0 &&
    Buffer.compare(left.sort, right.sort) === 0
  );
}

function storedItem(row: Record<string, unknown>): StoredItem {
  return { id: Number(row['id']), bytes: Number(row['bytes']), item: decodeItem(String(row['item'])) };
}
