import type { S3, WebsiteConfiguration } from '@aws-sdk/client-s3';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { Bucket } from './buckets.ts';
import { accessDenied, invalidArgument } from './errors.ts';
import { isPublicPolicy, parsePolicy } from './policy.ts';
import { bucketOf, type BucketMembers, type S3Storage } from './storage.ts';
import { tagSet } from './tags.ts';

/** Versioning, policy, tags, website and public access block of a bucket. */
export function bucketSettingsOperations(s3: S3Storage): Operations<S3> {
  const change = (input: BucketMembers, edit: (bucket: Bucket) => Bucket): Record<string, never> => {
    s3.context.store.transaction(() => s3.buckets.save(edit(bucketOf(s3, input))));
    return {};
  };
  return {
    GetBucketVersioning(input) {
      const { versioning } = bucketOf(s3, input);
      return versioning ? { Status: versioning } : {};
    },
    PutBucketVersioning: (input) => change(input, (bucket) => withVersioning(bucket, input)),
    GetBucketPolicy(input) {
      const { name, policy } = bucketOf(s3, input);
      if (policy === undefined) throw notFound('NoSuchBucketPolicy', 'The bucket policy does not exist', name);
      return { Policy: policy };
    },
    PutBucketPolicy: (input) => change(input, (bucket) => withPolicy(bucket, input.Policy ?? '')),
    DeleteBucketPolicy: (input) => change(input, withoutPolicy),
    GetBucketPolicyStatus(input) {
      const { name, policy } = bucketOf(s3, input);
      if (policy === undefined) throw notFound('NoSuchBucketPolicy', 'The bucket policy does not exist', name);
      return { PolicyStatus: { IsPublic: isPublicPolicy(parsePolicy(policy, name)) } };
    },
    GetBucketTagging(input) {
      const { name, tags } = bucketOf(s3, input);
      if (tags) return { TagSet: tagSet(tags) };
      throw notFound('NoSuchTagSet', 'The TagSet does not exist', name);
    },
    GetBucketWebsite(input) {
      const { name, website } = bucketOf(s3, input);
      if (website) return website;
      throw notFound('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration', name);
    },
    PutBucketWebsite: (input) =>
      change(input, (bucket) => ({ ...bucket, website: readWebsite(input.WebsiteConfiguration ?? {}) })),
    DeleteBucketWebsite: (input) => change(input, ({ website: _, ...bucket }) => bucket),
    GetPublicAccessBlock: (input) => ({ PublicAccessBlockConfiguration: bucketOf(s3, input).publicAccessBlock }),
    PutPublicAccessBlock: (input) =>
      change(input, (bucket) => ({
        ...bucket,
        publicAccessBlock: readPublicAccessBlock(input.PublicAccessBlockConfiguration ?? {}),
      })),
  };
}

/**
 * Puts a policy on a bucket (in memory).
 * @throws AwsError `MalformedPolicy`; `AccessDenied` for a public one where Block Public Access forbids those
 */
export function withPolicy(bucket: Bucket, policy: string): Bucket {
  const statements = parsePolicy(policy, bucket.name);
  if (bucket.publicAccessBlock.BlockPublicPolicy && isPublicPolicy(statements)) {
    throw accessDenied(
      `Access Denied: not authorized to perform s3:PutBucketPolicy on arn:aws:s3:::${bucket.name} because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    );
  }
  return { ...bucket, policy };
}

/** Takes the policy off a bucket (in memory). */
export function withoutPolicy({ policy: _, ...bucket }: Bucket): Bucket {
  return bucket;
}

/** Reads the four switches; those left out are off, as PutPublicAccessBlock and templates have it. */
export function readPublicAccessBlock(input: {
  readonly [Name in keyof Bucket['publicAccessBlock']]?: boolean | undefined;
}): Bucket['publicAccessBlock'] {
  return {
    BlockPublicAcls: input.BlockPublicAcls ?? false,
    IgnorePublicAcls: input.IgnorePublicAcls ?? false,
    BlockPublicPolicy: input.BlockPublicPolicy ?? false,
    RestrictPublicBuckets: input.RestrictPublicBuckets ?? false,
  };
}

/**
 * Checks a website configuration.
 * @throws AwsError `InvalidArgument`, `InvalidRequest`
 */
export function readWebsite(website: WebsiteConfiguration): WebsiteConfiguration {
  const { RedirectAllRequestsTo, IndexDocument, ErrorDocument, RoutingRules } = website;
  if (RoutingRules && RoutingRules.length > 0) throw notSupportedLocally('routing rules of S3 websites');
  if (RedirectAllRequestsTo) {
    if (!IndexDocument && !ErrorDocument) return website;
    throw new AwsError(
      'InvalidRequest',
      'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.',
    );
  }
  const suffix = IndexDocument?.Suffix ?? '';
  if (suffix === '' || suffix.includes('/')) {
    throw invalidArgument('The IndexDocument Suffix is not well formed', 'IndexDocument', suffix);
  }
  if (ErrorDocument?.Key === '') throw invalidArgument('The ErrorDocument Key is not well formed', 'ErrorDocument', '');
  return website;
}

function withVersioning(
  bucket: Bucket,
  input: Parameters<NonNullable<Operations<S3>['PutBucketVersioning']>>[0],
): Bucket {
  if (input.MFA !== undefined || input.VersioningConfiguration?.MFADelete === 'Enabled') {
    throw notSupportedLocally('MFA delete of S3 buckets');
  }
  const status = input.VersioningConfiguration?.Status;
  if (status === 'Enabled' || status === 'Suspended') return { ...bucket, versioning: status };
  throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
}

function notFound(code: string, message: string, bucket: string): AwsError {
  return new AwsError(code, message, { httpStatus: 404, members: { BucketName: bucket } });
}
