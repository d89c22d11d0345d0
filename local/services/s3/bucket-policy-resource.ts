import { AwsError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import { withoutPolicy, withPolicy } from './bucket-settings-operations.ts';
import type { S3Storage } from './storage.ts';

/** `AWS::S3::BucketPolicy`: `Ref` is the bucket's name. */
export function bucketPolicyResource(s3: S3Storage): ResourceType {
  const put = (properties: JsonObject): Provisioned => {
    const { Bucket: bucket, PolicyDocument: document } = properties;
    if (typeof bucket !== 'string') throw invalid('Bucket must be a string');
    if (!isJsonObject(document)) throw invalid('PolicyDocument must be an object');
    s3.context.store.transaction(() => s3.buckets.save(withPolicy(s3.buckets.get(bucket), JSON.stringify(document))));
    return { physicalId: bucket, attributes: {} };
  };
  return {
    type: 'AWS::S3::BucketPolicy',
    replacedBy: ['Bucket'],
    create: put,
    update: (_current, properties) => put(properties),
    delete: (current) =>
      s3.context.store.transaction(() => {
        const bucket = s3.buckets.find(current.physicalId);
        if (bucket) s3.buckets.save(withoutPolicy(bucket));
      }),
  };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', `AWS::S3::BucketPolicy: ${message}`);
}
