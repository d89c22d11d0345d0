import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { WireRequest } from '../service.ts';
import type { CredentialScope } from './credential-scope.ts';

/** What a signature is over, beside the request itself. */
export interface SignedParts {
  readonly scope: CredentialScope;
  readonly secretAccessKey: string;
  /** `20260105T090000Z`. */
  readonly date: string;
  /** In the order in which they were signed. */
  readonly signedHeaders: readonly string[];
  /** SHA-256 of the body as hex, or the word that stands for it. */
  readonly payloadHash: string;
}

/** The signature that a request must carry, as hex (IAM User Guide, "Create a signed AWS API request"). */
export function signatureOf(request: WireRequest, parts: SignedParts): string {
  const { scope, secretAccessKey, date } = parts;
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${place}\n${sha256(canonicalRequest(request, parts))}`;
  return createHmac('sha256', signingKey(secretAccessKey, place)).update(text).digest('hex');
}

/** By secret and place: a key is the same for a day, and four of the five steps to a signature. */
const signingKeys = new Map<string, KeyObject>();
const signingKeysKeptCount = 1_000;

function signingKey(secretAccessKey: string, place: string): KeyObject {
  const name = `${secretAccessKey}/${place}`;
  const known = signingKeys.get(name);
  if (known) return known;
  const bytes = place.split('/').reduce<Buffer>((key, step) => hmac(key, step), Buffer.from(`AWS4${secretAccessKey}`));
  const key = createSecretKey(bytes);
  if (signingKeys.size >= signingKeysKeptCount) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

/** SHA-256 as hex. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalRequest(request: WireRequest, { scope, signedHeaders, payloadHash }: SignedParts): string {
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  return [
    request.method,
    // S3 signs the path as it is sent; the others encode it once more.
    scope.service === 's3' || request.path === '/' ? request.path : encodedPath(request.path),
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function encodedPath(path: string): string {
  return encode(withoutDots(path)).replaceAll('%2F', '/');
}

function withoutDots(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [encode(decode(name)), encode(decode(value.join('=')))] as const;
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .toSorted(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map((pair) => pair.join('='))
    .join('&');
}

/** By code unit, whatever the machine's language. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
