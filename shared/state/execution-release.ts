import { readRelease } from './event-log.ts';
import { findOwner } from './execution-log.ts';
import type { Release } from './release.ts';
import type { Store } from './store.ts';

/** The release that a pipeline execution belongs to, as it stands; undefined if it belongs to none. */
export async function releaseOfExecution(store: Store, executionId: string): Promise<Release | undefined> {
  const owner = await findOwner(store, executionId);
  return owner && (await readRelease(store, owner.releaseId))?.release;
}
