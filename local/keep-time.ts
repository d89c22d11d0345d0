import type { CloudClock } from './clock/clock.ts';
import type { FolderSettings } from './settings.ts';
import { failureText } from './store/full-disk.ts';

const savedEveryMs = 1000;

/**
 * Writes down the time of a folder, so that the next start goes on from it. Faster time is written ahead of itself: after
 * a kill it goes on later than it was, never earlier. Gives what writes the exact time at the end.
 */
export function keepTime(
  clock: CloudClock,
  settings: FolderSettings,
  report: (line: string) => void = () => {},
): () => void {
  if (clock.mode.kind === 'real') return () => settings.saveTime(clock.nowMs());
  // Twice the interval, since a busy process comes late.
  const leadMs = clock.mode.kind === 'scaled' ? 2 * savedEveryMs * clock.mode.speed : 0;
  const save = (): void => settings.saveTime(clock.nowMs() + leadMs);
  save();
  const saving = setInterval(() => tryTo(save, report), savedEveryMs).unref();
  return () => {
    clearInterval(saving);
    settings.saveTime(clock.nowMs());
  };
}

/** What cannot be written now is written the next time, or at the end. */
function tryTo(save: () => void, report: (line: string) => void): void {
  try {
    save();
  } catch (cause) {
    report(`the time of this folder could not be written: ${failureText(cause)}`);
  }
}

/** Tells the person that faster time has left this folder ahead of the machine, whose time it has now. */
export function tellTimeBehind(clock: CloudClock, settings: FolderSettings, report: (line: string) => void): void {
  const { lastTimeMs = 0 } = settings;
  if (clock.mode.kind !== 'real' || lastTimeMs <= clock.nowMs() + 60_000) return;
  const ranTo = new Date(lastTimeMs).toISOString();
  report(`time in this folder had run ahead to ${ranTo} and is the machine's again; reset it to begin anew`);
}
