import type { DeletedObject, ObjectIdentifier, S3 } from '@aws-sdk/client-s3';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { Bucket } from './buckets.ts';
import { checkWrite } from './conditions.ts';
import { bucketOf, keyOf, type S3Storage } from './storage.ts';
import { checkVersionId } from './versions.ts';

const maxDeletedAtOnce = 1000;

/** DeleteObject, DeleteObjects. */
export function deleteOperations(s3: S3Storage): Operations<S3> {
  return {
    DeleteObject(input) {
      const bucket = bucketOf(s3, input);
      refuseUnsupported(input);
      const key = keyOf(input);
      const deleted = s3.context.store.transaction(() =>
        deleteOne(s3, bucket, { Key: key, VersionId: input.VersionId, ETag: input.IfMatch }),
      );
      const versionId = deleted.DeleteMarkerVersionId ?? deleted.VersionId;
      return {
        ...(deleted.DeleteMarker && { DeleteMarker: true }),
        ...(versionId !== undefined && { VersionId: versionId }),
      };
    },
    DeleteObjects(input) {
      const bucket = bucketOf(s3, input);
      refuseUnsupported(input);
      const objects = input.Delete?.Objects ?? [];
      if (objects.length < 1 || objects.length > maxDeletedAtOnce) throw malformedXml();
      const deleted: DeletedObject[] = [];
      const errors: { Key?: string; VersionId?: string; Code: string; Message: string }[] = [];
      s3.context.store.transaction(() => {
        for (const object of objects) {
          const outcome = attempt(() => deleteOne(s3, bucket, object));
          if (outcome instanceof AwsError) errors.push(errorEntry(object, outcome));
          else deleted.push(outcome);
        }
      });
      return {
        ...(!input.Delete?.Quiet && { Deleted: deleted }),
        ...(errors.length > 0 && { Errors: errors }),
      };
    },
  };
}

function refuseUnsupported(input: object): void {
  for (const member of ['MFA', 'IfMatchLastModifiedTime', 'IfMatchSize']) {
    if (member in input && Reflect.get(input, member) !== undefined) {
      throw notSupportedLocally(`the S3 delete parameter ${member}`);
    }
  }
}

/** Deletes inside the open transaction: a named version for good, else as the bucket's versioning asks. */
function deleteOne(s3: S3Storage, bucket: Bucket, object: ObjectIdentifier): DeletedObject {
  const key = keyOf(object);
  const latest = s3.versions.findLatest(bucket.name, key);
  checkWrite({ IfMatch: object.ETag }, key, latest);
  if (object.VersionId !== undefined) return deleteVersion(s3, bucket, key, object.VersionId);
  if (!bucket.versioning) {
    if (latest) s3.versions.remove(latest);
    return { Key: key };
  }
  const marker = s3.versions.add(bucket, { key, marker: true, modifiedAtMs: s3.context.clock.nowMs() });
  return { Key: key, DeleteMarker: true, DeleteMarkerVersionId: marker.versionId };
}

function deleteVersion(s3: S3Storage, bucket: Bucket, key: string, versionId: string): DeletedObject {
  checkVersionId(versionId);
  const version = s3.versions.find(bucket.name, key, versionId);
  if (version) s3.versions.remove(version);
  return {
    Key: key,
    VersionId: versionId,
    ...(version?.isDeleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: versionId }),
  };
}

/** Errors of one key do not stop the others; anything but a documented error does. */
function attempt<T>(work: () => T): T | AwsError {
  try {
    return work();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function errorEntry(
  object: ObjectIdentifier,
  error: AwsError,
): { Key?: string; VersionId?: string; Code: string; Message: string } {
  return {
    ...(object.Key !== undefined && { Key: object.Key }),
    ...(object.VersionId !== undefined && { VersionId: object.VersionId }),
    Code: error.code,
    Message: error.message,
  };
}

function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
