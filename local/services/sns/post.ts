import type { CloudClock } from '../../clock/clock.ts';

/** How a delivery ended: `refused` is final, `failed` is worth another try. */
export type DeliveryOutcome =
  { readonly kind: 'delivered' } | { readonly kind: 'failed' | 'refused'; readonly reason: string };

/** SNS waits this long for an HTTP endpoint. */
const timeoutMs = 15_000;

/** Whether an address leads nowhere but to this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Posts to an HTTP endpoint, in real time, with the cloud's clock held. Server errors, 429 and silence are worth another
 * try; other answers than 2xx are final, and redirects are not followed.
 */
export async function post(
  url: string,
  request: { headers: Record<string, string>; body: string },
  clock: CloudClock,
): Promise<DeliveryOutcome> {
  const release = clock.hold();
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: 'POST', redirect: 'manual', signal, ...request });
    await response.body?.cancel();
    if (response.ok) return { kind: 'delivered' };
    const isWorthRetrying = response.status >= 500 || response.status === 429;
    return { kind: isWorthRetrying ? 'failed' : 'refused', reason: `the endpoint answered ${response.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    release();
  }
}
