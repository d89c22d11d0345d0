import { setTimeout as pause } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { Release } from '../shared/state/release.ts';
import { ApiUnavailable, type ApiClient, type Timeline } from './api-client.ts';
import { CliError } from './cli-error.ts';
import { timeOfDay, type Print } from './output.ts';

/** What happens while a release is watched. */
export interface WatchOptions {
  readonly print: Print;
  /** Also what is told by other lines already: pipeline and stages, an action's start behind its end. */
  readonly all?: boolean;
  /** Called at each look with the release as it is. */
  readonly onChange?: (release: Release) => void;
  readonly signal?: AbortSignal;
  /** Time between two looks; default 500 ms. */
  readonly intervalMs?: number;
  /** How long to wait for the workflow's first record; default 60 s. */
  readonly patienceMs?: number;
}

/** How many looks in a row may fail before the watch is given up. */
const failingLooks = 10;

/**
 * Shows a release's events as they come, until it is finished.
 * @returns the release at its end
 * @throws CliError if the release is not recorded in time, ApiUnavailable if the API does not answer for long
 */
export async function watchRelease(api: ApiClient, releaseId: string, options: WatchOptions): Promise<Release> {
  const { print, intervalMs = 500, patienceMs = 60_000 } = options;
  const givesUpAtMs = Date.now() + patienceMs;
  const news = newsFilter(options.all ?? false);
  const look = patientLook(api, releaseId);
  let after = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const seen = await look(after);
    if (!seen && after === 0 && Date.now() > givesUpAtMs) {
      throw new CliError(
        `release ${releaseId} is not recorded; was it ever accepted? "slipway list" shows what there is`,
      );
    }
    for (const entry of seen?.timeline ?? []) {
      after = entry.n;
      if (news.isWorthTelling(entry.event))
        print(`${styleText('dim', timeOfDay(entry.event.at))}  ${paintEvent(entry)}`);
    }
    if (seen) options.onChange?.(seen.release);
    // More than a page of events is read at once.
    if (seen && seen.timeline.length > 0) continue;
    if (seen?.isFinished) return seen.release;
    await pause(intervalMs, undefined, options.signal && { signal: options.signal });
  }
}

/** Looks that fail for a while are taken as looks that saw nothing. */
function patientLook(api: ApiClient, releaseId: string): (after: number) => Promise<Timeline | undefined> {
  let failures = 0;
  return async (after) => {
    try {
      const seen = await api.timeline(releaseId, after);
      failures = 0;
      return seen;
    } catch (error) {
      failures += 1;
      if (!(error instanceof ApiUnavailable) || failures >= failingLooks) throw error;
      return undefined;
    }
  };
}

type Entry = Timeline['timeline'][number];

/**
 * Events come unordered, and those of the pipeline and its stages repeat what their actions say. What went wrong is
 * always told.
 */
function newsFilter(all: boolean): { isWorthTelling(event: Entry['event']): boolean } {
  const ended = new Set<string>();
  return {
    isWorthTelling({ type, state, stage, action }) {
      if (all) return true;
      const isRoutine = state === 'STARTED' || state === 'SUCCEEDED';
      if (type === 'pipeline.changed' || type === 'stage.changed') return !isRoutine;
      if (type !== 'action.changed') return true;
      const name = `${String(stage)}/${String(action)}`;
      if (state === 'STARTED') return !ended.has(name);
      ended.add(name);
      return true;
    },
  };
}

function paintEvent({ event: { type, state }, text }: Entry): string {
  if (type === 'release.succeeded') return styleText(['green', 'bold'], text);
  if (type === 'release.failed') return styleText(['red', 'bold'], text);
  if (state === 'FAILED') return styleText('red', text);
  if (type === 'approval.requested') return styleText('yellow', text);
  if (type === 'action.progressed') return styleText('cyan', text);
  return text;
}
