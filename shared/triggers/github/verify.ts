import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RawRequest } from '../trigger.ts';

const signatureForm = /^sha256=([0-9a-f]{64})$/;

/**
 * Checks `X-Hub-Signature-256`: HMAC-SHA256 over the raw body, in hex, against every valid secret.
 * Source: GitHub, "Validating webhook deliveries".
 */
export function verifySignature(
  { headers, body }: RawRequest,
  secrets: readonly string[],
): 'valid' | { readonly refused: string } {
  const header = headers['x-hub-signature-256'];
  if (header === undefined) {
    return { refused: "header X-Hub-Signature-256 is missing; set the secret in the repository's webhook settings" };
  }
  const [, hex] = signatureForm.exec(header) ?? [];
  if (hex === undefined) return { refused: 'header X-Hub-Signature-256 must be sha256= and 64 hex digits' };
  const given = Buffer.from(hex, 'hex');
  // Every secret is tried, so that the time does not tell which one was right.
  const matches = secrets.map((secret) => timingSafeEqual(given, createHmac('sha256', secret).update(body).digest()));
  return matches.includes(true)
    ? 'valid'
    : { refused: "the signature fits no valid secret; compare the webhook's secret with the one in Secrets Manager" };
}
