import { pauseFor } from '../pause.ts';

/** When something is tried again. */
export interface RetryOptions<T> {
  /** How often beside the first time. */
  readonly retries: number;
  readonly isGood: (result: T) => boolean;
  /** How long the action may still run, less what one more try takes. */
  readonly remainingMs: () => number;
  readonly signal: AbortSignal;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Tries until the result is good, with pauses of 1, 2, 4 … seconds between; what it gives is the last result. */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions<T>): Promise<T> {
  const { retries, isGood, remainingMs, signal, pause = pauseFor } = options;
  for (let count = 0; ; count += 1) {
    const result = await attempt();
    const pauseMs = 1_000 * 2 ** count;
    if (isGood(result) || count >= retries || pauseMs > remainingMs()) return result;
    await pause(pauseMs, signal);
  }
}
