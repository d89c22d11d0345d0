/** Where time comes from; everything but a composition root takes one as an argument. */
export interface Clock {
  nowMs(): number;
}

/** The machine's clock; in the local cloud its `Date` already shows the cloud's time. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** Now as an ISO 8601 UTC string with milliseconds, the form of every `…At`. */
export function nowAt(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}

/** A point `seconds` from now, as DynamoDB's time to live wants it. Expiry is compared with now, never left to TTL. */
export function epochSecondsIn(clock: Clock, seconds: number): number {
  return Math.floor(clock.nowMs() / 1000) + seconds;
}

/** Waits before try number `attempt` (1 is the first retry); a composition root adds the jitter, tests do not wait. */
export type Pause = (attempt: number) => Promise<void>;

/** Exponential back-off with full jitter, from 20 ms and at most 1 s. */
export const jitteredPause: Pause = (attempt) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(1000, 20 * 2 ** attempt)));
