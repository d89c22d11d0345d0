import { AwsError } from '../../errors.ts';
import type { ServiceApi, WireRequest } from '../service.ts';
import type { CredentialScope } from './credential-scope.ts';
import { isSameSignature, signatureMismatch } from './signature-mismatch.ts';
import { sha256, signatureOf } from './signature-v4.ts';

const maxExpirySeconds = 604_800;

/**
 * Checks a presigned request: it is signed again from what came, with `nowMs` as the time.
 * @throws AwsError AuthorizationQueryParametersError, AccessDenied (expired) or a wrong signature's
 */
export function verifyPresigned(
  api: ServiceApi,
  request: WireRequest,
  scope: CredentialScope,
  { secretAccessKey, nowMs }: { readonly secretAccessKey: string; readonly nowMs: number },
): void {
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
  const expected = signatureOf(request, {
    scope,
    secretAccessKey,
    date: query.get('X-Amz-Date') ?? '',
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    payloadHash: query.get('X-Amz-Content-Sha256') ?? (api.name === 's3' ? 'UNSIGNED-PAYLOAD' : sha256(request.body)),
  });
  if (!isSameSignature(expected, query.get('X-Amz-Signature') ?? '')) throw signatureMismatch(api);
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
