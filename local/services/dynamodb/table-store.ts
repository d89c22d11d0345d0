import { randomUUID } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { CloudContext } from '../service-module.ts';
import { resourceNotFound } from './errors.ts';
import { keyOf, projectedAttributes, type Table, type TableDefinition, type TableIndex } from './table.ts';

/** The steps that make the tables of this service. */
export const migrations: readonly string[] = [
  `CREATE TABLE dynamodb_tables (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, uuid TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL, definition TEXT NOT NULL) STRICT`,
  `CREATE TABLE dynamodb_indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, table_id INTEGER NOT NULL, name TEXT NOT NULL,
     UNIQUE (table_id, name)) STRICT`,
  `CREATE TABLE dynamodb_items (id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, hash INTEGER NOT NULL,
     partition_key BLOB NOT NULL, sort_key BLOB NOT NULL, bytes INTEGER NOT NULL, expires_at INTEGER,
     item TEXT NOT NULL) STRICT`,
  'CREATE UNIQUE INDEX dynamodb_items_by_key ON dynamodb_items (table_id, hash, partition_key, sort_key)',
  `CREATE INDEX dynamodb_items_by_expiry ON dynamodb_items (table_id, expires_at) WHERE expires_at IS NOT NULL`,
  `CREATE TABLE dynamodb_index_entries (index_id INTEGER NOT NULL, hash INTEGER NOT NULL, partition_key BLOB NOT NULL,
     sort_key BLOB NOT NULL, item_partition_key BLOB NOT NULL, item_sort_key BLOB NOT NULL, item_id INTEGER NOT NULL,
     PRIMARY KEY (index_id, hash, partition_key, sort_key, item_partition_key, item_sort_key)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE dynamodb_transaction_tokens (token TEXT PRIMARY KEY, request TEXT NOT NULL, at_ms INTEGER NOT NULL)
     STRICT, WITHOUT ROWID`,
  'CREATE INDEX dynamodb_transaction_tokens_by_time ON dynamodb_transaction_tokens (at_ms)',
];

/** The tables of one local cloud: what they are, not what they hold. */
export class TableStore {
  readonly #context: CloudContext;
  readonly #known = new Map<string, Table>();

  constructor(context: CloudContext) {
    this.#context = context;
  }

  /** A table by its name; undefined if there is none. */
  find(name: string): Table | undefined {
    const known = this.#known.get(name);
    if (known) return known;
    const row = this.#context.store.statement('SELECT * FROM dynamodb_tables WHERE name = ?').get(name);
    if (!row) return undefined;
    // The columns are STRICT and written only by this class.
    const table = this.#load(row as unknown as TableRow);
    this.#known.set(name, table);
    return table;
  }

  /**
   * The table that a request for items names.
   * @throws ResourceNotFoundException
   */
  require(name: string): Table {
    const table = this.find(name);
    if (!table) throw resourceNotFound();
    return table;
  }

  byId(id: number): Table | undefined {
    const row = this.#context.store.statement('SELECT name FROM dynamodb_tables WHERE id = ?').get(id);
    return typeof row?.['name'] === 'string' ? this.find(row['name']) : undefined;
  }

  /** Names in order, those behind `after` only. */
  names(after: string, limit: number): string[] {
    const rows = this.#context.store
      .statement('SELECT name FROM dynamodb_tables WHERE name > ? ORDER BY name LIMIT ?')
      .all(after, limit);
    return rows.map((row) => String(row['name']));
  }

  /** Adds a table. @throws ResourceInUseException if its name is taken */
  create(name: string, definition: TableDefinition): Table {
    if (this.find(name)) throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
    return this.#change(name, () => {
      const { lastInsertRowid } = this.#context.store
        .statement('INSERT INTO dynamodb_tables (name, uuid, created_at_ms, definition) VALUES (?, ?, ?, ?)')
        .run(name, randomUUID(), this.#context.clock.nowMs(), JSON.stringify(definition));
      this.#keepIndexes(Number(lastInsertRowid), definition);
    });
  }

  /** Replaces the definition of a table; indexes of the same name keep their entries. */
  redefine(table: Table, definition: TableDefinition): Table {
    return this.#change(table.name, () => {
      this.#context.store
        .statement('UPDATE dynamodb_tables SET definition = ? WHERE id = ?')
        .run(JSON.stringify(definition), table.id);
      this.#keepIndexes(table.id, definition);
    });
  }

  /** Forgets a table; its items are the caller's to delete, in the same transaction. */
  delete(table: Table): void {
    this.#context.store.transaction(() => {
      this.#context.store.statement('DELETE FROM dynamodb_indexes WHERE table_id = ?').run(table.id);
      this.#context.store.statement('DELETE FROM dynamodb_tables WHERE id = ?').run(table.id);
    });
    this.#known.delete(table.name);
  }

  #change(name: string, work: () => void): Table {
    this.#known.delete(name);
    return this.#context.store.transaction(() => {
      work();
      const row = this.#context.store.statement('SELECT * FROM dynamodb_tables WHERE name = ?').get(name);
      // The row has been written above; `find` keeps it in memory once the transaction has been committed.
      return this.#load(row as unknown as TableRow);
    });
  }

  #keepIndexes(tableId: number, definition: TableDefinition): void {
    const names = [...definition.globalIndexes, ...definition.localIndexes].map((index) => index.IndexName ?? '');
    const { store } = this.#context;
    for (const row of store.statement('SELECT id, name FROM dynamodb_indexes WHERE table_id = ?').all(tableId)) {
      if (names.includes(String(row['name']))) continue;
      store.statement('DELETE FROM dynamodb_indexes WHERE id = ?').run(Number(row['id']));
    }
    for (const name of names) {
      store.statement('INSERT OR IGNORE INTO dynamodb_indexes (table_id, name) VALUES (?, ?)').run(tableId, name);
    }
  }

  #load(row: TableRow): Table {
    // Written by this class from a TableDefinition.
    const definition = JSON.parse(row.definition) as TableDefinition;
    return {
      id: row.id,
      name: row.name,
      arn: `arn:aws:dynamodb:${this.#context.region}:${this.#context.account}:table/${row.name}`,
      uuid: row.uuid,
      createdAtMs: row.created_at_ms,
      definition,
      key: keyOf(definition.keySchema, definition.attributes),
      indexes: this.#loadIndexes(row.id, definition),
    };
  }

  #loadIndexes(tableId: number, definition: TableDefinition): TableIndex[] {
    const rows = this.#context.store
      .statement('SELECT id, name FROM dynamodb_indexes WHERE table_id = ? ORDER BY id')
      .all(tableId);
    const tableKey = keyOf(definition.keySchema, definition.attributes);
    return rows.flatMap((row) => {
      const name = String(row['name']);
      const global = definition.globalIndexes.find((index) => index.IndexName === name);
      const index = global ?? definition.localIndexes.find((local) => local.IndexName === name);
      if (!index) return [];
      const key = keyOf(index.KeySchema, definition.attributes);
      const projected = projectedAttributes(index.Projection, key, tableKey);
      return [{ id: Number(row['id']), name, kind: global ? 'global' : 'local', key, projected }];
    });
  }
}

interface TableRow {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  readonly created_at_ms: number;
  readonly definition: string;
}
