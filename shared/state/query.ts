import * as z from 'zod/mini';
import type { LogEntry } from './event-log.ts';
import { readEntries, readRelease } from './event-log.ts';
import { releaseSchema, type Release } from './release.ts';
import type { Store } from './store.ts';
import { sweeps } from './table.ts';

/** Which releases, newest first; `next` of the page before goes on from there. */
export interface ListRequest {
  readonly service?: string | undefined;
  readonly limit: number;
  readonly next?: string | undefined;
}

/** One page of releases. */
export interface ReleasePage {
  readonly releases: readonly Release[];
  readonly next?: string;
}

/** Lists releases by the time they were asked for. A release appears here a moment after it is recorded. */
export async function listReleases(store: Store, { service, limit, next }: ListRequest): Promise<ReleasePage> {
  const page = await store.query({
    partition: service ? `${sweeps.releases}/${service}` : sweeps.releases,
    index: 'sweep',
    newestFirst: true,
    limit,
    ...(next && { from: next }),
  });
  const releases = service
    ? await Promise.all(page.items.map(async (item) => (await readRelease(store, releaseIdIn(item.pk)))?.release))
    : page.items.map((item) => releaseSchema.parse(JSON.parse(z.string().parse(item.view))));
  return { releases: releases.filter((release) => release !== undefined), ...(page.next && { next: page.next }) };
}

/** A release with the entries behind number `after`, at most 200 of them; `head` is the number of its last event. */
export async function getRelease(
  store: Store,
  releaseId: string,
  after: number,
): Promise<{ release: Release; head: number; entries: readonly LogEntry[] } | undefined> {
  // Read first: entries that are appended meanwhile come on top, and none up to the head is missing.
  const found = await readRelease(store, releaseId);
  return found && { ...found, entries: await readEntries(store, releaseId, { after, limit: 200 }) };
}

function releaseIdIn(partition: string): string {
  return partition.slice(partition.indexOf('/') + 1);
}
