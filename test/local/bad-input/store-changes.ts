import type { DatabaseSync } from 'node:sqlite';

/** Tells what changed in a store since it began to watch. */
export interface StoreWatch {
  /** The tables that hold something else than at the start, each once. Ends the watch. */
  end(): readonly string[];
}

/**
 * Watches every table of a store. SQLite's own change log compares primary keys and values, so what was written and
 * rolled back, or written as it was, is no change. Tables without a primary key are compared whole.
 */
export function watchStore(db: DatabaseSync): StoreWatch {
  const session = db.createSession();
  const others = tablesWithoutKey(db);
  const before = others.map((table) => contentOf(db, table));
  return {
    end() {
      const changeset = Buffer.from(session.changeset());
      session.close();
      const changed = others.filter((table, index) => contentOf(db, table) !== before[index]);
      return [...new Set([...tableNames(changeset), ...changed])];
    },
  };
}

const known = new WeakMap<DatabaseSync, readonly string[]>();

function tablesWithoutKey(db: DatabaseSync): readonly string[] {
  const found = known.get(db);
  if (found) return found;
  const rows = db
    .prepare(
      `SELECT name FROM sqlite_schema AS t WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE pk > 0)`,
    )
    .all();
  const names = rows.map(({ name }) => String(name));
  known.set(db, names);
  return names;
}

function contentOf(db: DatabaseSync, table: string): string {
  return JSON.stringify(db.prepare(`SELECT * FROM "${table}"`).all());
}

/** In a changeset each table begins with `T`, the number of columns, a flag for each, and its name. */
function tableNames(changeset: Buffer): readonly string[] {
  // The flags are bytes of 0 and 1.
  return [...changeset.toString('latin1').matchAll(/T[\x01-\x7f][\x00\x01]+([a-z0-9_]+)\x00/g)].map(
    ([, name]) => name ?? '',
  );
}
