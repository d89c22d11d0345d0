import { unwatchFile, watchFile } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How the manifest of a `cdk.out` is watched. */
export interface WatchOptions {
  /** Called for each new synth, one at a time. What it throws goes to `onError`. */
  apply(): Promise<unknown>;
  onError(error: unknown): void;
  /** How often the file is looked at. */
  readonly everyMs?: number;
}

/**
 * Watches for a new synth. The file is looked at by its path: `cdk synth` may make the folder anew, which a watcher of
 * the folder would not survive.
 * @returns what ends the watching, when an apply under way has ended
 */
export function watchSynth(manifest: string, { apply, onError, everyMs = 500 }: WatchOptions): () => Promise<void> {
  let queue = Promise.resolve();
  let isStopped = false;
  const applyNow = async (): Promise<void> => {
    // The manifest is written last, but maybe not whole at this moment.
    await delay(Math.min(everyMs, 200));
    if (isStopped) return;
    await apply().catch(onError);
  };
  watchFile(manifest, { interval: everyMs }, (now, before) => {
    if (now.mtimeMs !== 0 && now.mtimeMs !== before.mtimeMs) queue = queue.then(applyNow);
  });
  return () => {
    isStopped = true;
    unwatchFile(manifest);
    return queue;
  };
}
