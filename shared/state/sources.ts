import * as z from 'zod/mini';
import type { Pause } from '../clock.ts';
import { ServiceUnavailable } from '../errors.ts';
import type { Store } from './store.ts';
import { keys } from './table.ts';

/** Where a commit's source is, and who waits for it while it is nowhere. */
export interface SourceRecord {
  /** The version of the service's source object; absent while only waited for. */
  readonly versionId?: string | undefined;
  /** Releases that found no source. */
  readonly waiting: readonly string[];
}

/** What changing a record needs. */
export interface SourcesContext {
  readonly store: Store;
  readonly pause: Pause;
}

const sourceItem = z.object({
  versionId: z.optional(z.string()),
  waiting: z._default(z.array(z.string()), []),
  revisionCount: z.number(),
});
const tries = 10;

/** The record of a commit; nobody waits for one that is not there. */
export async function readSource(store: Store, service: string, commit: string): Promise<SourceRecord> {
  const item = await store.read(keys.source(service, commit));
  return item ? sourceItem.parse(item) : { waiting: [] };
}

/**
 * Finds a commit's source or, in the same conditional write, says that a release waits for it: whoever records the source
 * then sees the release, so that none is missed between the look and the wait.
 */
export async function findOrAwaitSource(
  context: SourcesContext,
  { service, commit, releaseId }: { service: string; commit: string; releaseId: string },
): Promise<SourceRecord> {
  return changeSource(context, keys.source(service, commit), (record) =>
    record.versionId !== undefined || record.waiting.includes(releaseId)
      ? record
      : { ...record, waiting: [...record.waiting, releaseId] },
  );
}

/** Records where a commit's source is. The first version stays: the answer says which it is, and who waited for it. */
export async function recordSource(
  context: SourcesContext,
  { service, commit, versionId }: { service: string; commit: string; versionId: string },
): Promise<SourceRecord> {
  return changeSource(context, keys.source(service, commit), (record) =>
    record.versionId === undefined ? { ...record, versionId } : record,
  );
}

async function changeSource(
  { store, pause }: SourcesContext,
  key: ReturnType<typeof keys.source>,
  change: (record: SourceRecord) => SourceRecord,
): Promise<SourceRecord> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const item = await store.read(key);
    const before = item ? sourceItem.parse(item) : { waiting: [], revisionCount: 0 };
    const after = change(before);
    if (after === before) return before;
    const { versionId, waiting } = after;
    const { written } = await store.write({
      put: { ...key, waiting, revisionCount: before.revisionCount + 1, ...(versionId && { versionId }) },
      when: item ? { equals: { revisionCount: before.revisionCount } } : { absent: ['pk'] },
    });
    if (written) return after;
    await pause(attempt);
  }
  throw new ServiceUnavailable(`could not change ${key.pk}/${key.sk}: ${tries} tries met other writers; try again`);
}
