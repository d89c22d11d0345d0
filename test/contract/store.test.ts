import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item, Store } from '../../shared/state/store.ts';
import { stores } from '../support/stores.ts';

describe.each(stores)('a store on %s', (_, open) => {
  let store: Store;
  let close: () => Promise<void>;
  beforeEach(async () => ({ store, close } = await open()));
  afterEach(() => close());

  const key = { pk: 'a', sk: 'b' };

  it('reads nothing where nothing was written', async () => {
    expect(await store.read(key)).toBeUndefined();
  });

  it('reads what was put, with every kind of attribute', async () => {
    const item: Item = { ...key, text: 'x', n: 1.5, is: true, list: ['a', { b: 2 }], map: { c: { d: 'e' } } };
    expect(await store.write({ put: item })).toEqual({ written: true, item });
    expect(await store.read(key)).toEqual(item);
  });

  it('refuses a put where the condition does not hold, and changes nothing', async () => {
    await store.write({ put: { ...key, n: 1 } });
    expect(await store.write({ put: { ...key, n: 2 }, when: { absent: ['pk'] } })).toEqual({ written: false });
    expect(await store.write({ put: { ...key, n: 2 }, when: { equals: { n: 9 } } })).toEqual({ written: false });
    expect(await store.write({ put: { ...key, n: 2 }, when: { present: ['m'] } })).toEqual({ written: false });
    expect(await store.read(key)).toEqual({ ...key, n: 1 });
  });

  it('updates the named attributes of an item, and answers the item after it', async () => {
    await store.write({ put: { ...key, n: 1, gone: 'x', kept: 'y' } });
    const item = { ...key, n: 2, kept: 'y' };
    const write = { update: key, set: { n: 2 }, remove: ['gone', 'never'], when: { equals: { n: 1 } } };
    expect(await store.write(write)).toEqual({ written: true, item });
    expect(await store.read(key)).toEqual(item);
  });

  it('makes the item that an update finds absent', async () => {
    expect(await store.write({ update: key, set: { n: 1 }, when: { absent: ['n'] } })).toMatchObject({ written: true });
    expect(await store.read(key)).toEqual({ ...key, n: 1 });
  });

  it('only removes, where an update sets nothing', async () => {
    await store.write({ put: { ...key, n: 1 } });
    await store.write({ update: key, remove: ['n'], when: { present: ['pk'] } });
    expect(await store.read(key)).toEqual(key);
    expect(await store.write({ update: { pk: 'no', sk: 'no' }, remove: ['n'], when: { present: ['pk'] } })).toEqual({
      written: false,
    });
  });

  it('deletes', async () => {
    await store.write({ put: { ...key, n: 1 } });
    expect(await store.write({ delete: key, when: { equals: { n: 2 } } })).toEqual({ written: false });
    expect(await store.write({ delete: key, when: { equals: { n: 1 } } })).toEqual({ written: true });
    expect(await store.read(key)).toBeUndefined();
  });

  it('writes all or nothing', async () => {
    const other = { pk: 'a', sk: 'c' };
    await store.write({ put: { ...other, n: 1 } });
    const writes = [
      { put: { ...key, n: 1 }, when: { absent: ['pk'] } },
      { put: { ...other, n: 2 }, when: { equals: { n: 5 } } },
    ];
    expect(await store.writeAll(writes)).toEqual({ written: false });
    expect(await store.read(key)).toBeUndefined();
    expect(await store.writeAll([writes[0]!, { update: other, set: { n: 2 }, when: { equals: { n: 1 } } }])).toEqual({
      written: true,
    });
    expect(await store.read(other)).toEqual({ ...other, n: 2 });
  });

  describe('with five items in a partition', () => {
    const sortKeys = ['e/1', 'e/2', 'e/3', 'm/1', 'view'];
    beforeEach(async () => {
      for (const [index, sk] of sortKeys.entries()) {
        await store.write({ put: { pk: 'p', sk, ...(index < 3 && { gsi1pk: 'g', gsi1sk: `t${index}` }) } });
      }
      await store.write({ put: { pk: 'q', sk: 'e/1' } });
    });
    const found = async (query: Parameters<Store['query']>[0]): Promise<string[]> =>
      (await store.query(query)).items.map((item) => item.sk);

    it('queries a partition in the order of its sort keys', async () => {
      expect(await found({ partition: 'p', limit: 10 })).toEqual(sortKeys);
      expect(await found({ partition: 'p', limit: 10, newestFirst: true })).toEqual([...sortKeys].reverse());
    });

    it('queries by a prefix, behind a key and up to a key', async () => {
      expect(await found({ partition: 'p', prefix: 'e/', limit: 10 })).toEqual(['e/1', 'e/2', 'e/3']);
      expect(await found({ partition: 'p', after: 'e/2', limit: 10 })).toEqual(['e/3', 'm/1', 'view']);
      expect(await found({ partition: 'p', upTo: 'e/2', limit: 10 })).toEqual(['e/1', 'e/2']);
    });

    it('pages', async () => {
      const first = await store.query({ partition: 'p', limit: 3 });
      expect(first.items.map((item) => item.sk)).toEqual(['e/1', 'e/2', 'e/3']);
      expect(await found({ partition: 'p', limit: 3, from: first.next! })).toEqual(['m/1', 'view']);
    });

    it('queries the sweep index, which holds only items with its keys', async () => {
      expect(await found({ partition: 'g', index: 'sweep', limit: 10 })).toEqual(['e/1', 'e/2', 'e/3']);
      expect(await found({ partition: 'g', index: 'sweep', upTo: 't1', limit: 10 })).toEqual(['e/1', 'e/2']);
      const page = await store.query({ partition: 'g', index: 'sweep', newestFirst: true, limit: 2 });
      expect(page.items.map((item) => item.sk)).toEqual(['e/3', 'e/2']);
      expect(await found({ partition: 'g', index: 'sweep', newestFirst: true, limit: 2, from: page.next! })).toEqual([
        'e/1',
      ]);
    });
  });
});
