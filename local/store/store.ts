import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { LocalCloudError } from '../errors.ts';

/**
 * All durable state of one local cloud: one SQLite file. A service owns the tables that carry its name as a prefix and
 * reads no other's. Everything is synchronous: what happens between two awaits is one moment.
 */
export interface Store {
  readonly db: DatabaseSync;
  /** A prepared statement, kept for the next call with the same text. */
  statement(sql: string): StatementSync;
  /**
   * Runs `work` in one transaction: all of it is written or none. Called inside another transaction it joins that one.
   * `work` is synchronous; an error rolls everything back and goes on to the caller.
   */
  transaction<T>(work: () => T): T;
  /** Calls `then` once the transaction that is open now has been committed; at once if none is open. */
  afterCommit(then: () => void): void;
  /**
   * Brings a service's tables up to date: runs those of `steps` that this file has not seen, in order. Steps are only
   * ever appended.
   */
  migrate(service: string, steps: readonly string[]): void;
  close(): void;
}

/** Opens, or makes, the store of `folder`; `:memory:` keeps it in memory, for tests. */
export function openStore(folder: string): Store {
  return new SqliteStore(openDatabase(folder));
}

function newerStore(service: string): LocalCloudError {
  return new LocalCloudError(
    `a newer version wrote the store (its tables of ${service} are ahead of this one); update, or choose another folder`,
  );
}

function openDatabase(folder: string): DatabaseSync {
  if (folder === ':memory:') return new DatabaseSync(':memory:');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'cloud.sqlite');
  const db = new DatabaseSync(file);
  chmodSync(file, 0o600);
  return db;
}

class SqliteStore implements Store {
  readonly db: DatabaseSync;
  #depth = 0;
  #afterCommit: (() => void)[] = [];
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.db = db;
    // WAL with NORMAL loses nothing when the process is killed; only a power cut may take the last commits. Everything
    // stands still while the log of writes goes into the file, so it may grow to 16 MB before that.
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; ' +
        'PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000',
    );
    db.exec('CREATE TABLE IF NOT EXISTS store_migrations (service TEXT PRIMARY KEY, steps INTEGER NOT NULL) STRICT');
  }

  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.db.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.db.exec('BEGIN IMMEDIATE');
    this.#depth = 1;
    let result: T;
    try {
      result = work();
      this.db.exec('COMMIT');
    } catch (error) {
      this.#afterCommit = [];
      // On a full disk SQLite has rolled back by itself.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
    }
    const waiting = this.#afterCommit;
    this.#afterCommit = [];
    for (const then of waiting) then();
    return result;
  }

  afterCommit(then: () => void): void {
    if (this.#depth > 0) this.#afterCommit.push(then);
    else then();
  }

  migrate(service: string, steps: readonly string[]): void {
    this.transaction(() => {
      const row = this.statement('SELECT steps FROM store_migrations WHERE service = ?').get(service);
      const done = typeof row?.['steps'] === 'number' ? row['steps'] : 0;
      if (done > steps.length) throw newerStore(service);
      for (const step of steps.slice(done)) this.db.exec(step);
      this.statement('INSERT OR REPLACE INTO store_migrations (service, steps) VALUES (?, ?)').run(
        service,
        steps.length,
      );
    });
  }

  close(): void {
    this.db.close();
  }
}
