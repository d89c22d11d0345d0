import type { CreateBucketCommandInput, S3 } from '@aws-sdk/client-s3';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import { checkBucketName } from './bucket-name.ts';
import { blockAllPublicAccess, type Bucket } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { ownerOf } from './list-operations.ts';
import { bucketOf, type S3Storage } from './storage.ts';

const maxBucketsListed = 10_000;

/** CreateBucket, HeadBucket, DeleteBucket, ListBuckets, GetBucketLocation. */
export function bucketOperations(s3: S3Storage): Operations<S3> {
  const { region } = s3.context;
  return {
    CreateBucket(input) {
      const name = input.Bucket ?? '';
      checkBucketName(name);
      checkCreate(input, region);
      const tags = Object.fromEntries(
        (input.CreateBucketConfiguration?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
      );
      s3.context.store.transaction(() => {
        const existing = s3.buckets.find(name);
        if (existing) return refuseExisting(name, region);
        s3.buckets.save({ ...newBucket(s3, name), ...(Object.keys(tags).length > 0 && { tags }) });
      });
      return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    },
    HeadBucket(input) {
      const bucket = bucketOf(s3, input);
      return { BucketRegion: region, BucketArn: `arn:aws:s3:::${bucket.name}`, AccessPointAlias: false };
    },
    DeleteBucket(input) {
      s3.context.store.transaction(() => deleteBucket(s3, bucketOf(s3, input).name));
      return {};
    },
    ListBuckets(input) {
      const { Prefix: prefix = '', MaxBuckets = maxBucketsListed, ContinuationToken } = input;
      if (MaxBuckets < 1 || MaxBuckets > maxBucketsListed) {
        throw invalidArgument(
          'Argument max-buckets must be an integer between 1 and 10000',
          'max-buckets',
          String(MaxBuckets),
        );
      }
      const after = ContinuationToken ? Buffer.from(ContinuationToken, 'base64').toString() : '';
      const rows = s3.buckets.list({ prefix, after, limit: MaxBuckets + 1 });
      const listed = rows.slice(0, MaxBuckets);
      const last = rows.length > listed.length ? listed.at(-1) : undefined;
      return {
        Owner: ownerOf(s3),
        ...(prefix !== '' && { Prefix: prefix }),
        Buckets: listed.map((bucket) => ({
          Name: bucket.name,
          CreationDate: new Date(bucket.createdAtMs),
          BucketRegion: region,
          BucketArn: `arn:aws:s3:::${bucket.name}`,
        })),
        ...(last && { ContinuationToken: Buffer.from(last.name).toString('base64') }),
      };
    },
    GetBucketLocation(input) {
      bucketOf(s3, input);
      // Absent (an empty element on the wire) is how S3 says us-east-1; the other regions are spelled as in the enum.
      return region === 'us-east-1' ? {} : { LocationConstraint: region as 'eu-west-1' };
    },
  };
}

/** A bucket as AWS makes it when nothing is said: no versioning, all public access blocked. */
export function newBucket(s3: S3Storage, name: string): Bucket {
  return { name, createdAtMs: s3.context.clock.nowMs(), publicAccessBlock: blockAllPublicAccess, kept: {} };
}

/**
 * Deletes an empty bucket and the uploads begun in it, inside the open transaction.
 * @throws AwsError `BucketNotEmpty`
 */
export function deleteBucket(s3: S3Storage, name: string): void {
  if (!s3.versions.isEmpty(name)) {
    const isVersioned = s3.buckets.get(name).versioning !== undefined;
    throw new AwsError(
      'BucketNotEmpty',
      `The bucket you tried to delete is not empty${isVersioned ? '. You must delete all versions in the bucket.' : ''}`,
      { httpStatus: 409, members: { BucketName: name } },
    );
  }
  for (const upload of s3.uploads.list(name)) s3.uploads.end(upload.uploadId);
  s3.buckets.remove(name);
}

function checkCreate(input: CreateBucketCommandInput, region: string): void {
  if (input.ObjectLockEnabledForBucket) throw notSupportedLocally('S3 Object Lock');
  if (input.ACL !== undefined && input.ACL !== 'private') {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  if (input.ObjectOwnership !== undefined && input.ObjectOwnership !== 'BucketOwnerEnforced') {
    throw notSupportedLocally(`the S3 object ownership ${input.ObjectOwnership}`);
  }
  const constraint: string = input.CreateBucketConfiguration?.LocationConstraint ?? 'us-east-1';
  if (constraint === region) return;
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint === 'us-east-1' ? 'unspecified' : constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

/** In us-east-1, for old times' sake, making one's own bucket again succeeds; everywhere else it is refused. */
function refuseExisting(name: string, region: string): void {
  if (region === 'us-east-1') return;
  throw new AwsError(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { httpStatus: 409, members: { BucketName: name } },
  );
}
