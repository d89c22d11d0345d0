import type { Compatibility } from '../compatibility.ts';

const cloudFormation = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide';
const api = 'https://docs.aws.amazon.com/AmazonS3/latest/API';
const guide = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';

/** What S3 says of itself in docs/compatibility.md. */
export const s3Compatibility: Compatibility = {
  id: 's3',
  title: 'S3',
  scope: 'Buckets and objects with versions, conditions, multipart uploads and websites.',
  partly: {
    CopyObject: 'the storage class STANDARD only; SSE-C and Object Lock are refused',
    CreateBucket: 'Object Lock and object ownership with access lists are refused',
    CreateMultipartUpload: 'the storage class STANDARD only; SSE-C and Object Lock are refused',
    DeleteObject: 'MFA and conditions on time and size are refused',
    DeleteObjects: 'MFA is refused',
    GetObject: 'SSE-C is refused',
    HeadObject: 'SSE-C is refused',
    PutBucketVersioning: 'MFA delete is refused',
    PutBucketWebsite: 'routing rules are refused',
    PutObject: 'the storage class STANDARD only; SSE-C and Object Lock are refused; so is appending',
  },
  refused: [
    {
      operations: ['ListDirectoryBuckets', 'WriteGetObjectResponse'],
      why: 'they are sent to services of their own, which are not here',
    },
    {
      operations: [
        'DeleteBucketEncryption',
        'DeleteBucketTagging',
        'GetBucketEncryption',
        'PutBucketEncryption',
        'PutBucketTagging',
      ],
      why: 'these settings come from the bucket in the template',
    },
    {
      operations: ['GetBucketNotificationConfiguration', 'PutBucketNotificationConfiguration'],
      why: 'buckets send no events here; "slipway local event" sends one by hand',
    },
  ],
  otherwise:
    'access lists, Object Lock, annotations, restores, and settings of buckets from which nothing would follow are not here',
  resourceTypePrefix: 'AWS::S3::',
  resourceTypes: {
    'AWS::S3::Bucket': {
      answer: 'partly',
      how: 'versions, websites, public access, encryption by default and tags; lifecycles, metrics, logs and the like are kept and do nothing; notifications, replication and Object Lock are refused',
    },
  },
  rules: [
    {
      id: 's3.buckets.again',
      rule: 'Making one’s own bucket again is an error outside us-east-1 only.',
      source: `${api}/API_CreateBucket.html`,
    },
    {
      id: 's3.buckets.not-empty',
      rule: 'A bucket is deleted only when it is empty.',
      source: `${api}/API_DeleteBucket.html`,
    },
    {
      id: 's3.buckets.properties-refused',
      rule: 'Properties of AWS::S3::Bucket without local behaviour that would be missed are refused by name.',
      source: 'inferred',
    },
    {
      id: 's3.buckets.template',
      rule: 'A template’s bucket is made with its settings and attributes, and one that does something else is not taken over.',
      source: `${cloudFormation}/aws-resource-s3-bucket.html`,
    },
    {
      id: 's3.copy.conditions',
      rule: 'A copy reads the version that it names, and is refused when its conditions fail or it would change nothing.',
      source: `${api}/API_CopyObject.html`,
    },
    {
      id: 's3.copy.metadata',
      rule: 'A copy takes bytes and metadata along, or replaces the metadata.',
      source: `${api}/API_CopyObject.html`,
    },
    {
      id: 's3.delete-objects.errors',
      rule: 'DeleteObjects tells errors apart from what went.',
      source: `${api}/API_DeleteObjects.html`,
    },
    {
      id: 's3.list.delimiter',
      rule: 'A listing rolls up keys to the delimiter and counts each prefix as one.',
      source: `${api}/API_ListObjectsV2.html`,
    },
    {
      id: 's3.list.encoding',
      rule: 'Keys are URL-encoded in a listing when asked.',
      source: `${api}/API_ListObjectsV2.html`,
    },
    {
      id: 's3.list.marker',
      rule: 'The first version of the listing pages by marker.',
      source: `${api}/API_ListObjects.html`,
    },
    {
      id: 's3.list.pages',
      rule: 'Listings come in the order of the keys’ bytes, page by page.',
      source: `${api}/API_ListObjectsV2.html`,
    },
    {
      id: 's3.multipart.abort',
      rule: 'An aborted upload leaves nothing; another goes on after a restart.',
      source: `${guide}/mpuoverview.html`,
    },
    {
      id: 's3.multipart.checksum',
      rule: 'The checksum of an upload is combined of its parts’ or is that of the whole.',
      source: `${guide}/checking-object-integrity.html`,
    },
    {
      id: 's3.multipart.complete',
      rule: 'The parts of an upload become one object, whose ETag ends with their count.',
      source: `${guide}/mpuoverview.html`,
    },
    {
      id: 's3.multipart.copy-range',
      rule: 'A part may be a range of another object.',
      source: `${api}/API_UploadPartCopy.html`,
    },
    {
      id: 's3.multipart.if-none-match',
      rule: 'An upload is completed only under conditions that hold.',
      source: `${guide}/conditional-writes.html`,
    },
    {
      id: 's3.multipart.parts',
      rule: 'Parts that are unknown, out of order or (but for the last) smaller than 5 MiB are refused.',
      source: `${guide}/qfacts.html`,
    },
    {
      id: 's3.objects.checksum',
      rule: 'An object is refused when its checksum or MD5 is not that of its bytes, and tells its checksum to those who ask.',
      source: `${guide}/checking-object-integrity.html`,
    },
    {
      id: 's3.objects.conditional-read',
      rule: 'Reads answer 304 or 412 when their conditions do not hold.',
      source: `${guide}/conditional-reads.html`,
    },
    {
      id: 's3.objects.conditional-write',
      rule: 'Writes with If-Match or If-None-Match answer 412 when they do not hold, and exactly one of many creates the object.',
      source: `${guide}/conditional-writes.html`,
    },
    {
      id: 's3.objects.durable',
      rule: 'Acknowledged objects survive a restart, and half-written ones leave nothing.',
      source: 'inferred',
    },
    {
      id: 's3.objects.key',
      rule: 'A key is any text of at most 1,024 bytes, and never a path on the disk.',
      source: `${guide}/object-keys.html`,
    },
    { id: 's3.objects.missing', rule: 'What is not there answers 404.', source: `${api}/ErrorResponses.html` },
    {
      id: 's3.objects.range',
      rule: 'A range answers 206 with its part; one that begins past the end answers 416.',
      source: `${api}/API_GetObject.html`,
    },
    {
      id: 's3.objects.read-while-deleted',
      rule: 'A reader gets the object to its end though it is deleted meanwhile.',
      source: 'inferred',
    },
    {
      id: 's3.objects.roundtrip',
      rule: 'Objects come back with the bytes, headers and metadata they were put with.',
      source: `${api}/API_GetObject.html`,
    },
    { id: 's3.objects.tags', rule: 'Objects carry tags.', source: `${guide}/object-tagging.html` },
    {
      id: 's3.presigned',
      rule: 'A presigned URL works for its method, unchanged, until it expires.',
      source: `${guide}/using-presigned-url.html`,
    },
    {
      id: 's3.versions.delete-marker',
      rule: 'A delete puts a marker, and deleting the marker shows the object again.',
      source: `${guide}/DeleteMarker.html`,
    },
    {
      id: 's3.versions.delete-newest',
      rule: 'When the newest version is deleted for good, the one before becomes the newest.',
      source: `${guide}/DeletingObjectVersions.html`,
    },
    {
      id: 's3.versions.newest',
      rule: 'A bucket with versioning keeps every version and answers the newest, or the one that is named.',
      source: `${guide}/Versioning.html`,
    },
    {
      id: 's3.versions.null',
      rule: 'What was put before versioning is the null version, which is all that a suspended bucket replaces.',
      source: `${guide}/AddingObjectstoVersionSuspendedBuckets.html`,
    },
    {
      id: 's3.website.error',
      rule: 'A website answers 404 with its error document.',
      source: `${guide}/CustomErrorDocSupport.html`,
    },
    {
      id: 's3.website.index',
      rule: 'A website serves its index document, and sends a reader of a folder to its path with a slash.',
      source: `${guide}/IndexDocumentSupport.html`,
    },
    {
      id: 's3.website.public',
      rule: 'A website is read only where the bucket’s policy lets everyone, and not while public buckets are restricted.',
      source: `${guide}/WebsiteAccessPermissionsReqd.html`,
    },
    {
      id: 's3.website.redirect',
      rule: 'A website redirects all requests, or one page, where it is told to.',
      source: `${guide}/how-to-page-redirect.html`,
    },
  ],
};
