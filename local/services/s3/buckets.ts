import type { BucketVersioningStatus, WebsiteConfiguration } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';
import { noSuchBucket } from './errors.ts';

/** The four switches of S3 Block Public Access. */
export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

/** All four on: what every new bucket has since April 2023. */
export const blockAllPublicAccess: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** How objects are encrypted that name no encryption themselves; only told, nothing is encrypted locally. */
export interface DefaultEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  readonly kmsKeyId?: string;
  readonly isBucketKeyEnabled?: boolean;
}

/** A bucket and its settings. */
export interface Bucket {
  readonly name: string;
  readonly createdAtMs: number;
  /** Absent until versioning is switched on for the first time. */
  readonly versioning?: BucketVersioningStatus;
  /** The template resource that made the bucket, `<stack id>/<logical id>`. */
  readonly owner?: string;
  /** The policy document, as it was put. */
  readonly policy?: string;
  readonly website?: WebsiteConfiguration;
  readonly publicAccessBlock: PublicAccessBlock;
  readonly encryption?: DefaultEncryption;
  readonly tags?: Readonly<Record<string, string>>;
  /** Properties of the template that have no effect locally (lifecycle, ownership, …). */
  readonly kept: JsonObject;
}

/** The rows of `s3_buckets`. */
export interface Buckets {
  find(name: string): Bucket | undefined;
  /** @throws AwsError `NoSuchBucket` */
  get(name: string): Bucket;
  /** In the order of their names, after `after`, at most `limit`. */
  list(options: { prefix: string; after: string; limit: number }): Bucket[];
  /** Inserts the bucket, or replaces every setting of the one that has its name. */
  save(bucket: Bucket): void;
  remove(name: string): void;
}

/** The buckets of a store whose tables exist. */
export function openBuckets(store: Store): Buckets {
  const find = (name: string): Bucket | undefined => {
    const row = store.statement('SELECT * FROM s3_buckets WHERE name = ?').get(name);
    // The columns are STRICT and written only by `save`.
    return row && bucketOf(row as unknown as BucketRow);
  };
  return {
    find,
    get(name) {
      const bucket = find(name);
      if (!bucket) throw noSuchBucket(name);
      return bucket;
    },
    list({ prefix, after, limit }) {
      const rows = store
        .statement('SELECT * FROM s3_buckets WHERE name > ? AND substr(name, 1, ?) = ? ORDER BY name LIMIT ?')
        .all(after, prefix.length, prefix, limit);
      // As above.
      return (rows as unknown as BucketRow[]).map(bucketOf);
    },
    save: (bucket) => saveBucket(store, bucket),
    remove: (name) => void store.statement('DELETE FROM s3_buckets WHERE name = ?').run(name),
  };
}

interface BucketRow {
  readonly name: string;
  readonly created_at_ms: number;
  readonly versioning: BucketVersioningStatus | null;
  readonly owner: string | null;
  readonly policy: string | null;
  readonly website: string | null;
  readonly public_access_block: string;
  readonly encryption: string | null;
  readonly tags: string | null;
  readonly kept: string;
}

function bucketOf(row: BucketRow): Bucket {
  return {
    name: row.name,
    createdAtMs: row.created_at_ms,
    ...(row.versioning !== null && { versioning: row.versioning }),
    ...(row.owner !== null && { owner: row.owner }),
    ...(row.policy !== null && { policy: row.policy }),
    // The JSON columns hold what `saveBucket` wrote.
    ...(row.website !== null && { website: JSON.parse(row.website) as WebsiteConfiguration }),
    ...(row.encryption !== null && { encryption: JSON.parse(row.encryption) as DefaultEncryption }),
    ...(row.tags !== null && { tags: JSON.parse(row.tags) as Record<string, string> }),
    publicAccessBlock: JSON.parse(row.public_access_block) as PublicAccessBlock,
    kept: JSON.parse(row.kept) as JsonObject,
  };
}

function saveBucket(store: Store, bucket: Bucket): void {
  store
    .statement(
      `INSERT OR REPLACE INTO s3_buckets (name, created_at_ms, versioning, owner, policy, website,
         public_access_block, encryption, tags, kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      bucket.name,
      bucket.createdAtMs,
      bucket.versioning ?? null,
      bucket.owner ?? null,
      bucket.policy ?? null,
      jsonOrNull(bucket.website),
      JSON.stringify(bucket.publicAccessBlock),
      jsonOrNull(bucket.encryption),
      jsonOrNull(bucket.tags),
      JSON.stringify(bucket.kept),
    );
}

function jsonOrNull(value: object | undefined): string | null {
  return value ? JSON.stringify(value) : null;
}
