import { messageOf } from '../../errors.ts';
import { shakeHands } from '../web/tls-handshake.ts';

const dayMs = 86_400_000;

/** How many whole days are left until a date; negative once it is over. */
export function daysUntil(validTo: string, nowMs: number): number {
  return Math.floor((Date.parse(validTo) - nowMs) / dayMs);
}

/** What was seen of a certificate: for how many whole days it is valid still, or why nobody knows. */
export type CertificateSeen = { readonly certificateDaysLeft: number } | { readonly certificateUnread: string };

/**
 * Reads the certificate of a URL's host. Nothing is sent, so it need not be valid; whether it is the requests find out.
 */
export async function readCertificate(url: string, limitMs: number, nowMs: () => number): Promise<CertificateSeen> {
  try {
    const validTo = await shakeHands(new URL(url), { limitMs, mustBeValid: false });
    return { certificateDaysLeft: daysUntil(validTo, nowMs()) };
  } catch (thrown) {
    return { certificateUnread: `${new URL(url).host} shows no certificate (${messageOf(thrown)})` };
  }
}
