import type { _Object, ListObjectVersionsCommandInput, S3 } from '@aws-sdk/client-s3';
import type { Operations } from '../../gateway/service.ts';
import { invalidArgument } from './errors.ts';
import { behindKey, behindPrefix, commonPrefixOf, listPage, type Page, type Position } from './listing.ts';
import { bucketOf, quoted, type S3Storage } from './storage.ts';
import type { ObjectVersion } from './versions.ts';

const maxPageKeys = 1000;

/** ListObjectsV2, ListObjects, ListObjectVersions. */
export function listOperations(s3: S3Storage): Operations<S3> {
  return {
    ListObjectsV2(input) {
      const asked = readQuery(s3, input);
      const from = input.ContinuationToken
        ? readToken(input.ContinuationToken)
        : positionBehind(input.StartAfter ?? '', asked);
      const page = listPage(s3.context.store, { ...asked, from, isOfVersions: false });
      return {
        ...echo(asked),
        KeyCount: page.versions.length + page.commonPrefixes.length,
        Contents: page.versions.map((version) => ({
          ...listed(version, asked),
          ...(input.FetchOwner && { Owner: ownerOf(s3) }),
        })),
        ...pageReply(page, asked),
        ...(input.ContinuationToken && { ContinuationToken: input.ContinuationToken }),
        ...(input.StartAfter && { StartAfter: asked.encode(input.StartAfter) }),
        ...(page.last && { NextContinuationToken: writeToken(page.last) }),
      };
    },
    ListObjects(input) {
      const asked = readQuery(s3, input);
      const from = positionBehind(input.Marker ?? '', asked);
      const page = listPage(s3.context.store, { ...asked, from, isOfVersions: false });
      return {
        ...echo(asked),
        Marker: asked.encode(input.Marker ?? ''),
        Contents: page.versions.map((version) => ({ ...listed(version, asked), Owner: ownerOf(s3) })),
        ...pageReply(page, asked),
        // Without a delimiter the reader takes the last key as the next marker.
        ...(page.last && asked.delimiter !== '' && { NextMarker: asked.encode(nameOf(page.last)) }),
      };
    },
    ListObjectVersions(input) {
      const asked = readQuery(s3, input);
      const page = listPage(s3.context.store, {
        ...asked,
        from: versionPosition(s3, input, asked),
        isOfVersions: true,
      });
      return {
        ...echo(asked),
        KeyMarker: asked.encode(input.KeyMarker ?? ''),
        VersionIdMarker: input.VersionIdMarker ?? '',
        Versions: page.versions
          .filter((version) => !version.isDeleteMarker)
          .map((version) => listedVersion(s3, version, asked)),
        DeleteMarkers: page.versions
          .filter((version) => version.isDeleteMarker)
          .map((version) => withoutBody(listedVersion(s3, version, asked))),
        ...pageReply(page, asked),
        ...(page.last && { NextKeyMarker: asked.encode(nameOf(page.last)) }),
        ...(page.last && 'version' in page.last && { NextVersionIdMarker: page.last.version.versionId }),
      };
    },
  };
}

/** The canonical owner of everything in a local cloud: 64 hexadecimal digits, as S3's are. */
export function ownerOf(s3: S3Storage): { ID: string; DisplayName: string } {
  return { ID: s3.context.account.padStart(64, '0'), DisplayName: 'local' };
}

interface Asked {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly isEncoded: boolean;
  encode(text: string): string;
}

interface ListMembers {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: string | undefined;
}

function readQuery(s3: S3Storage, input: ListMembers): Asked {
  const bucket = bucketOf(s3, input);
  const { MaxKeys = maxPageKeys, EncodingType } = input;
  if (MaxKeys < 0)
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', String(MaxKeys));
  if (EncodingType !== undefined && EncodingType !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', EncodingType);
  }
  return {
    bucket: bucket.name,
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter ?? '',
    maxKeys: Math.min(MaxKeys, maxPageKeys),
    isEncoded: EncodingType === 'url',
    encode: EncodingType === 'url' ? encodeKey : (text) => text,
  };
}

function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}

function echo(asked: Asked): object {
  return {
    Name: asked.bucket,
    Prefix: asked.encode(asked.prefix),
    MaxKeys: asked.maxKeys,
    ...(asked.delimiter !== '' && { Delimiter: asked.encode(asked.delimiter) }),
    ...(asked.isEncoded && { EncodingType: 'url' }),
  };
}

function pageReply(page: Page, asked: Asked): { IsTruncated: boolean; CommonPrefixes?: { Prefix: string }[] } {
  return {
    IsTruncated: page.isTruncated,
    ...(page.commonPrefixes.length > 0 && {
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: asked.encode(prefix) })),
    }),
  };
}

function listed(version: ObjectVersion, asked: Asked): _Object {
  const { checksum, storageClass } = version.attributes;
  return {
    Key: asked.encode(version.key),
    LastModified: new Date(version.modifiedAtMs),
    ETag: quoted(version.etag),
    Size: version.sizeBytes,
    StorageClass: storageClass ?? 'STANDARD',
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }),
  };
}

function listedVersion(s3: S3Storage, version: ObjectVersion, asked: Asked): object {
  return {
    ...listed(version, asked),
    VersionId: version.versionId,
    IsLatest: version.isLatest,
    Owner: ownerOf(s3),
  };
}

/** A delete marker is listed without what only a body has. */
function withoutBody(entry: object): object {
  const kept = new Set(['Key', 'LastModified', 'VersionId', 'IsLatest', 'Owner']);
  return Object.fromEntries(Object.entries(entry).filter(([name]) => kept.has(name)));
}

/** A marker that is itself a rolled-up prefix stands for all keys below it. */
function positionBehind(marker: string, asked: Asked): Position {
  if (marker === '') return { key: '' };
  return commonPrefixOf(marker, asked) === marker ? behindPrefix(marker) : behindKey(marker);
}

function versionPosition(s3: S3Storage, input: ListObjectVersionsCommandInput, asked: Asked): Position {
  const { KeyMarker = '', VersionIdMarker = '' } = input;
  if (VersionIdMarker === '') return positionBehind(KeyMarker, asked);
  if (KeyMarker === '') {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      VersionIdMarker,
    );
  }
  const version = s3.versions.find(asked.bucket, KeyMarker, VersionIdMarker);
  return version ? { key: KeyMarker, afterSequence: version.sequence } : behindKey(KeyMarker);
}

function nameOf(last: NonNullable<Page['last']>): string {
  return 'version' in last ? last.version.key : last.commonPrefix;
}

/** Continuation tokens are opaque to readers: the kind and name of the last entry, in base64. */
function writeToken(last: NonNullable<Page['last']>): string {
  return Buffer.from(`${'version' in last ? 'k' : 'p'}${nameOf(last)}`).toString('base64');
}

function readToken(token: string): Position {
  const text = Buffer.from(token, 'base64').toString();
  const name = text.slice(1);
  if (text.startsWith('p')) return behindPrefix(name);
  if (text.startsWith('k')) return behindKey(name);
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
