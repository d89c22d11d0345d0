import type { S3 } from '@aws-sdk/client-s3';
import type { Operations } from '../../gateway/service.ts';
import { findVersion } from './object-operations.ts';
import { bucketOf, keyOf, versionMembers, type BucketMembers, type S3Storage } from './storage.ts';
import { readTags, tagSet } from './tags.ts';

/** GetObjectTagging, PutObjectTagging, DeleteObjectTagging. */
export function taggingOperations(s3: S3Storage): Operations<S3> {
  const saveTags = (input: ObjectMembers, tags: Record<string, string>): { VersionId?: string } =>
    s3.context.store.transaction(() => {
      const bucket = bucketOf(s3, input);
      const version = findVersion(s3, bucket.name, keyOf(input), input.VersionId);
      s3.versions.saveAttributes(version, { ...version.attributes, tags });
      return versionMembers(bucket, version);
    });
  return {
    GetObjectTagging(input) {
      const bucket = bucketOf(s3, input);
      const version = findVersion(s3, bucket.name, keyOf(input), input.VersionId);
      return { TagSet: tagSet(version.attributes.tags), ...versionMembers(bucket, version) };
    },
    PutObjectTagging: (input) => saveTags(input, readTags(input.Tagging?.TagSet ?? [])),
    DeleteObjectTagging: (input) => saveTags(input, {}),
  };
}

interface ObjectMembers extends BucketMembers {
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
}
