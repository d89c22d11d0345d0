import { randomBytes } from 'node:crypto';
import type { Store } from '../../store/store.ts';
import type { BodyFiles } from './body-files.ts';
import type { Bucket } from './buckets.ts';
import { invalidArgument, noSuchKey } from './errors.ts';
import type { ObjectAttributes } from './object-attributes.ts';

/** One version of one key: an object or a delete marker. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** Grows with every version of the key: the newest has the highest. */
  readonly sequence: number;
  /** `null` for objects put while the bucket had no versioning, or had it suspended. */
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  /** The body's file; absent for delete markers. */
  readonly body?: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedAtMs: number;
  readonly attributes: ObjectAttributes;
}

/** What a new version is made of. */
export type NewVersion = Pick<ObjectVersion, 'key' | 'modifiedAtMs'> &
  ({ readonly marker: true } | (Pick<ObjectVersion, 'sizeBytes' | 'etag' | 'attributes'> & { readonly body: string }));

/** The rows of `s3_versions`. Every change is made inside a transaction that the caller opened. */
export interface Versions {
  find(bucket: string, key: string, versionId: string): ObjectVersion | undefined;
  /** The newest version, which may be a delete marker. */
  findLatest(bucket: string, key: string): ObjectVersion | undefined;
  /** The object that a read without a version sees. @throws AwsError `NoSuchKey` */
  getCurrent(bucket: string, key: string): ObjectVersion;
  /** Adds the newest version as the bucket's versioning asks: beside the others, or in place of the `null` version. */
  add(bucket: Bucket, version: NewVersion): ObjectVersion;
  /** Deletes one version for good; the next newest becomes the latest. The body goes once the transaction is written. */
  remove(version: ObjectVersion): void;
  saveAttributes(version: ObjectVersion, attributes: ObjectAttributes): void;
  isEmpty(bucket: string): boolean;
  /** Whether a version has this body. */
  hasBody(name: string): boolean;
}

/** The versions of a store whose tables exist. */
export function openVersions(store: Store, bodies: BodyFiles): Versions {
  return new StoredVersions(store, bodies);
}

/** @throws AwsError `InvalidArgument` for ids that S3 cannot have given out */
export function checkVersionId(versionId: string): void {
  if (versionId === 'null' || /^[A-Za-z0-9._]{32}$/.test(versionId)) return;
  throw invalidArgument('Invalid version id specified', 'versionId', versionId);
}

/** The columns of `s3_versions` as SQLite gives them. */
export interface VersionRow {
  readonly bucket: string;
  readonly key: string;
  readonly sequence: number;
  readonly version_id: string;
  readonly is_latest: number;
  readonly is_delete_marker: number;
  readonly body: string | null;
  readonly size_bytes: number;
  readonly etag: string;
  readonly modified_at_ms: number;
  readonly attributes: string;
}

/** Reads a row of `s3_versions`. */
export function versionOf(row: VersionRow): ObjectVersion {
  return {
    bucket: row.bucket,
    key: row.key,
    sequence: row.sequence,
    versionId: row.version_id,
    isLatest: row.is_latest === 1,
    isDeleteMarker: row.is_delete_marker === 1,
    ...(row.body !== null && { body: row.body }),
    sizeBytes: row.size_bytes,
    etag: row.etag,
    modifiedAtMs: row.modified_at_ms,
    // Written only by `StoredVersions`.
    attributes: JSON.parse(row.attributes) as ObjectAttributes,
  };
}

class StoredVersions implements Versions {
  readonly #store: Store;
  readonly #bodies: BodyFiles;

  constructor(store: Store, bodies: BodyFiles) {
    this.#store = store;
    this.#bodies = bodies;
  }

  find(bucket: string, key: string, versionId: string): ObjectVersion | undefined {
    return this.#one('SELECT * FROM s3_versions WHERE bucket = ? AND key = ? AND version_id = ?', [
      bucket,
      key,
      versionId,
    ]);
  }

  findLatest(bucket: string, key: string): ObjectVersion | undefined {
    return this.#one('SELECT * FROM s3_versions WHERE bucket = ? AND key = ? AND is_latest = 1', [bucket, key]);
  }

  getCurrent(bucket: string, key: string): ObjectVersion {
    const latest = this.findLatest(bucket, key);
    if (!latest || latest.isDeleteMarker) throw noSuchKey(key);
    return latest;
  }

  add(bucket: Bucket, version: NewVersion): ObjectVersion {
    const { key } = version;
    const versionId = bucket.versioning === 'Enabled' ? newVersionId() : 'null';
    const replaced = versionId === 'null' ? this.find(bucket.name, key, versionId) : undefined;
    if (replaced) this.#deleteRow(replaced);
    this.#store
      .statement('UPDATE s3_versions SET is_latest = 0 WHERE bucket = ? AND key = ? AND is_latest = 1')
      .run(bucket.name, key);
    const sequence = this.#nextSequence(bucket.name, key);
    const content =
      'marker' in version ? { body: null, sizeBytes: 0, etag: '', attributes: {} } : { ...version, marker: false };
    this.#store
      .statement(
        `INSERT INTO s3_versions (bucket, key, sequence, version_id, is_latest, is_delete_marker, body, size_bytes,
           etag, modified_at_ms, attributes) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        bucket.name,
        key,
        sequence,
        versionId,
        'marker' in version ? 1 : 0,
        content.body,
        content.sizeBytes,
        content.etag,
        version.modifiedAtMs,
        JSON.stringify(content.attributes),
      );
    const added = this.find(bucket.name, key, versionId);
    if (!added) throw new Error('a version vanished in its own transaction');
    return added;
  }

  remove(version: ObjectVersion): void {
    this.#deleteRow(version);
    if (!version.isLatest) return;
    this.#store
      .statement(
        `UPDATE s3_versions SET is_latest = 1 WHERE bucket = ?1 AND key = ?2 AND sequence =
           (SELECT max(sequence) FROM s3_versions WHERE bucket = ?1 AND key = ?2)`,
      )
      .run(version.bucket, version.key);
  }

  saveAttributes(version: ObjectVersion, attributes: ObjectAttributes): void {
    this.#store
      .statement('UPDATE s3_versions SET attributes = ? WHERE bucket = ? AND key = ? AND sequence = ?')
      .run(JSON.stringify(attributes), version.bucket, version.key, version.sequence);
  }

  isEmpty(bucket: string): boolean {
    return this.#store.statement('SELECT 1 FROM s3_versions WHERE bucket = ? LIMIT 1').get(bucket) === undefined;
  }

  hasBody(name: string): boolean {
    return this.#store.statement('SELECT 1 FROM s3_versions WHERE body = ?').get(name) !== undefined;
  }

  #nextSequence(bucket: string, key: string): number {
    const row = this.#store
      .statement('SELECT coalesce(max(sequence), 0) + 1 AS next FROM s3_versions WHERE bucket = ? AND key = ?')
      .get(bucket, key);
    return Number(row?.['next']);
  }

  #deleteRow(version: ObjectVersion): void {
    this.#store
      .statement('DELETE FROM s3_versions WHERE bucket = ? AND key = ? AND sequence = ?')
      .run(version.bucket, version.key, version.sequence);
    const { body } = version;
    if (body !== undefined) this.#store.afterCommit(() => this.#bodies.remove(body));
  }

  #one(sql: string, values: readonly string[]): ObjectVersion | undefined {
    const row = this.#store.statement(sql).get(...values);
    // The columns are STRICT and written only by this class.
    return row && versionOf(row as unknown as VersionRow);
  }
}

function newVersionId(): string {
  return randomBytes(24).toString('base64url').replaceAll('-', '.');
}
