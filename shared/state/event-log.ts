import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Pause } from '../clock.ts';
import { NotFound, ServiceUnavailable } from '../errors.ts';
import { eventSchema, type SlipwayEvent } from '../events/event.ts';
import { foldEvent, releaseSchema, type Release } from './release.ts';
import type { Item, Store, Write } from './store.ts';
import { eventSortPrefix, keys, sweeps } from './table.ts';

/** What an append needs: the pause between tries is passed in, so that tests do not wait. */
export interface EventLogContext {
  readonly store: Store;
  readonly pause: Pause;
}

/** The outcome of an append; `isNew` is false when an event of this id was there before. */
export interface Appended {
  readonly isNew: boolean;
  readonly n: number;
  readonly release: Release;
}

/** One link of a release's chain. `hash` covers the number, the hash before and the body. */
export interface LogEntry {
  readonly n: number;
  readonly event: SlipwayEvent;
  /** The event exactly as it was stored: what the hash covers. */
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
}

const tries = 12;
const firstHash = '';

/**
 * Appends one event to its release's log, with the release's view, in one transaction of three items. Appending the same
 * id again changes nothing. Concurrent appends are ordered by the store.
 * @throws NotFound when the release is unknown and the event is not its request
 */
export async function appendEvent(context: EventLogContext, event: SlipwayEvent): Promise<Appended> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const head = await readHead(context.store, event.releaseId);
    const next = linkAfter(head, event);
    const { written } = await context.store.writeAll(writesOf(next, head));
    if (written) return { isNew: true, n: next.n, release: next.release };
    const found = await findAppended(context.store, event);
    if (found) return found;
    await context.pause(attempt);
  }
  throw new ServiceUnavailable(
    `could not append ${event.type} to ${event.releaseId}: ${tries} tries met other writers; try again`,
  );
}

/** The release as its events left it, with the number of its last event. */
export async function readRelease(
  store: Store,
  releaseId: string,
): Promise<{ release: Release; head: number } | undefined> {
  const head = await readHead(store, releaseId);
  return head && { release: head.release, head: head.n };
}

/** Entries behind number `after`, oldest first, at most `limit`. */
export async function readEntries(
  store: Store,
  releaseId: string,
  { after, limit }: { after: number; limit: number },
): Promise<readonly LogEntry[]> {
  const { pk, sk } = keys.event(releaseId, after);
  const page = await store.query({ partition: pk, after: sk, limit });
  return page.items.filter((item) => item.sk.startsWith(eventSortPrefix)).map(readEntry);
}

/** The number of the first entry whose chain does not hold, or undefined when all do. Entries must begin at number 1. */
export function findBrokenLink(entries: readonly LogEntry[]): number | undefined {
  let previousHash = firstHash;
  for (const [index, entry] of entries.entries()) {
    const isIntact =
      entry.n === index + 1 &&
      entry.previousHash === previousHash &&
      entry.hash === hashOf(entry.n, previousHash, entry.body);
    if (!isIntact) return entry.n;
    previousHash = entry.hash;
  }
  return undefined;
}

interface Head {
  readonly n: number;
  readonly hash: string;
  readonly release: Release;
}

interface Link extends Head {
  readonly event: SlipwayEvent;
  readonly body: string;
  readonly previousHash: string;
}

const headItem = z.object({ head: z.number(), headHash: z.string(), view: z.string() });

async function readHead(store: Store, releaseId: string): Promise<Head | undefined> {
  const item = await store.read(keys.release(releaseId));
  if (!item) return undefined;
  const { head, headHash, view } = headItem.parse(item);
  return { n: head, hash: headHash, release: releaseSchema.parse(JSON.parse(view)) };
}

function linkAfter(head: Head | undefined, event: SlipwayEvent): Link {
  if (!head && event.type !== 'release.requested') {
    throw new NotFound(`release ${event.releaseId} is unknown, so ${event.type} cannot be appended to it`);
  }
  const n = (head?.n ?? 0) + 1;
  const previousHash = head?.hash ?? firstHash;
  // Read back by the schema, so that the text that is hashed is the text that a reader gets.
  const known = eventSchema.parse(event);
  const body = JSON.stringify(known);
  return {
    n,
    event: known,
    body,
    previousHash,
    hash: hashOf(n, previousHash, body),
    release: foldEvent(head?.release, known),
  };
}

function hashOf(n: number, previousHash: string, body: string): string {
  return createHash('sha256').update(`${n}\n${previousHash}\n${body}`).digest('hex');
}

function writesOf(link: Link, head: Head | undefined): readonly Write[] {
  const { n, event, body, previousHash, hash, release } = link;
  const listed = { gsi1sk: `${release.requestedAt}/${release.releaseId}` };
  // The first event also lists the release under its service.
  const byService = n === 1 ? { gsi1pk: `${sweeps.releases}/${release.service}`, ...listed } : {};
  return [
    { put: { ...keys.event(event.releaseId, n), n, body, previousHash, hash, ...byService }, when: { absent: ['pk'] } },
    {
      put: {
        ...keys.release(event.releaseId),
        head: n,
        headHash: hash,
        view: JSON.stringify(release),
        status: release.status,
        gsi1pk: sweeps.releases,
        ...listed,
      },
      when: head ? { equals: { head: head.n } } : { absent: ['pk'] },
    },
    { put: { ...keys.marker(event.releaseId, event.id), n }, when: { absent: ['pk'] } },
  ];
}

async function findAppended(store: Store, event: SlipwayEvent): Promise<Appended | undefined> {
  const marker = await store.read(keys.marker(event.releaseId, event.id));
  if (!marker) return undefined;
  const head = await readHead(store, event.releaseId);
  if (!head) return undefined;
  return { isNew: false, n: z.number().parse(marker.n), release: head.release };
}

const entryItem = z.object({ n: z.number(), body: z.string(), previousHash: z.string(), hash: z.string() });

function readEntry(item: Item): LogEntry {
  const { n, body, previousHash, hash } = entryItem.parse(item);
  return { n, event: eventSchema.parse(JSON.parse(body)), body, previousHash, hash };
}
