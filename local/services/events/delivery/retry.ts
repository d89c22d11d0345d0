/** How long and how often a delivery is tried. */
export interface RetryLimits {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

/** The documented defaults: 185 retries within 24 hours. */
const defaultRetryLimits: RetryLimits = { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 };

/** Reads a RetryPolicy as the API has it. */
export function retryLimits(
  policy: { MaximumRetryAttempts?: number | undefined; MaximumEventAgeInSeconds?: number | undefined } | undefined,
): RetryLimits {
  return {
    maximumRetryAttempts: policy?.MaximumRetryAttempts ?? defaultRetryLimits.maximumRetryAttempts,
    maximumEventAgeSeconds: policy?.MaximumEventAgeInSeconds ?? defaultRetryLimits.maximumEventAgeSeconds,
  };
}

/** When to try again, or which limit forbids it (the dead letter's EXHAUSTED_RETRY_CONDITION). */
export type NextTry =
  { readonly dueAtMs: number } | { readonly exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' };

/** At this step the documented defaults end together: 185 tries take just under 24 hours. */
const longestDelayMs = 480_000;

/** Decides about a retry. Delays double from one second; AWS adds jitter and publishes no figures. */
export function nextTry(limits: RetryLimits, made: { retries: number; firstAtMs: number }, nowMs: number): NextTry {
  if (made.retries >= limits.maximumRetryAttempts) return { exhausted: 'MaximumRetryAttempts' };
  const dueAtMs = nowMs + Math.min(longestDelayMs, 1000 * 2 ** Math.min(made.retries, 20));
  if (dueAtMs - made.firstAtMs > limits.maximumEventAgeSeconds * 1000) return { exhausted: 'MaximumEventAgeInSeconds' };
  return { dueAtMs };
}
