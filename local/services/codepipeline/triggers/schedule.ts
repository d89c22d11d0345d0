import type { CloudClock } from '../../../clock/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { findPipeline, structureOf } from '../records/pipelines.ts';
import { isPolledObject, listenersIn } from './listeners.ts';

/** How often a repository is looked at, and a bucket polled; the second is what is commonly seen on AWS, unpublished. */
const lookIntervalMs = 2_000;
const pollIntervalMs = 60_000;

/**
 * Looks at once at what starts a pipeline by itself, in the open transaction; called for a version that comes and before
 * one goes. A look that finds that nobody listens any more is the last.
 */
export function lookAtSources({ context }: Engine, pipeline: string): void {
  const { store, timers } = context;
  const version = findPipeline(store, pipeline)?.version;
  if (version === undefined) return;
  const structure = structureOf(store, pipeline, version);
  for (const repository of new Set(listenersIn(structure).map((listener) => listener.repository))) {
    timers.schedule(
      'codepipeline.look',
      { id: repository, isAnew: true },
      { id: `codepipeline.look-anew/${repository}` },
    );
  }
  if (structure.stages[0]?.actions.some(isPolledObject)) {
    timers.schedule('codepipeline.poll', { id: pipeline }, { id: `codepipeline.poll-anew/${pipeline}` });
  }
}

/** Has a repository looked at again after the interval. */
export function lookAgain({ context }: Engine, repository: string): void {
  const dueAtMs = context.clock.nowMs() + intervalMs(context.clock);
  context.timers.schedule('codepipeline.look', { id: repository }, { id: `codepipeline.look/${repository}`, dueAtMs });
}

/** Has the sources of a pipeline polled again after the interval. */
export function pollAgain({ context }: Engine, pipeline: string): void {
  const dueAtMs = context.clock.nowMs() + pollIntervalMs;
  context.timers.schedule('codepipeline.poll', { id: pipeline }, { id: `codepipeline.poll/${pipeline}`, dueAtMs });
}

/** People push in real time, however fast the cloud's runs; where it jumps, a look a minute leaves room for jumps of days. */
function intervalMs({ mode }: CloudClock): number {
  if (mode.kind === 'virtual') return pollIntervalMs;
  return mode.kind === 'scaled' ? lookIntervalMs * mode.speed : lookIntervalMs;
}
