/** The tables of S3, as migration steps: only ever appended to. */
export const s3Tables = [
  `CREATE TABLE s3_buckets (name TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL, versioning TEXT, owner TEXT,
     policy TEXT, website TEXT, public_access_block TEXT NOT NULL, encryption TEXT, tags TEXT, kept TEXT NOT NULL)
     STRICT, WITHOUT ROWID`,
  `CREATE TABLE s3_versions (bucket TEXT NOT NULL, key TEXT NOT NULL, sequence INTEGER NOT NULL,
     version_id TEXT NOT NULL, is_latest INTEGER NOT NULL, is_delete_marker INTEGER NOT NULL, body TEXT,
     size_bytes INTEGER NOT NULL, etag TEXT NOT NULL, modified_at_ms INTEGER NOT NULL, attributes TEXT NOT NULL,
     PRIMARY KEY (bucket, key, sequence)) STRICT, WITHOUT ROWID`,
  'CREATE UNIQUE INDEX s3_versions_by_id ON s3_versions (bucket, key, version_id)',
  'CREATE INDEX s3_versions_latest ON s3_versions (bucket, key) WHERE is_latest = 1',
  'CREATE INDEX s3_versions_body ON s3_versions (body) WHERE body IS NOT NULL',
  `CREATE TABLE s3_uploads (upload_id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL,
     begun_at_ms INTEGER NOT NULL, attributes TEXT NOT NULL, checksum_algorithm TEXT, checksum_type TEXT)
     STRICT, WITHOUT ROWID`,
  `CREATE TABLE s3_parts (upload_id TEXT NOT NULL REFERENCES s3_uploads ON DELETE CASCADE, part_number INTEGER NOT NULL,
     body TEXT NOT NULL, size_bytes INTEGER NOT NULL, etag TEXT NOT NULL, checksum TEXT, modified_at_ms INTEGER NOT NULL,
     PRIMARY KEY (upload_id, part_number)) STRICT, WITHOUT ROWID`,
  'CREATE INDEX s3_parts_body ON s3_parts (body)',
];
