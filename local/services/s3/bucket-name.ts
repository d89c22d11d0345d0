import { AwsError } from '../../errors.ts';

/**
 * Refuses names that S3 refuses for general purpose buckets
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
 * @throws AwsError `InvalidBucketName`
 */
export function checkBucketName(name: string): void {
  const isRight =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (isRight) return;
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', { members: { BucketName: name } });
}
