import type { Engine } from './engine.ts';
import { timerId } from './timer-ids.ts';

/** Has an action that runs elsewhere looked at after `delayMs`; an earlier wish is replaced. */
export function scheduleWatch({ context }: Engine, id: string, delayMs: number): void {
  const dueAtMs = context.clock.nowMs() + delayMs;
  context.timers.schedule('codepipeline.watch', { id }, { id: timerId('watch', id), dueAtMs });
}
