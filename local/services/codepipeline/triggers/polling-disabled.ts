import type { Engine } from '../engine/engine.ts';
import { lastStartMs } from '../records/executions.ts';
import { findPipeline, structureOf } from '../records/pipelines.ts';
import { isPolledObject, listenersIn } from './listeners.ts';

/** A pipeline that has been inactive for longer is not polled any more (API Reference, PipelineMetadata). */
const maxInactiveMs = 30 * 24 * 60 * 60 * 1000;

/** When the polling of a pipeline's sources stopped; undefined while it is polled, or if it never is. */
export function pollingDisabledAtMs({ context }: Engine, name: string): number | undefined {
  const { store, clock } = context;
  const pipeline = findPipeline(store, name);
  if (!pipeline) return undefined;
  const disabledAtMs = Math.max(pipeline.updatedMs, lastStartMs(store, name) ?? 0) + maxInactiveMs;
  if (disabledAtMs >= clock.nowMs()) return undefined;
  const structure = structureOf(store, name, pipeline.version);
  const isPolled =
    listenersIn(structure).some(({ by }) => by === 'poll') || structure.stages[0]?.actions.some(isPolledObject);
  return isPolled ? disabledAtMs : undefined;
}
