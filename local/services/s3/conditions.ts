import { AwsError } from '../../errors.ts';
import { noSuchKey, notModified, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './versions.ts';

/** The conditions of a read. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** The conditions of a write. */
export interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/**
 * Checks a read's conditions with S3's precedence: an If-Match that holds outweighs If-Unmodified-Since, an
 * If-None-Match that is there outweighs If-Modified-Since.
 * @throws AwsError `PreconditionFailed`, `NotModified`
 */
export function checkRead(conditions: ReadConditions, version: ObjectVersion): void {
  checkMatch(conditions, version);
  if (conditions.IfNoneMatch !== undefined) {
    if (matches(conditions.IfNoneMatch, version.etag)) throw notModified();
  } else if (conditions.IfModifiedSince && wholeSecondsMs(version) <= conditions.IfModifiedSince.getTime()) {
    throw notModified();
  }
}

/** As `checkRead`, for the source of a copy, where every condition that fails is `PreconditionFailed`. */
export function checkCopySource(conditions: ReadConditions, version: ObjectVersion): void {
  try {
    checkRead(conditions, version);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NotModified') throw preconditionFailed('x-amz-copy-source-If-');
    throw error;
  }
}

/**
 * Checks a write's conditions against what the key holds now; inside the transaction that writes, two writers with the
 * same condition cannot both succeed.
 * @throws AwsError `PreconditionFailed`; `NoSuchKey` for an If-Match where there is no object
 */
export function checkWrite(conditions: WriteConditions, key: string, latest: ObjectVersion | undefined): void {
  const current = latest?.isDeleteMarker ? undefined : latest;
  const { IfNoneMatch, IfMatch } = conditions;
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      httpStatus: 501,
      members: {
        Header: 'If-None-Match',
        additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
      },
    });
  }
  if (IfNoneMatch === '*' && current) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(IfMatch, current.etag)) throw preconditionFailed('If-Match');
}

function checkMatch(conditions: ReadConditions, version: ObjectVersion): void {
  if (conditions.IfMatch !== undefined) {
    if (!matches(conditions.IfMatch, version.etag)) throw preconditionFailed('If-Match');
  } else if (conditions.IfUnmodifiedSince && wholeSecondsMs(version) > conditions.IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('If-Unmodified-Since');
  }
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((part) => {
    const stated = part.trim().replace(/^W\//, '').replaceAll('"', '');
    return stated === '*' || stated === etag;
  });
}

/** HTTP dates have no fractions: a reader sends back the second it was told. */
function wholeSecondsMs(version: ObjectVersion): number {
  return Math.floor(version.modifiedAtMs / 1000) * 1000;
}
