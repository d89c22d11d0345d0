import { AwsError } from '../../errors.ts';

/** The bucket that a request names does not exist. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
    httpStatus: 404,
    members: { BucketName: bucket },
  });
}

/** The key has no current object: none was ever put, or its newest version is a delete marker. */
export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', { httpStatus: 404, members: { Key: key } });
}

/** The key exists, the version does not. */
export function noSuchVersion(key: string, versionId: string): AwsError {
  return new AwsError('NoSuchVersion', 'The specified version does not exist.', {
    httpStatus: 404,
    members: { Key: key, VersionId: versionId },
  });
}

/** The multipart upload was never begun, or has been completed or aborted. */
export function noSuchUpload(uploadId: string): AwsError {
  return new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { httpStatus: 404, members: { UploadId: uploadId } },
  );
}

/** One of the request's `If-…` conditions does not hold; `condition` is the header's name. */
export function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    httpStatus: 412,
    members: { Condition: condition },
  });
}

/** The reader's copy is current: a status and no body. */
export function notModified(): AwsError {
  return new AwsError('NotModified', 'Not Modified', { httpStatus: 304 });
}

/** An argument that S3 does not accept; `name` as S3 spells the header or query parameter. */
export function invalidArgument(message: string, name: string, value: string): AwsError {
  return new AwsError('InvalidArgument', message, { members: { ArgumentName: name, ArgumentValue: value } });
}

/** A request that is understood and not allowed in this form. */
export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message);
}

/** The caller may not do this. */
export function accessDenied(message = 'Access Denied'): AwsError {
  return new AwsError('AccessDenied', message, { httpStatus: 403 });
}

/** The method does not fit what it is aimed at, e.g. a read of a delete marker by its version. */
export function methodNotAllowed(method: string): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    httpStatus: 405,
    members: { Method: method, ResourceType: 'DeleteMarker' },
  });
}
