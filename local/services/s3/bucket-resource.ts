import type { WebsiteConfiguration } from '@aws-sdk/client-s3';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../template/resource.ts';
import { checkBucketName } from './bucket-name.ts';
import { deleteBucket, newBucket } from './bucket-operations.ts';
import { readPublicAccessBlock, readWebsite } from './bucket-settings-operations.ts';
import { blockAllPublicAccess, type Bucket, type DefaultEncryption } from './buckets.ts';
import type { S3Storage } from './storage.ts';
import { sitePrefix } from './website.ts';

/** Properties that do something locally. */
const effective = new Set([
  'BucketName',
  'VersioningConfiguration',
  'WebsiteConfiguration',
  'PublicAccessBlockConfiguration',
  'BucketEncryption',
  'Tags',
]);

/** Properties that are kept and change nothing on a laptop: nothing expires, moves, is metered or logged. */
const keptOnly = new Set([
  'AccelerateConfiguration',
  'AnalyticsConfigurations',
  'CorsConfiguration',
  'IntelligentTieringConfigurations',
  'InventoryConfigurations',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'MetricsConfigurations',
  'OwnershipControls',
]);

/** Canned lists that open the bucket to nobody but its owner and the delivery of logs, which are not written locally. */
const harmlessAcls = new Set(['Private', 'BucketOwnerFullControl', 'LogDeliveryWrite']);

/** `AWS::S3::Bucket`: `Ref` is the bucket's name. */
export function bucketResource(s3: S3Storage): ResourceType {
  return {
    type: 'AWS::S3::Bucket',
    replacedBy: ['BucketName'],
    create(properties, context) {
      const { BucketName: asked } = properties;
      const name = typeof asked === 'string' ? asked : context.generateName(63, { lowerCase: true });
      checkBucketName(name);
      const owner = `${context.stackId}/${context.logicalId}`;
      s3.context.store.transaction(() => {
        const existing = s3.buckets.find(name);
        if (existing && existing.owner !== owner) throw alreadyExists(name, context);
        s3.buckets.save({ ...readBucket(existing ?? newBucket(s3, name), properties), owner });
      });
      return provisioned(s3, name);
    },
    update(current, properties) {
      s3.context.store.transaction(() => s3.buckets.save(readBucket(s3.buckets.get(current.physicalId), properties)));
      return provisioned(s3, current.physicalId);
    },
    delete(current) {
      s3.context.store.transaction(() => {
        if (s3.buckets.find(current.physicalId)) deleteBucket(s3, current.physicalId);
      });
    },
  };
}

/** The names by which the bucket is reached; on a laptop its host is the endpoint and its name part of the path. */
function provisioned(s3: S3Storage, name: string): Provisioned {
  const { endpoint, region } = s3.context;
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      WebsiteURL: `${endpoint}${sitePrefix}${name}`,
    },
  };
}

/** The settings that a template gives a bucket; versioning that was on and is no longer named is suspended, as on AWS. */
function readBucket(bucket: Bucket, properties: JsonObject): Bucket {
  refuseUnknown(properties);
  const { versioning: was, name, createdAtMs, owner, policy } = bucket;
  const status = objectAt(properties, 'VersioningConfiguration')?.['Status'];
  const versioning = status ?? (was && 'Suspended');
  if (versioning !== undefined && versioning !== 'Enabled' && versioning !== 'Suspended') {
    throw invalid('VersioningConfiguration.Status', 'Enabled or Suspended');
  }
  const website = objectAt(properties, 'WebsiteConfiguration');
  const encryption = readEncryption(properties);
  const block = objectAt(properties, 'PublicAccessBlockConfiguration');
  const tags = readTags(properties['Tags']);
  return {
    name,
    createdAtMs,
    ...(owner !== undefined && { owner }),
    ...(policy !== undefined && { policy }),
    ...(versioning && { versioning }),
    ...(website && { website: readWebsite(websiteOf(website)) }),
    ...(encryption && { encryption }),
    ...(tags && { tags }),
    publicAccessBlock: block ? readPublicAccessBlock(booleansOf(block)) : blockAllPublicAccess,
    kept: Object.fromEntries(Object.entries(properties).filter(([name]) => keptOnly.has(name))),
  };
}

function refuseUnknown(properties: JsonObject): void {
  for (const [name, value] of Object.entries(properties)) {
    if (effective.has(name) || keptOnly.has(name)) continue;
    if (name === 'AccessControl' && typeof value === 'string' && harmlessAcls.has(value)) continue;
    if (name === 'ObjectLockEnabled' && value === false) continue;
    throw notSupportedLocally(`the property ${name} of AWS::S3::Bucket`);
  }
}

/** From the template's spelling to the API's. */
function websiteOf(website: JsonObject): WebsiteConfiguration {
  const { IndexDocument: index, ErrorDocument: error, RoutingRules: rules } = website;
  const all = objectAt(website, 'RedirectAllRequestsTo');
  if (Array.isArray(rules) && rules.length > 0) throw notSupportedLocally('routing rules of S3 websites');
  return {
    ...(typeof index === 'string' && { IndexDocument: { Suffix: index } }),
    ...(typeof error === 'string' && { ErrorDocument: { Key: error } }),
    ...(all && {
      RedirectAllRequestsTo: {
        HostName: String(all['HostName']),
        ...(all['Protocol'] === 'https' || all['Protocol'] === 'http' ? { Protocol: all['Protocol'] } : {}),
      },
    }),
  };
}

function readEncryption(properties: JsonObject): DefaultEncryption | undefined {
  const rules = objectAt(properties, 'BucketEncryption')?.['ServerSideEncryptionConfiguration'];
  const rule = Array.isArray(rules) ? rules[0] : undefined;
  if (!isJsonObject(rule)) return undefined;
  const byDefault = objectAt(rule, 'ServerSideEncryptionByDefault');
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId } = byDefault ?? {};
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') {
    throw invalid('BucketEncryption … SSEAlgorithm', 'AES256, aws:kms or aws:kms:dsse');
  }
  const isBucketKeyEnabled = flag(rule['BucketKeyEnabled']);
  return {
    algorithm,
    ...(typeof kmsKeyId === 'string' && { kmsKeyId }),
    ...(isBucketKeyEnabled !== undefined && { isBucketKeyEnabled }),
  };
}

function readTags(tags: Json | undefined): Record<string, string> | undefined {
  if (!Array.isArray(tags)) return undefined;
  return Object.fromEntries(
    tags.filter(isJsonObject).map((tag) => [String(tag['Key'] ?? ''), String(tag['Value'] ?? '')]),
  );
}

function booleansOf(block: JsonObject): Record<string, boolean | undefined> {
  return Object.fromEntries(Object.entries(block).map(([name, value]) => [name, flag(value)]));
}

/** Templates may write `"true"` for true. */
function flag(value: Json | undefined): boolean | undefined {
  return value === undefined || value === null ? undefined : value === true || value === 'true';
}

function objectAt(properties: JsonObject, name: string): JsonObject | undefined {
  const value = properties[name];
  return value !== undefined && isJsonObject(value) ? value : undefined;
}

function alreadyExists(name: string, context: ResourceContext): AwsError {
  return new AwsError(
    'BucketAlreadyOwnedByYou',
    `${context.logicalId}: the bucket ${name} exists already and was not made by this resource; delete it or choose another BucketName`,
    { httpStatus: 409 },
  );
}

function invalid(property: string, allowed: string): AwsError {
  return new AwsError('ValidationException', `AWS::S3::Bucket: ${property} must be ${allowed}`);
}
