import { timingSafeEqual } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { ServiceApi } from '../service.ts';

/** Compares two signatures in constant time. */
export function isSameSignature(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The refusal of a wrong signature: JSON protocols name it by another code than XML ones. */
export function signatureMismatch({ protocol }: ServiceApi): AwsError {
  const isXml = protocol.kind === 'rest-xml' || protocol.kind === 'query';
  return new AwsError(
    isXml ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { httpStatus: 403 },
  );
}
