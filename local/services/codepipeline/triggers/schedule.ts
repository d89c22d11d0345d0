import type { CloudContext } from '../../service-module.ts';
import type { Engine } from '../engine/engine.ts';
import { findPipeline, structureOf } from '../records/pipelines.ts';
import { knownRepositories } from '../records/refs.ts';
import { isPolledObject, listenersIn } from './listeners.ts';

/** How often a repository is looked at in the person's time, and one that git cannot read where time jumps. */
const lookIntervalMs = 2_000;
/** How often it is looked whether a pipeline is polled again. */
const disabledPollMs = 60 * 60 * 1000;
const virtualRetryMs = 60 * 60 * 1000;

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

/**
 * Has a repository looked at again after the interval. People push in real time, however fast the cloud's runs; where it
 * jumps, nobody pushes while it does, and the look is before each jump.
 */
export function lookAgain({ context }: Engine, repository: string, isBroken = false): void {
  const { mode } = context.clock;
  if (mode.kind === 'virtual' && !isBroken) return;
  const ownMs = mode.kind === 'scaled' ? lookIntervalMs * mode.speed : lookIntervalMs;
  scheduleLook(context, repository, mode.kind === 'virtual' ? virtualRetryMs : ownMs);
}

/** Looks at every repository that somebody listens to, if its refs have changed. */
export function lookAtRepositories({ context }: Engine): void {
  for (const repository of knownRepositories(context.store)) scheduleLook(context, repository, 0);
}

function scheduleLook({ clock, timers }: CloudContext, repository: string, delayMs: number): void {
  const id = `codepipeline.look/${repository}`;
  timers.schedule('codepipeline.look', { id: repository }, { id, dueAtMs: clock.nowMs() + delayMs });
}

/** Has the sources of a pipeline polled again after the interval, or where that is disabled, looked whether it still is. */
export function pollAgain({ context, options }: Engine, pipeline: string, isDisabled: boolean): void {
  const dueAtMs = context.clock.nowMs() + (isDisabled ? disabledPollMs : options.pollIntervalMs);
  context.timers.schedule('codepipeline.poll', { id: pipeline }, { id: `codepipeline.poll/${pipeline}`, dueAtMs });
}
