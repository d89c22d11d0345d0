import { afterEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../../local/services/s3/storage.ts';
import { bucketResource } from '../../../local/services/s3/bucket-resource.ts';
import { openS3 } from '../../../local/services/s3/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import type { JsonObject } from '../../../local/json.ts';

let cloud: TestCloud;
afterEach(() => cloud.close());

const siteProperties: JsonObject = {
  VersioningConfiguration: { Status: 'Enabled' },
  WebsiteConfiguration: { IndexDocument: 'index.html', ErrorDocument: '404.html' },
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' } },
    ],
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] },
};

describe('AWS::S3::Bucket', () => {
  it('[s3.buckets.template] makes a bucket with its settings and attributes', async () => {
    cloud = await testCloud({ services: [openS3] });
    const bucket = await cloud.provision('AWS::S3::Bucket', 'Site', siteProperties);
    const name = bucket.physicalId;
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(bucket.attributes).toEqual({
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.us-east-1.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.us-east-1.amazonaws.com`,
      WebsiteURL: `http://127.0.0.1:4566/_site/${name}`,
    });
    expect(await cloud.call('s3', 'GetBucketVersioning', { Bucket: name })).toEqual({ Status: 'Enabled' });
    expect(await cloud.call('s3', 'GetBucketWebsite', { Bucket: name })).toEqual({
      IndexDocument: { Suffix: 'index.html' },
      ErrorDocument: { Key: '404.html' },
    });
    expect(await cloud.call('s3', 'PutObject', { Bucket: name, Key: 'k' })).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'key',
    });
  });

  it('[s3.buckets.template] can be made again after a crash, but does not take over a bucket that is not its own', async () => {
    cloud = await testCloud({ services: [openS3] });
    const { physicalId } = await cloud.provision('AWS::S3::Bucket', 'Site', {});
    await cloud.call('s3', 'PutObject', { Bucket: physicalId, Key: 'k' });
    await cloud.provision('AWS::S3::Bucket', 'Site', {});
    await cloud.call('s3', 'HeadObject', { Bucket: physicalId, Key: 'k' });
    await expect(cloud.provision('AWS::S3::Bucket', 'Other', { BucketName: physicalId })).rejects.toMatchObject({
      code: 'BucketAlreadyOwnedByYou',
    });
  });

  it('suspends versioning that is no longer asked for, and is not deleted while it holds something', async () => {
    cloud = await testCloud({ services: [openS3] });
    const made = await cloud.provision('AWS::S3::Bucket', 'Site', siteProperties);
    const type = bucketResource(openStorage(cloud.context));
    const context = {} as never; // Updates and deletions of buckets read nothing of it.
    await type.update(made, {}, context);
    const Bucket = made.physicalId;
    expect(await cloud.call('s3', 'GetBucketVersioning', { Bucket })).toEqual({ Status: 'Suspended' });
    await expect(cloud.call('s3', 'GetBucketWebsite', { Bucket })).rejects.toMatchObject({ httpStatus: 404 });
    await cloud.call('s3', 'PutObject', { Bucket, Key: 'k' });
    expect(() => type.delete(made, {}, context)).toThrow('not empty');
    await cloud.call('s3', 'DeleteObject', { Bucket, Key: 'k', VersionId: 'null' });
    await type.delete(made, {}, context);
    await type.delete(made, {}, context);
    await expect(cloud.call('s3', 'HeadBucket', { Bucket })).rejects.toMatchObject({ httpStatus: 404 });
  });

  it('[s3.buckets.properties-refused] refuses properties by name that do nothing locally and would be missed', async () => {
    cloud = await testCloud({ services: [openS3] });
    await expect(cloud.provision('AWS::S3::Bucket', 'B', { ReplicationConfiguration: {} })).rejects.toThrow(
      'ReplicationConfiguration',
    );
  });
});

describe('AWS::S3::BucketPolicy', () => {
  it('puts its document on the bucket, and is refused where public policies are blocked', async () => {
    cloud = await testCloud({ services: [openS3] });
    const { physicalId: Bucket } = await cloud.provision('AWS::S3::Bucket', 'Site', siteProperties);
    const { physicalId: closed } = await cloud.provision('AWS::S3::Bucket', 'Closed', {});
    const properties = (bucket: string): JsonObject => ({
      Bucket: bucket,
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
        ],
      },
    });
    await cloud.provision('AWS::S3::BucketPolicy', 'Policy', properties(Bucket));
    expect(await cloud.call('s3', 'GetBucketPolicyStatus', { Bucket })).toEqual({ PolicyStatus: { IsPublic: true } });
    await expect(cloud.provision('AWS::S3::BucketPolicy', 'Policy', properties(closed))).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });
});
