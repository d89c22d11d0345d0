import type { Compatibility } from '../compatibility.ts';

/** What S3 says of itself in docs/compatibility.md. */
export const s3Compatibility: Compatibility = {
  id: 's3',
  title: 'S3',
  scope: 'Buckets and objects with versions, conditions, multipart uploads and websites.',
  otherwise: 'settings of buckets from which nothing follows locally',
  resourceTypePrefix: 'AWS::S3::',
  rules: [],
};
