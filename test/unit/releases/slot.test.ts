import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acquireSlot, freeSlot, heldSlots, withLease, withoutLease, type Slot } from '../../../shared/releases/slot.ts';
import { collect } from '../../support/collect.ts';
import { aDomain } from '../../support/domain.ts';

const lease = (releaseId: string) => ({ releaseId, workflow: `arn:${releaseId}`, since: '2026-01-05T09:00:00.000Z' });
const empty: Slot = { queue: [] };
const idsOf = (slot: Slot): (string | undefined)[] => [
  slot.holder?.releaseId,
  ...slot.queue.map((one) => one.releaseId),
];

describe('a slot', () => {
  it('is held by the first and queued for by the others, in their order', () => {
    expect(idsOf(['a', 'b', 'c'].map(lease).reduce(withLease, empty))).toEqual(['a', 'b', 'c']);
  });

  it('keeps the place of a release that asks again', () => {
    expect(idsOf(['a', 'b', 'c', 'b', 'a'].map(lease).reduce(withLease, empty))).toEqual(['a', 'b', 'c']);
  });

  it('goes to the first in the queue when its holder gives it back', () => {
    expect(idsOf(withoutLease(['a', 'b', 'c'].map(lease).reduce(withLease, empty), 'a'))).toEqual(['b', 'c']);
  });

  it('lets a release leave the queue', () => {
    expect(idsOf(withoutLease(['a', 'b', 'c'].map(lease).reduce(withLease, empty), 'b'))).toEqual(['a', 'c']);
  });

  it('refuses the 501st in the queue', () => {
    const full = Array.from({ length: 501 }, (_, n) => lease(`r${n}`)).reduce(withLease, empty);
    expect(() => withLease(full, lease('late'))).toThrow(/500 releases already wait/);
  });

  it('has a holder whenever somebody waits, and nobody twice, whatever happens', () => {
    const step = fc.record({ takes: fc.boolean(), who: fc.constantFrom('a', 'b', 'c', 'd') });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const slot = steps.reduce<Slot>(
          (before, { takes, who }) => (takes ? withLease(before, lease(who)) : withoutLease(before, who)),
          empty,
        );
        const ids = idsOf(slot).filter((id) => id !== undefined);
        expect(new Set(ids).size).toBe(ids.length);
        expect(slot.holder !== undefined || slot.queue.length === 0).toBe(true);
      }),
    );
  });

  it('gives each of many that ask at once their own place', async () => {
    const domain = aDomain();
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((releaseId) => acquireSlot(domain, 'checkout', lease(releaseId))));
    const [held] = await collect(heldSlots(domain.store));
    expect(idsOf(held!.slot).sort()).toEqual(names);
    for (const name of names) await freeSlot(domain, 'checkout', name);
    expect(await collect(heldSlots(domain.store))).toEqual([]);
  });
});
