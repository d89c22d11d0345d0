import type { CloudClock } from '../../clock/clock.ts';

/** How often requests may come: a bucket of `burst` tokens that fills with `perSecond` tokens a second. */
export interface ThrottleLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Token buckets by name. They are full after a restart. */
export interface Throttle {
  /** Takes a token; false if there is none. */
  take(name: string, limit: ThrottleLimit): boolean;
}

/** Makes buckets that fill on the cloud's clock. */
export function createThrottle(clock: CloudClock): Throttle {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(name, { perSecond, burst }) {
      const nowMs = clock.nowMs();
      const before = buckets.get(name) ?? { tokens: burst, atMs: nowMs };
      const filled = before.tokens + ((nowMs - before.atMs) / 1000) * perSecond;
      const tokens = Math.min(burst, filled);
      const isTaken = tokens >= 1;
      buckets.set(name, { tokens: isTaken ? tokens - 1 : tokens, atMs: nowMs });
      return isTaken;
    },
  };
}
