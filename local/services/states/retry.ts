import type { Retrier } from './definition.ts';
import type { Failure } from './errors.ts';

/** What to do about a failure: try again after a while, or give up. */
export type RetryDecision =
  { readonly kind: 'retry'; readonly retrier: number; readonly delaySeconds: number } | { readonly kind: 'give up' };

/**
 * Applies the first retrier that names the failure. `attempts` counts, per retrier, the retries of this visit to the
 * state. Defaults of Amazon States Language: 1 s, 3 attempts, rate 2.
 */
export function decideRetry(
  failure: Failure,
  retriers: readonly Retrier[],
  attempts: readonly number[],
  random: () => number,
): RetryDecision {
  const index = retriers.findIndex((retrier) => handles(retrier.ErrorEquals, failure));
  const retrier = retriers[index];
  const made = attempts[index] ?? 0;
  if (!retrier || made >= (retrier.MaxAttempts ?? 3)) return { kind: 'give up' };
  return { kind: 'retry', retrier: index, delaySeconds: delaySeconds(retrier, made, random) };
}

function delaySeconds(retrier: Retrier, retriesMade: number, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, JitterStrategy = 'NONE' } = retrier;
  // 99,999,999 s is as long as anything may wait; a growing interval must stay a number.
  const delay = Math.min(IntervalSeconds * BackoffRate ** retriesMade, MaxDelaySeconds, 99_999_999);
  return JitterStrategy === 'FULL' ? delay * random() : delay;
}

/**
 * Whether an ErrorEquals names a failure. States.Runtime is never handled; States.DataLimitExceeded only by its name;
 * States.TaskFailed stands for every error but States.Timeout (reference: Step Functions, handling errors).
 */
export function handles(names: readonly string[], failure: Failure): boolean {
  if (failure.error === 'States.Runtime') return false;
  if (names.includes(failure.error) || failure.aliases?.some((alias) => names.includes(alias))) return true;
  if (failure.error === 'States.DataLimitExceeded') return false;
  if (names.includes('States.ALL')) return true;
  return names.includes('States.TaskFailed') && failure.error !== 'States.Timeout';
}
