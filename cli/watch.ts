import { setTimeout as pause } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { Release } from '../shared/state/release.ts';
import type { ApiClient } from './api-client.ts';
import { CliError } from './cli-error.ts';
import { timeOfDay, type Print } from './output.ts';

/** What happens while a release is watched. */
export interface WatchOptions {
  readonly print: Print;
  /** Called at each look with the release as it is. */
  readonly onChange?: (release: Release) => void;
  readonly signal?: AbortSignal;
  /** Time between two looks; default 500 ms. */
  readonly intervalMs?: number;
  /** How long to wait for the workflow's first record; default 60 s. */
  readonly patienceMs?: number;
}

/**
 * Shows a release's events as they come, until it is finished.
 * @returns the release at its end
 * @throws CliError if the release is not recorded in time
 */
export async function watchRelease(api: ApiClient, releaseId: string, options: WatchOptions): Promise<Release> {
  const { print, intervalMs = 500, patienceMs = 60_000 } = options;
  const givesUpAtMs = Date.now() + patienceMs;
  let after = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const seen = await api.timeline(releaseId, after);
    if (!seen && Date.now() > givesUpAtMs) {
      throw new CliError(
        `release ${releaseId} is not recorded; was it ever accepted? "slipway list" shows what there is`,
      );
    }
    for (const { n, text, event } of seen?.timeline ?? []) {
      after = n;
      print(`${styleText('dim', timeOfDay(event.at))}  ${paintEvent(event.type, text)}`);
    }
    if (seen) options.onChange?.(seen.release);
    // More than a page of events is read at once.
    if (seen && seen.timeline.length > 0) continue;
    if (seen?.isFinished) return seen.release;
    await pause(intervalMs, undefined, options.signal && { signal: options.signal });
  }
}

function paintEvent(type: string, text: string): string {
  if (type === 'release.succeeded') return styleText(['green', 'bold'], text);
  if (type === 'release.failed') return styleText(['red', 'bold'], text);
  if (type === 'approval.requested') return styleText('yellow', text);
  if (type === 'action.progressed') return styleText('cyan', text);
  return text;
}
