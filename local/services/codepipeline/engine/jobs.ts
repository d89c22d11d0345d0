import { randomUUID } from 'node:crypto';
import { addJob } from '../records/jobs.ts';
import type { Engine } from './engine.ts';
import { timerId } from './timer-ids.ts';

/** Queues the first job of an action execution, due at once, or with a continuation token the next one, due later. */
export function openJob({ context, options }: Engine, actionExecution: string, continuationToken?: string): void {
  const id = randomUUID();
  const nowMs = context.clock.nowMs();
  addJob(context.store, { id, actionExecution, ...(continuationToken !== undefined && { continuationToken }), nowMs });
  const delayMs = continuationToken === undefined ? 0 : options.continuationIntervalMs;
  context.timers.schedule('codepipeline.job', { id }, { id: timerId('job', id), dueAtMs: nowMs + delayMs });
}
