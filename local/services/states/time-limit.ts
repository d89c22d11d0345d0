import type { Timers } from '../../clock/timers.ts';
import type { Definition } from './definition.ts';
import { isExpress, maxExpressSeconds } from './express.ts';
import { expiryId, timerKinds } from './frame-timers.ts';

/** Schedules the end of an execution that takes too long: TimeoutSeconds, and for Express no more than five minutes. */
export function scheduleTimeLimit(timers: Timers, executionArn: string, definition: Definition, fromMs: number): void {
  const { TimeoutSeconds = Infinity } = definition;
  const seconds = isExpress(executionArn) ? Math.min(TimeoutSeconds, maxExpressSeconds) : TimeoutSeconds;
  if (seconds === Infinity) return;
  const dueAtMs = fromMs + seconds * 1_000;
  timers.schedule(timerKinds.expire, { execution: executionArn }, { dueAtMs, id: expiryId(executionArn) });
}
