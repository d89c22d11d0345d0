import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so long between two tries. @throws the abort of the signal, once it is aborted */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
