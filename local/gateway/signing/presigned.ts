import { createHash, createHmac, timingSafeEqual, type Hash, type Hmac } from 'node:crypto';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from '../../errors.ts';
import type { WireRequest } from '../service.ts';
import type { CredentialScope } from './credential-scope.ts';

const maxExpirySeconds = 604_800;
const unsignedPayload = 'UNSIGNED-PAYLOAD';
const bodyHashHeader = 'x-amz-content-sha256';
/** Query parameters that signing adds; `presign` adds them again. */
const addedBySigning = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
]);

/** The keys behind a presigned request. */
export interface SigningKeys {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Checks a presigned request: it is signed again from what came, with `nowMs` as the time.
 * @throws AwsError AuthorizationQueryParametersError, AccessDenied (expired, not yet valid) or SignatureDoesNotMatch
 */
export async function verifyPresigned(
  request: WireRequest,
  scope: CredentialScope,
  keys: SigningKeys,
  nowMs: number,
): Promise<void> {
  const query = new URLSearchParams(request.query);
  const { signedAtMs, expirySeconds } = readTimes(query, scope);
  if (nowMs > signedAtMs + expirySeconds * 1000) {
    throw new AwsError('AccessDenied', 'Request has expired', {
      httpStatus: 403,
      members: {
        Expires: new Date(signedAtMs + expirySeconds * 1000).toISOString(),
        ServerTime: new Date(nowMs).toISOString(),
      },
    });
  }
  const expected = await signature(request, scope, keys, { signedAtMs, expirySeconds });
  if (!isSame(expected, query.get('X-Amz-Signature') ?? '')) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { httpStatus: 403 },
    );
  }
}

interface PresignedTimes {
  readonly signedAtMs: number;
  readonly expirySeconds: number;
}

function readTimes(query: URLSearchParams, scope: CredentialScope): PresignedTimes {
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  const expirySeconds = Number(query.get('X-Amz-Expires') ?? NaN);
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || !date || date[0].slice(0, 8) !== scope.date) {
    throw malformed('X-Amz-Algorithm, X-Amz-Date and the date of X-Amz-Credential must agree');
  }
  if (!Number.isInteger(expirySeconds) || expirySeconds < 1 || expirySeconds > maxExpirySeconds) {
    throw malformed(`X-Amz-Expires must be a number of seconds from 1 to ${maxExpirySeconds}`);
  }
  const [, year, month, day, hour, minute, second] = date;
  return { signedAtMs: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`), expirySeconds };
}

function malformed(text: string): AwsError {
  return new AwsError('AuthorizationQueryParametersError', text);
}

async function signature(
  request: WireRequest,
  scope: CredentialScope,
  keys: SigningKeys,
  times: PresignedTimes,
): Promise<string> {
  const signer = new SignatureV4({
    service: scope.service,
    region: scope.region,
    credentials: { accessKeyId: scope.accessKeyId, ...keys },
    sha256: NodeSha256,
    uriEscapePath: scope.service !== 's3',
    applyChecksum: false,
  });
  const signed = await signer.presign(originalRequest(request), {
    signingDate: new Date(times.signedAtMs),
    expiresIn: times.expirySeconds,
    // Headers stay where they came; the body's hash tells the signer what to sign and is in the query if anywhere.
    unhoistableHeaders: new Set([...Object.keys(request.headers), bodyHashHeader]),
    unsignableHeaders: new Set([bodyHashHeader]),
  });
  return String(signed.query?.['X-Amz-Signature'] ?? '');
}

/** The request as it was before it was signed: only the headers that the signature covers. */
function originalRequest(request: WireRequest): HttpRequest {
  const query = new URLSearchParams(request.query);
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const headers = Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name] ?? '']));
  const names = [...new Set(query.keys())].filter((name) => !addedBySigning.has(name));
  return new HttpRequest({
    method: request.method,
    path: request.path,
    headers: { ...headers, [bodyHashHeader]: query.get('X-Amz-Content-Sha256') ?? unsignedPayload },
    query: Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
  });
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** SHA-256, keyed or not, in the shape that the signer asks for. */
class NodeSha256 {
  readonly #secret: Uint8Array | string | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: unknown) {
    this.#secret = typeof secret === 'string' || secret === undefined ? secret : bytesOf(secret);
    this.#hash = this.#begin();
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(source: unknown): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new Error('a signing key is text or bytes');
}
