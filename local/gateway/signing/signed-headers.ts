import { AwsError } from '../../errors.ts';
import type { ServiceApi, WireRequest } from '../service.ts';
import type { CredentialScope } from './credential-scope.ts';
import { isSameSignature, signatureMismatch } from './signature-mismatch.ts';
import { sha256, signatureOf } from './signature-v4.ts';

/**
 * Checks the signature in the Authorization header. Its time is not compared with the clock: faster and virtual time are
 * ahead of a client outside.
 * @throws AwsError as the service's protocol documents it, if the signature is missing, wrong, or of another body
 */
export function verifySignedHeaders(
  api: ServiceApi,
  request: WireRequest,
  scope: CredentialScope,
  secretAccessKey: string,
): void {
  const authorization = request.headers['authorization'] ?? '';
  const signedHeaders = /SignedHeaders=([^,\s]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  const signature = /Signature=([0-9a-f]{64})\s*$/.exec(authorization)?.[1] ?? '';
  const date = request.headers['x-amz-date'] ?? '';
  const payloadHash = request.headers['x-amz-content-sha256'] ?? sha256(request.body);
  const isDated = date.startsWith(scope.date) && signedHeaders.includes('x-amz-date');
  const expected = signatureOf(request, { scope, secretAccessKey, date, signedHeaders, payloadHash });
  if (!isDated || !isSameSignature(expected, signature)) throw signatureMismatch(api);
  if (/^[0-9a-f]{64}$/.test(payloadHash) && payloadHash !== sha256(request.body)) throw otherBody(api);
}

function otherBody(api: ServiceApi): AwsError {
  if (api.protocol.kind !== 'rest-xml') return signatureMismatch(api);
  return new AwsError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
