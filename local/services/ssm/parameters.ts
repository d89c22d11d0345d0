import type { ParameterTier, ParameterType } from '@aws-sdk/client-ssm';
import type { Store } from '../../store/store.ts';

/** How many characters a standard parameter may have. */
export const maxStandardValue = 4096;

/** How many characters an advanced parameter may have. */
export const maxAdvancedValue = 8192;

/** As on AWS, a parameter keeps its last hundred versions. */
const keptVersions = 100;

/** One version of a parameter; the newest is what a plain read answers. */
export interface ParameterVersion {
  readonly name: string;
  readonly version: number;
  readonly type: ParameterType;
  readonly value: string;
  readonly tier: ParameterTier;
  readonly description?: string;
  readonly allowedPattern?: string;
  /** Told only; nothing is encrypted locally beyond the file's own mode. */
  readonly keyId?: string;
  readonly modifiedAtMs: number;
  readonly modifiedBy: string;
}

/** The rows of `ssm_parameters` and `ssm_versions`. Changes are made inside a transaction that the caller opened. */
export interface Parameters {
  /** The newest version, or the given one. */
  find(name: string, version?: number): ParameterVersion | undefined;
  /** Oldest first, from the one after `after`. */
  history(name: string, after: number, limit: number): ParameterVersion[];
  /** The newest versions by name, from the one after `after`. */
  list(after: string): Iterable<ParameterVersion>;
  add(version: ParameterVersion): void;
  /** Whether there was one. */
  remove(name: string): boolean;
  tags(name: string): Record<string, string>;
  saveTags(name: string, tags: Record<string, string>): void;
  /** The template resource that made the parameter. */
  owner(name: string): string | undefined;
  saveOwner(name: string, owner: string): void;
}

const tables = [
  `CREATE TABLE ssm_parameters (name TEXT PRIMARY KEY, version INTEGER NOT NULL, tags TEXT NOT NULL, owner TEXT)
     STRICT, WITHOUT ROWID`,
  `CREATE TABLE ssm_versions (name TEXT NOT NULL REFERENCES ssm_parameters ON DELETE CASCADE, version INTEGER NOT NULL,
     type TEXT NOT NULL, value TEXT NOT NULL, tier TEXT NOT NULL, description TEXT, allowed_pattern TEXT, key_id TEXT,
     modified_at_ms INTEGER NOT NULL, modified_by TEXT NOT NULL, PRIMARY KEY (name, version)) STRICT, WITHOUT ROWID`,
];

const newest = `SELECT v.* FROM ssm_parameters p JOIN ssm_versions v ON v.name = p.name AND v.version = p.version`;
const pageRows = 100;

/** Opens the parameter tables of a store. */
export function openParameters(store: Store): Parameters {
  store.migrate('ssm', tables);
  return new StoredParameters(store);
}

class StoredParameters implements Parameters {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  find(name: string, version?: number): ParameterVersion | undefined {
    const rows =
      version === undefined
        ? this.#versions(`${newest} WHERE p.name = ?`, [name])
        : this.#versions('SELECT * FROM ssm_versions WHERE name = ? AND version = ?', [name, version]);
    return rows[0];
  }

  history(name: string, after: number, limit: number): ParameterVersion[] {
    return this.#versions('SELECT * FROM ssm_versions WHERE name = ? AND version > ? ORDER BY version LIMIT ?', [
      name,
      after,
      limit,
    ]);
  }

  *list(after: string): Iterable<ParameterVersion> {
    for (let last: string | undefined = after; last !== undefined;) {
      const page: ParameterVersion[] = this.#versions(`${newest} WHERE p.name > ? ORDER BY p.name LIMIT ?`, [
        last,
        pageRows,
      ]);
      yield* page;
      last = page.length === pageRows ? page.at(-1)?.name : undefined;
    }
  }

  add(added: ParameterVersion): void {
    this.#store
      .statement(
        `INSERT INTO ssm_parameters (name, version, tags) VALUES (?, ?, '{}')
         ON CONFLICT (name) DO UPDATE SET version = excluded.version`,
      )
      .run(added.name, added.version);
    this.#store
      .statement(
        `INSERT INTO ssm_versions (name, version, type, value, tier, description, allowed_pattern, key_id,
           modified_at_ms, modified_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        added.name,
        added.version,
        added.type,
        added.value,
        added.tier,
        added.description ?? null,
        added.allowedPattern ?? null,
        added.keyId ?? null,
        added.modifiedAtMs,
        added.modifiedBy,
      );
    this.#store
      .statement('DELETE FROM ssm_versions WHERE name = ? AND version <= ?')
      .run(added.name, added.version - keptVersions);
  }

  remove(name: string): boolean {
    return this.#store.statement('DELETE FROM ssm_parameters WHERE name = ?').run(name).changes === 1;
  }

  tags(name: string): Record<string, string> {
    const row = this.#store.statement('SELECT tags FROM ssm_parameters WHERE name = ?').get(name);
    // Written only by `saveTags`.
    return JSON.parse(String(row?.['tags'] ?? '{}')) as Record<string, string>;
  }

  saveTags(name: string, tags: Record<string, string>): void {
    this.#store.statement('UPDATE ssm_parameters SET tags = ? WHERE name = ?').run(JSON.stringify(tags), name);
  }

  owner(name: string): string | undefined {
    const owner = this.#store.statement('SELECT owner FROM ssm_parameters WHERE name = ?').get(name)?.['owner'];
    return typeof owner === 'string' ? owner : undefined;
  }

  saveOwner(name: string, owner: string): void {
    this.#store.statement('UPDATE ssm_parameters SET owner = ? WHERE name = ?').run(owner, name);
  }

  #versions(sql: string, values: readonly (string | number)[]): ParameterVersion[] {
    // The columns are STRICT and written only by this class.
    const rows = this.#store.statement(sql).all(...values) as unknown as VersionRow[];
    return rows.map(versionOf);
  }
}

interface VersionRow {
  readonly name: string;
  readonly version: number;
  readonly type: ParameterType;
  readonly value: string;
  readonly tier: ParameterTier;
  readonly description: string | null;
  readonly allowed_pattern: string | null;
  readonly key_id: string | null;
  readonly modified_at_ms: number;
  readonly modified_by: string;
}

function versionOf(row: VersionRow): ParameterVersion {
  return {
    name: row.name,
    version: row.version,
    type: row.type,
    value: row.value,
    tier: row.tier,
    ...(row.description !== null && { description: row.description }),
    ...(row.allowed_pattern !== null && { allowedPattern: row.allowed_pattern }),
    ...(row.key_id !== null && { keyId: row.key_id }),
    modifiedAtMs: row.modified_at_ms,
    modifiedBy: row.modified_by,
  };
}
