import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendEvent, findBrokenLink, readEntries, readRelease } from '../../shared/state/event-log.ts';
import { getRelease, listReleases } from '../../shared/state/query.ts';
import type { SlipwayEvent } from '../../shared/events/event.ts';
import type { Store } from '../../shared/state/store.ts';
import { keys } from '../../shared/state/table.ts';
import { aRequest, otherReleaseId, releaseId } from '../support/domain.ts';
import { stores } from '../support/stores.ts';

const queued = (n: number): SlipwayEvent => {
  const { service, traceId, at } = aRequest();
  return {
    contract: 1,
    id: `queued-${n}`,
    at,
    type: 'release.queued',
    releaseId,
    service,
    traceId,
    behind: otherReleaseId,
  };
};

describe.each(stores)('the event log on %s', (_, open) => {
  let store: Store;
  let close: () => Promise<void>;
  beforeEach(async () => ({ store, close } = await open()));
  afterEach(() => close());
  const pause = async (): Promise<void> => {};

  it('begins with the request, and keeps the view with it', async () => {
    expect(await appendEvent({ store, pause }, aRequest())).toMatchObject({
      isNew: true,
      n: 1,
      release: { status: 'requested' },
    });
    expect(await readRelease(store, releaseId)).toMatchObject({
      head: 1,
      release: { releaseId, requestedBy: 'github/octocat' },
    });
  });

  it('refuses to begin with anything else', async () => {
    await expect(appendEvent({ store, pause }, queued(1))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('appends an event once, however often it comes', async () => {
    await appendEvent({ store, pause }, aRequest());
    expect(await appendEvent({ store, pause }, queued(1))).toMatchObject({ isNew: true, n: 2 });
    expect(await appendEvent({ store, pause }, queued(1))).toMatchObject({ isNew: false, n: 2 });
    expect(await appendEvent({ store, pause }, { ...aRequest(), requestedBy: 'github/other' })).toMatchObject({
      isNew: false,
      n: 1,
    });
    expect((await readRelease(store, releaseId))?.head).toBe(2);
  });

  it('orders concurrent appends, and loses none', async () => {
    await appendEvent({ store, pause }, aRequest());
    const all = Array.from({ length: 6 }, (_, n) => appendEvent({ store, pause }, queued(n)));
    const numbers = (await Promise.all(all)).map((appended) => appended.n).sort();
    expect(numbers).toEqual([2, 3, 4, 5, 6, 7]);
    const entries = await readEntries(store, releaseId, { after: 0, limit: 50 });
    expect(entries.map((entry) => entry.n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(findBrokenLink(entries)).toBeUndefined();
  });

  it('shows which link was tampered with', async () => {
    await appendEvent({ store, pause }, aRequest());
    for (const n of [1, 2, 3]) await appendEvent({ store, pause }, queued(n));
    const item = (await store.read(keys.event(releaseId, 3)))!;
    await store.write({ put: { ...item, body: String(item.body).replace(otherReleaseId, releaseId) } });
    expect(findBrokenLink(await readEntries(store, releaseId, { after: 0, limit: 50 }))).toBe(3);
  });

  it('shows that an entry is missing', async () => {
    await appendEvent({ store, pause }, aRequest());
    for (const n of [1, 2]) await appendEvent({ store, pause }, queued(n));
    await store.write({ delete: keys.event(releaseId, 2) });
    expect(findBrokenLink(await readEntries(store, releaseId, { after: 0, limit: 50 }))).toBe(3);
  });

  it('reads the timeline behind a number', async () => {
    await appendEvent({ store, pause }, aRequest());
    for (const n of [1, 2, 3]) await appendEvent({ store, pause }, queued(n));
    const found = await getRelease(store, releaseId, 2);
    expect(found).toMatchObject({ head: 4, release: { status: 'queued' } });
    expect(found?.entries.map((entry) => entry.event.id)).toEqual(['queued-2', 'queued-3']);
    expect(await getRelease(store, otherReleaseId, 0)).toBeUndefined();
  });

  it('lists releases newest first, of all services or of one, in pages', async () => {
    const ids = ['a', 'b', 'c'].map((digit) => `r-${digit.repeat(32)}`);
    for (const [index, id] of ids.entries()) {
      const at = `2026-01-05T09:00:0${index}.000Z`;
      await appendEvent(
        { store, pause },
        aRequest({ releaseId: id, at, service: index === 1 ? 'billing' : 'checkout' }),
      );
    }
    const idsOf = async (request: Parameters<typeof listReleases>[1]): Promise<string[]> =>
      (await listReleases(store, request)).releases.map((release) => release.releaseId);
    expect(await idsOf({ limit: 10 })).toEqual([...ids].reverse());
    expect(await idsOf({ limit: 10, service: 'checkout' })).toEqual([ids[2], ids[0]]);
    const { next } = await listReleases(store, { limit: 2 });
    expect(await idsOf({ limit: 2, next })).toEqual([ids[0]]);
  });
});
