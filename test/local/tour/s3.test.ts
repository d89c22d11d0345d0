import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { tour } from './tour.ts';

const resources = {
  Tagged: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: 'tour-tagged', Tags: [{ Key: 'team', Value: 'x' }] },
  },
};

tour(
  { service: 's3', client: S3, config: { forcePathStyle: true }, resources },
  {
    'makes, finds and deletes buckets': async (s3) => {
      const Bucket = 'tour-buckets';
      await s3.createBucket({ Bucket });
      expect((await s3.listBuckets({ Prefix: Bucket })).Buckets).toMatchObject([{ Name: Bucket }]);
      expect(await s3.headBucket({ Bucket })).toMatchObject({ BucketRegion: 'us-east-1' });
      expect((await s3.getBucketLocation({ Bucket })).LocationConstraint).toBeUndefined();
      await s3.deleteBucket({ Bucket });
      await expect(s3.headBucket({ Bucket })).rejects.toMatchObject({ name: 'NotFound' });
    },
    'stores, reads, copies, tags and deletes objects': async (s3) => {
      const Bucket = 'tour-objects';
      await s3.createBucket({ Bucket });
      const { ETag } = await s3.putObject({ Bucket, Key: 'a', Body: 'one' });
      expect(await s3.headObject({ Bucket, Key: 'a' })).toMatchObject({ ETag, ContentLength: 3 });
      await s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a` });
      const copied = await s3.getObject({ Bucket, Key: 'b' });
      expect(await copied.Body?.transformToString()).toBe('one');
      await s3.putObjectTagging({ Bucket, Key: 'a', Tagging: { TagSet: [{ Key: 'team', Value: 'x' }] } });
      expect((await s3.getObjectTagging({ Bucket, Key: 'a' })).TagSet).toEqual([{ Key: 'team', Value: 'x' }]);
      await s3.deleteObjectTagging({ Bucket, Key: 'a' });
      expect((await s3.getObjectTagging({ Bucket, Key: 'a' })).TagSet).toEqual([]);
      expect((await s3.listObjects({ Bucket })).Contents?.map(({ Key }) => Key)).toEqual(['a', 'b']);
      await s3.deleteObject({ Bucket, Key: 'a' });
      expect((await s3.listObjectsV2({ Bucket })).KeyCount).toBe(1);
      const { Deleted } = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'b' }] } });
      expect(Deleted).toMatchObject([{ Key: 'b' }]);
    },
    'keeps versions': async (s3) => {
      const Bucket = 'tour-versions';
      await s3.createBucket({ Bucket });
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
      expect((await s3.getBucketVersioning({ Bucket })).Status).toBe('Enabled');
      const { VersionId } = await s3.putObject({ Bucket, Key: 'a', Body: 'one' });
      await s3.putObject({ Bucket, Key: 'a', Body: 'two' });
      const { Versions } = await s3.listObjectVersions({ Bucket });
      expect(Versions?.map((version) => version.VersionId)).toEqual([expect.any(String), VersionId]);
    },
    'takes an object in parts, or leaves it': async (s3) => {
      const Bucket = 'tour-parts';
      await s3.createBucket({ Bucket });
      await s3.putObject({ Bucket, Key: 'source', Body: 'copied' });
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'big' });
      const upload = { Bucket, Key: 'big', UploadId };
      const first = await s3.uploadPart({ ...upload, PartNumber: 1, Body: Buffer.alloc(5 * 1024 * 1024, 'x') });
      const second = await s3.uploadPartCopy({ ...upload, PartNumber: 2, CopySource: `${Bucket}/source` });
      expect((await s3.listParts(upload)).Parts?.map(({ Size }) => Size)).toEqual([5 * 1024 * 1024, 6]);
      const Parts = [first.ETag, second.CopyPartResult?.ETag].map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
      expect(await s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts } })).toMatchObject({ Key: 'big' });
      const other = await s3.createMultipartUpload({ Bucket, Key: 'never' });
      const open = { Bucket, Key: 'never', UploadId: other.UploadId };
      expect((await s3.listMultipartUploads({ Bucket })).Uploads).toMatchObject([{ Key: 'never' }]);
      await s3.abortMultipartUpload(open);
      expect((await s3.listMultipartUploads({ Bucket })).Uploads).toBeUndefined();
    },
    'has the settings of a bucket': async (s3) => {
      const Bucket = 'tour-settings';
      await s3.createBucket({ Bucket });
      const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' } };
      await s3.putBucketWebsite({ Bucket, WebsiteConfiguration });
      expect(await s3.getBucketWebsite({ Bucket })).toMatchObject(WebsiteConfiguration);
      await s3.deleteBucketWebsite({ Bucket });
      await expect(s3.getBucketWebsite({ Bucket })).rejects.toMatchObject({ name: 'NoSuchWebsiteConfiguration' });
      const PublicAccessBlockConfiguration = { BlockPublicPolicy: false, RestrictPublicBuckets: false };
      await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration });
      expect(await s3.getPublicAccessBlock({ Bucket })).toMatchObject({ PublicAccessBlockConfiguration });
      const statement = {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
      };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await s3.putBucketPolicy({ Bucket, Policy });
      expect((await s3.getBucketPolicy({ Bucket })).Policy).toBe(Policy);
      expect((await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus).toEqual({ IsPublic: true });
      await s3.deleteBucketPolicy({ Bucket });
      await expect(s3.getBucketPolicy({ Bucket })).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
    },
    'tells the tags that a template gave a bucket': async (s3) => {
      expect((await s3.getBucketTagging({ Bucket: 'tour-tagged' })).TagSet).toEqual([{ Key: 'team', Value: 'x' }]);
    },
  },
);
