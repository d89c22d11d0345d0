import type { WebsiteConfiguration } from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { UnsignedRoute, WireRequest, WireResponse } from '../../gateway/service.ts';
import type { Bucket } from './buckets.ts';
import { checkRead } from './conditions.ts';
import { accessDenied, noSuchBucket, noSuchKey } from './errors.ts';
import { bodyName } from './object-operations.ts';
import { allowsEveryone, isPublicPolicy, parsePolicy } from './policy.ts';
import { contentRange, selectRange } from './ranges.ts';
import { quoted, type S3Storage } from './storage.ts';
import type { ObjectVersion } from './versions.ts';
import { errorPage, type SitePlace } from './website-pages.ts';

/** Below this path lie the website buckets: `/_site/<bucket>/<key>`. */
export const sitePrefix = '/_site/';

/**
 * Serves website buckets as S3's website endpoints do, to anyone, and so only what the bucket's policy grants to
 * everyone.
 */
export function websiteRoute(s3: S3Storage): UnsignedRoute {
  return {
    prefix: sitePrefix,
    async serve(request) {
      const place = placeOf(request);
      if (!place) return errorPage(noSuchBucket(''), request);
      try {
        if (request.method !== 'GET' && request.method !== 'HEAD') throw notAllowed(request.method);
        return await serveSite(s3, place, request);
      } catch (error) {
        if (error instanceof AwsError) return errorPage(error, request);
        throw error;
      }
    },
  };
}

async function serveSite(s3: S3Storage, place: SitePlace, request: WireRequest): Promise<WireResponse> {
  const bucket = s3.buckets.get(place.bucket);
  const { website } = bucket;
  if (!website) throw noWebsite(bucket.name);
  if (website.RedirectAllRequestsTo) return redirectAll(website.RedirectAllRequestsTo, place, request);
  try {
    return await servePage(s3, bucket, { ...place, website }, request);
  } catch (error) {
    if (!(error instanceof AwsError) || error.httpStatus < 400) throw error;
    const page = await errorDocument(s3, bucket, website);
    return page ? { ...(await reply(s3, page, request)), status: error.httpStatus } : errorPage(error, request);
  }
}

async function servePage(
  s3: S3Storage,
  bucket: Bucket,
  site: SitePlace & { readonly website: WebsiteConfiguration },
  request: WireRequest,
): Promise<WireResponse> {
  const suffix = site.website.IndexDocument?.Suffix ?? 'index.html';
  const isFolder = site.key === '' || site.key.endsWith('/');
  const key = isFolder ? site.key + suffix : site.key;
  const version = findPublic(s3, bucket, key);
  if (version) {
    const { websiteRedirectLocation: location } = version.attributes;
    if (location !== undefined) return redirect(301, location.startsWith('/') ? siteRoot(bucket) + location : location);
    return conditional(s3, version, request);
  }
  // `docs` without an object of that name, but with `docs/index.html`: the reader is sent to `docs/`.
  if (!isFolder && findPublic(s3, bucket, `${key}/${suffix}`)) return redirect(302, `${request.path}/`);
  throw noSuchKey(key);
}

/** @throws AwsError `AccessDenied` unless everyone may read the key, whether it exists or not */
function findPublic(s3: S3Storage, bucket: Bucket, key: string): ObjectVersion | undefined {
  if (!isPublic(bucket, key)) throw accessDenied();
  const version = s3.versions.findLatest(bucket.name, key);
  return version?.isDeleteMarker ? undefined : version;
}

function isPublic(bucket: Bucket, key: string): boolean {
  if (bucket.policy === undefined) return false;
  const statements = parsePolicy(bucket.policy, bucket.name);
  if (bucket.publicAccessBlock.RestrictPublicBuckets && isPublicPolicy(statements)) return false;
  return allowsEveryone(statements, 's3:GetObject', `arn:aws:s3:::${bucket.name}/${key}`);
}

async function errorDocument(
  s3: S3Storage,
  bucket: Bucket,
  website: WebsiteConfiguration,
): Promise<ObjectVersion | undefined> {
  const key = website.ErrorDocument?.Key;
  return key !== undefined && isPublic(bucket, key) ? findPublic(s3, bucket, key) : undefined;
}

function conditional(
  s3: S3Storage,
  version: ObjectVersion,
  request: WireRequest,
): Promise<WireResponse> | WireResponse {
  const { headers } = request;
  try {
    checkRead(
      {
        IfMatch: headers['if-match'],
        IfNoneMatch: headers['if-none-match'],
        IfModifiedSince: dateOf(headers['if-modified-since']),
        IfUnmodifiedSince: dateOf(headers['if-unmodified-since']),
      },
      version,
    );
  } catch (error) {
    if (error instanceof AwsError && error.httpStatus === 304) {
      return { status: 304, headers: entityHeaders(version), body: '' };
    }
    throw error;
  }
  return reply(s3, version, request, headers['range']);
}

async function reply(
  s3: S3Storage,
  version: ObjectVersion,
  request: WireRequest,
  rangeHeader?: string,
): Promise<WireResponse> {
  const range = selectRange(version, { Range: rangeHeader });
  const { start, end } = range;
  const body = request.method === 'HEAD' ? '' : await s3.bodies.read({ name: bodyName(version), start, end });
  const { headers = {}, metadata = {} } = version.attributes;
  return {
    status: range.isPartial ? 206 : 200,
    headers: {
      ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
      'content-type': headers.ContentType ?? 'binary/octet-stream',
      'content-length': String(end - start),
      'accept-ranges': 'bytes',
      ...entityHeaders(version),
      ...(headers.ContentEncoding && { 'content-encoding': headers.ContentEncoding }),
      ...(headers.ContentLanguage && { 'content-language': headers.ContentLanguage }),
      ...(headers.ContentDisposition && { 'content-disposition': headers.ContentDisposition }),
      ...(range.isPartial && { 'content-range': contentRange(range, version.sizeBytes) }),
    },
    body,
  };
}

function entityHeaders(version: ObjectVersion): Record<string, string> {
  const { headers = {} } = version.attributes;
  return {
    etag: quoted(version.etag),
    'last-modified': new Date(version.modifiedAtMs).toUTCString(),
    ...(headers.CacheControl && { 'cache-control': headers.CacheControl }),
    ...(headers.expiresAtMs !== undefined && { expires: new Date(headers.expiresAtMs).toUTCString() }),
  };
}

function redirectAll(
  to: NonNullable<WebsiteConfiguration['RedirectAllRequestsTo']>,
  place: SitePlace,
  request: WireRequest,
): WireResponse {
  const key = request.path.slice(sitePrefix.length + place.bucket.length + 1);
  return redirect(301, `${to.Protocol ?? 'http'}://${to.HostName}/${key}`);
}

function redirect(status: 301 | 302, location: string): WireResponse {
  return { status, headers: { location, 'content-length': '0' }, body: '' };
}

function siteRoot(bucket: Bucket): string {
  return `${sitePrefix}${bucket.name}`;
}

/** The bucket and the decoded key of a path; undefined if it cannot be decoded. */
function placeOf(request: WireRequest): SitePlace | undefined {
  const [, bucket, rest = ''] = /^([^/]+)\/?(.*)$/s.exec(request.path.slice(sitePrefix.length)) ?? [];
  if (bucket === undefined) return undefined;
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(rest) };
  } catch {
    return undefined;
  }
}

function dateOf(header: string | undefined): Date | undefined {
  const date = header === undefined ? undefined : new Date(header);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

function noWebsite(bucket: string): AwsError {
  return new AwsError('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration', {
    httpStatus: 404,
    members: { BucketName: bucket },
  });
}

function notAllowed(method: string): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    httpStatus: 405,
    members: { Method: method },
  });
}
