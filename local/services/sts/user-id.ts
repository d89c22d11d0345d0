import { createHash } from 'node:crypto';
import type { Principal } from '../../gateway/principal.ts';

/** The `UserId` of a caller: as on AWS a user's begins with AIDA, and a role's with AROA and ends with its session. */
export function userIdOf(principal: Principal): string {
  if (principal.kind === 'service') return principal.service;
  if (principal.kind === 'user') return uniqueId('AIDA', principal.arn);
  return `${uniqueId('AROA', principal.roleArn)}:${principal.sessionName}`;
}

/** The same 20 characters for the same ARN, which lives as long as nobody deletes and makes it again. */
function uniqueId(prefix: string, arn: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(arn).digest('hex')}`).toString(32);
  return `${prefix}${digits.toUpperCase().slice(-16)}`;
}
