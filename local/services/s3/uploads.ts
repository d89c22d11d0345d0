import type { Store } from '../../store/store.ts';
import type { BodyFiles } from './body-files.ts';
import type { Checksum } from './checksums.ts';
import { noSuchUpload } from './errors.ts';
import type { ObjectAttributes } from './object-attributes.ts';

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly begunAtMs: number;
  readonly attributes: ObjectAttributes;
  readonly checksumAlgorithm?: Checksum;
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE';
}

/** One part of an upload; a part that is sent again replaces the one of its number. */
export interface Part {
  readonly partNumber: number;
  readonly body: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum?: string;
  readonly modifiedAtMs: number;
}

/** The rows of `s3_uploads` and `s3_parts`. Every change is made inside a transaction that the caller opened. */
export interface Uploads {
  begin(upload: Upload): void;
  /** @throws AwsError `NoSuchUpload` also when the id belongs to another key */
  get(uploadId: string, bucket: string, key: string): Upload;
  list(bucket: string): Upload[];
  savePart(uploadId: string, part: Part): void;
  /** Ordered by number. */
  parts(uploadId: string): Part[];
  /** Ends the upload; the bodies of its parts go once the transaction is written. */
  end(uploadId: string): void;
  hasBody(name: string): boolean;
}

/** The uploads of a store whose tables exist. */
export function openUploads(store: Store, bodies: BodyFiles): Uploads {
  const parts = (uploadId: string): Part[] => {
    const rows = store.statement('SELECT * FROM s3_parts WHERE upload_id = ? ORDER BY part_number').all(uploadId);
    // The columns are STRICT and written only by `savePart`.
    return (rows as unknown as PartRow[]).map(partOf);
  };
  return {
    parts,
    begin: (upload) => insertUpload(store, upload),
    get(uploadId, bucket, key) {
      const row = store
        .statement('SELECT * FROM s3_uploads WHERE upload_id = ? AND bucket = ? AND key = ?')
        .get(uploadId, bucket, key);
      if (!row) throw noSuchUpload(uploadId);
      // The columns are STRICT and written only by `insertUpload`.
      return uploadOf(row as unknown as UploadRow);
    },
    list(bucket) {
      const rows = store
        .statement('SELECT * FROM s3_uploads WHERE bucket = ? ORDER BY key, begun_at_ms, upload_id')
        .all(bucket);
      // As above.
      return (rows as unknown as UploadRow[]).map(uploadOf);
    },
    savePart(uploadId, part) {
      const replaced = parts(uploadId).find((known) => known.partNumber === part.partNumber);
      insertPart(store, uploadId, part);
      if (replaced) store.afterCommit(() => bodies.remove(replaced.body));
    },
    end(uploadId) {
      const ended = parts(uploadId);
      store.statement('DELETE FROM s3_uploads WHERE upload_id = ?').run(uploadId);
      store.afterCommit(() => ended.forEach((part) => bodies.remove(part.body)));
    },
    hasBody: (name) => store.statement('SELECT 1 FROM s3_parts WHERE body = ?').get(name) !== undefined,
  };
}

interface UploadRow {
  readonly upload_id: string;
  readonly bucket: string;
  readonly key: string;
  readonly begun_at_ms: number;
  readonly attributes: string;
  readonly checksum_algorithm: Checksum | null;
  readonly checksum_type: 'FULL_OBJECT' | 'COMPOSITE' | null;
}

interface PartRow {
  readonly part_number: number;
  readonly body: string;
  readonly size_bytes: number;
  readonly etag: string;
  readonly checksum: string | null;
  readonly modified_at_ms: number;
}

function uploadOf(row: UploadRow): Upload {
  return {
    uploadId: row.upload_id,
    bucket: row.bucket,
    key: row.key,
    begunAtMs: row.begun_at_ms,
    // Written only by `insertUpload`.
    attributes: JSON.parse(row.attributes) as ObjectAttributes,
    ...(row.checksum_algorithm !== null && { checksumAlgorithm: row.checksum_algorithm }),
    ...(row.checksum_type !== null && { checksumType: row.checksum_type }),
  };
}

function partOf(row: PartRow): Part {
  return {
    partNumber: row.part_number,
    body: row.body,
    sizeBytes: row.size_bytes,
    etag: row.etag,
    ...(row.checksum !== null && { checksum: row.checksum }),
    modifiedAtMs: row.modified_at_ms,
  };
}

function insertUpload(store: Store, upload: Upload): void {
  store
    .statement(
      `INSERT INTO s3_uploads (upload_id, bucket, key, begun_at_ms, attributes, checksum_algorithm, checksum_type)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      upload.uploadId,
      upload.bucket,
      upload.key,
      upload.begunAtMs,
      JSON.stringify(upload.attributes),
      upload.checksumAlgorithm ?? null,
      upload.checksumType ?? null,
    );
}

function insertPart(store: Store, uploadId: string, part: Part): void {
  store
    .statement(
      `INSERT OR REPLACE INTO s3_parts (upload_id, part_number, body, size_bytes, etag, checksum, modified_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(uploadId, part.partNumber, part.body, part.sizeBytes, part.etag, part.checksum ?? null, part.modifiedAtMs);
}
