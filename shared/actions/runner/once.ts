import type { Clock } from '../../clock.ts';
import { nowAt } from '../../clock.ts';
import type { JobContext } from './job-event.ts';

/** Something that an action does to the world, such as a comment on a ticket. */
export interface Effect<Result> {
  /** Does it. What it returns is kept as JSON and is what a later run gets: an id, a URL. */
  make(): Promise<Result>;
  /**
   * Looks whether an earlier run has done it, who began at `begunAt` and did not live to say so. Without it such an effect
   * is made again: at least once.
   */
  find?(begunAt: string): Promise<Result | undefined>;
}

/** What became of an effect. */
export interface Done<Result> {
  readonly result: Result;
  /** False if an earlier run had done it. */
  readonly isNew: boolean;
}

/** Whose effect it is: an action of a pipeline execution, however often its stage is retried. */
export interface EffectKey {
  readonly scope: string;
  readonly name: string;
}

/** What is known of an effect. */
export interface EffectRecord {
  readonly begunAt: string;
  /** JSON; absent while nobody knows whether it was made. */
  readonly result: string | undefined;
}

/** Effects that were begun and made. `effect-store.ts` keeps them in the table. */
export interface EffectStore {
  read(key: EffectKey): Promise<EffectRecord | undefined>;
  /** Writes down that an effect is about to be made; the first time stays. */
  begin(key: EffectKey, begunAt: string): Promise<void>;
  finish(key: EffectKey, result: string): Promise<void>;
}

/** The scope of an action's effects; without a context the job, whose retry is another one. */
export function scopeOf(context: JobContext | undefined, jobId: string): string {
  return context ? `${context.pipelineExecutionId}/${context.stage}/${context.action}` : `job/${jobId}`;
}

/**
 * Does something unless it was done before under this key. The record that it begins is written before, the result after;
 * between the two the effect itself is asked. Runs of one action follow each other (`job-store.ts`), unless Lambda hands one event out
 * twice at once, which is seldom: then both may make it.
 */
export async function doOnce<Result>(
  { store, clock }: { readonly store: EffectStore; readonly clock: Clock },
  key: EffectKey,
  effect: Effect<Result>,
): Promise<Done<Result>> {
  const known = await store.read(key);
  // The effect's own result, kept by the line below for this very key.
  if (known?.result !== undefined) return { result: JSON.parse(known.result) as Result, isNew: false };
  const found = known && (await effect.find?.(known.begunAt));
  if (found === undefined && !known) await store.begin(key, nowAt(clock));
  const result = found ?? (await effect.make());
  await store.finish(key, JSON.stringify(result ?? null));
  return { result, isNew: found === undefined };
}
