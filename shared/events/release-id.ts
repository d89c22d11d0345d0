import { createHash } from 'node:crypto';

/** The form of a release id: it also fits CodePipeline's `clientRequestToken`. */
export const releaseIdPattern = /^r-[0-9a-f]{32}$/;

/**
 * What asked for a release, as far as it makes one cause differ from another: the signed bytes of a webhook, the delivery
 * of an unsigned one, a schedule's time, a command's request.
 */
export type CauseIdentity =
  | { readonly kind: 'signed'; readonly provider: string; readonly bytes: Uint8Array }
  | { readonly kind: 'delivery'; readonly provider: string; readonly deliveryId: string }
  | { readonly kind: 'schedule'; readonly schedule: string; readonly scheduledAt: string }
  | { readonly kind: 'command'; readonly requestId: string };

/** `r-` and 32 hex digits of SHA-256 over the cause: the same cause always names the same release. */
export function releaseIdOf(cause: CauseIdentity): string {
  const hash = createHash('sha256');
  for (const part of partsOf(cause)) hash.update(part).update('\n');
  return `r-${hash.digest('hex').slice(0, 32)}`;
}

function partsOf(cause: CauseIdentity): readonly (string | Uint8Array)[] {
  switch (cause.kind) {
    case 'signed':
      return ['signed', cause.provider, cause.bytes];
    case 'delivery':
      return ['delivery', cause.provider, cause.deliveryId];
    case 'schedule':
      return ['schedule', cause.schedule, cause.scheduledAt];
    case 'command':
      return ['command', cause.requestId];
  }
}
