import type { Store } from '../../store/store.ts';
import { notFound } from './errors.ts';

/** A secret without its values. Writing `undefined` to a member takes it away. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** Told only; nothing is encrypted locally beyond the file's own mode. */
  readonly kmsKeyId?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** The resource policy, as it was put. */
  readonly policy?: string | undefined;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** When the secret was marked for deletion, and when it goes. */
  readonly deletion?: { readonly markedAtMs: number; readonly dueAtMs: number } | undefined;
  /** The template resource that made the secret. */
  readonly owner?: string | undefined;
  /** A digest of the template's property that the value came from: the value is made anew only when it changes. */
  readonly valueSource?: string | undefined;
}

/** What a secret holds: text or bytes. */
export type SecretValue = { readonly text: string } | { readonly bytes: Uint8Array };

/** One value of a secret, and the labels that point to it. */
export interface SecretVersion {
  readonly versionId: string;
  readonly value: SecretValue;
  readonly createdAtMs: number;
  /** Empty: the version is deprecated. */
  readonly stages: readonly string[];
}

/** The rows of the service's tables. Changes are made inside a transaction that the caller opened. */
export interface Secrets {
  /** By name, ARN, or ARN without the random suffix. @throws AwsError `ResourceNotFoundException` */
  get(secretId: string): Secret;
  findByName(name: string): Secret | undefined;
  /** All, ordered by name. */
  list(): Secret[];
  save(secret: Secret): void;
  remove(arn: string): void;
  /** Oldest first. */
  versions(arn: string): SecretVersion[];
  findVersion(arn: string, versionId: string): SecretVersion | undefined;
  findByStage(arn: string, stage: string): SecretVersion | undefined;
  addVersion(arn: string, version: Omit<SecretVersion, 'stages'>): void;
  /** Points a label to a version, away from any other. */
  setStage(arn: string, stage: string, versionId: string): void;
  removeStage(arn: string, stage: string): void;
}

const tables = [
  `CREATE TABLE secretsmanager_secrets (arn TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT,
     kms_key_id TEXT, tags TEXT NOT NULL, policy TEXT, created_at_ms INTEGER NOT NULL, changed_at_ms INTEGER NOT NULL,
     deletion TEXT, owner TEXT, value_source TEXT) STRICT, WITHOUT ROWID`,
  `CREATE TABLE secretsmanager_versions (arn TEXT NOT NULL REFERENCES secretsmanager_secrets ON DELETE CASCADE,
     version_id TEXT NOT NULL, text TEXT, bytes BLOB, created_at_ms INTEGER NOT NULL, sequence INTEGER NOT NULL,
     PRIMARY KEY (arn, version_id)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE secretsmanager_stages (arn TEXT NOT NULL, stage TEXT NOT NULL, version_id TEXT NOT NULL,
     PRIMARY KEY (arn, stage),
     FOREIGN KEY (arn, version_id) REFERENCES secretsmanager_versions (arn, version_id) ON DELETE CASCADE)
     STRICT, WITHOUT ROWID`,
];

/** Deprecated versions beyond this number go, oldest first, as on AWS. */
const keptVersions = 100;

/** Opens the tables of a store. */
export function openSecrets(store: Store): Secrets {
  store.migrate('secretsmanager', tables);
  return new StoredSecrets(store);
}

class StoredSecrets implements Secrets {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get(secretId: string): Secret {
    const [found] = this.#secrets(
      'WHERE name = ?1 OR arn = ?1 OR substr(arn, 1, length(arn) - 7) = ?1 LIMIT 1',
      secretId,
    );
    if (!found) throw notFound();
    return found;
  }

  findByName(name: string): Secret | undefined {
    return this.#secrets('WHERE name = ?1', name)[0];
  }

  list(): Secret[] {
    return this.#secrets('WHERE ?1 = ?1 ORDER BY name', '');
  }

  save(secret: Secret): void {
    this.#store
      .statement(
        `INSERT INTO secretsmanager_secrets (arn, name, description, kms_key_id, tags, policy, created_at_ms,
           changed_at_ms, deletion, owner, value_source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (arn) DO UPDATE SET description = excluded.description, kms_key_id = excluded.kms_key_id,
           tags = excluded.tags, policy = excluded.policy, changed_at_ms = excluded.changed_at_ms,
           deletion = excluded.deletion, owner = excluded.owner, value_source = excluded.value_source`,
      )
      .run(
        secret.arn,
        secret.name,
        secret.description ?? null,
        secret.kmsKeyId ?? null,
        JSON.stringify(secret.tags),
        secret.policy ?? null,
        secret.createdAtMs,
        secret.changedAtMs,
        secret.deletion ? JSON.stringify(secret.deletion) : null,
        secret.owner ?? null,
        secret.valueSource ?? null,
      );
  }

  remove(arn: string): void {
    this.#store.statement('DELETE FROM secretsmanager_secrets WHERE arn = ?').run(arn);
  }

  versions(arn: string): SecretVersion[] {
    const rows = this.#store
      .statement('SELECT * FROM secretsmanager_versions WHERE arn = ? ORDER BY sequence')
      .all(arn);
    // The columns are STRICT and written only by this class.
    return (rows as unknown as VersionRow[]).map((row) => this.#versionOf(row));
  }

  findVersion(arn: string, versionId: string): SecretVersion | undefined {
    const row = this.#store
      .statement('SELECT * FROM secretsmanager_versions WHERE arn = ? AND version_id = ?')
      .get(arn, versionId);
    // As above.
    return row && this.#versionOf(row as unknown as VersionRow);
  }

  findByStage(arn: string, stage: string): SecretVersion | undefined {
    const row = this.#store
      .statement('SELECT version_id FROM secretsmanager_stages WHERE arn = ? AND stage = ?')
      .get(arn, stage);
    return row && this.findVersion(arn, String(row['version_id']));
  }

  addVersion(arn: string, version: Omit<SecretVersion, 'stages'>): void {
    const { value } = version;
    this.#store
      .statement(
        `INSERT INTO secretsmanager_versions (arn, version_id, text, bytes, created_at_ms, sequence) VALUES (?1, ?2, ?3,
           ?4, ?5, (SELECT coalesce(max(sequence), 0) + 1 FROM secretsmanager_versions WHERE arn = ?1))`,
      )
      .run(
        arn,
        version.versionId,
        'text' in value ? value.text : null,
        'bytes' in value ? value.bytes : null,
        version.createdAtMs,
      );
    const deprecated = this.versions(arn).filter(
      ({ stages, versionId }) => stages.length === 0 && versionId !== version.versionId,
    );
    for (const { versionId } of deprecated.slice(0, Math.max(0, deprecated.length - keptVersions))) {
      this.#store.statement('DELETE FROM secretsmanager_versions WHERE arn = ? AND version_id = ?').run(arn, versionId);
    }
  }

  setStage(arn: string, stage: string, versionId: string): void {
    this.#store
      .statement('INSERT OR REPLACE INTO secretsmanager_stages (arn, stage, version_id) VALUES (?, ?, ?)')
      .run(arn, stage, versionId);
  }

  removeStage(arn: string, stage: string): void {
    this.#store.statement('DELETE FROM secretsmanager_stages WHERE arn = ? AND stage = ?').run(arn, stage);
  }

  #secrets(where: string, value: string): Secret[] {
    const rows = this.#store.statement(`SELECT * FROM secretsmanager_secrets ${where}`).all(value);
    // The columns are STRICT and written only by `save`.
    return (rows as unknown as SecretRow[]).map(secretOf);
  }

  #versionOf(row: VersionRow): SecretVersion {
    const stages = this.#store
      .statement('SELECT stage FROM secretsmanager_stages WHERE arn = ? AND version_id = ? ORDER BY stage')
      .all(row.arn, row.version_id);
    return {
      versionId: row.version_id,
      value: row.bytes === null ? { text: row.text ?? '' } : { bytes: row.bytes },
      createdAtMs: row.created_at_ms,
      stages: stages.map(({ stage }) => String(stage)),
    };
  }
}

interface SecretRow {
  readonly arn: string;
  readonly name: string;
  readonly description: string | null;
  readonly kms_key_id: string | null;
  readonly tags: string;
  readonly policy: string | null;
  readonly created_at_ms: number;
  readonly changed_at_ms: number;
  readonly deletion: string | null;
  readonly owner: string | null;
  readonly value_source: string | null;
}

interface VersionRow {
  readonly arn: string;
  readonly version_id: string;
  readonly text: string | null;
  readonly bytes: Uint8Array | null;
  readonly created_at_ms: number;
}

function secretOf(row: SecretRow): Secret {
  return {
    arn: row.arn,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    ...(row.kms_key_id !== null && { kmsKeyId: row.kms_key_id }),
    // The JSON columns hold what `save` wrote.
    tags: JSON.parse(row.tags) as Record<string, string>,
    ...(row.policy !== null && { policy: row.policy }),
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    ...(row.deletion !== null && { deletion: JSON.parse(row.deletion) as NonNullable<Secret['deletion']> }),
    ...(row.owner !== null && { owner: row.owner }),
    ...(row.value_source !== null && { valueSource: row.value_source }),
  };
}
