import { sweepIndex, type Key } from './table.ts';
import type { Condition, Item, Page, Query, Store, Write } from './store.ts';

/** A store in memory, for tests of the domain; test/contract holds it to what DynamoDB does. */
export function memoryStore(): Store & { readonly all: () => readonly Item[] } {
  const items = new Map<string, Item>();
  const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);
  const applyWrite = (write: Write): Item | undefined => {
    const name = nameOf(keyOf(write));
    const after = changed(write, items.get(name));
    if (after) items.set(name, after);
    else items.delete(name);
    return after;
  };
  const holds = (write: Write): boolean => meets(items.get(nameOf(keyOf(write))), write.when);
  return {
    all: () => [...items.values()],
    read: async (key) => copy(items.get(nameOf(key))),
    write: async (write) => {
      if (!holds(write)) return { written: false };
      const item = copy(applyWrite(write));
      return { written: true, ...(item && { item }) };
    },
    writeAll: async (writes) => {
      if (!writes.every(holds)) return { written: false };
      writes.forEach(applyWrite);
      return { written: true };
    },
    query: async (query) => page([...items.values()], query),
  };
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'update' in write ? write.update : write.delete;
}

function changed(write: Write, before: Item | undefined): Item | undefined {
  if ('delete' in write) return undefined;
  if ('put' in write) return copy(write.put);
  const after: Record<string, unknown> = { ...before, ...write.update, ...write.set };
  for (const name of write.remove ?? []) delete after[name];
  // The key and attributes are those of the write's own types.
  return copy(after as unknown as Item);
}

function meets(item: Item | undefined, { absent = [], present = [], equals = {} }: Condition = {}): boolean {
  const has = (name: string): boolean => item !== undefined && name in item;
  return (
    absent.every((name) => !has(name)) &&
    present.every(has) &&
    Object.entries(equals).every(([name, value]) => JSON.stringify(item?.[name]) === JSON.stringify(value))
  );
}

function page(items: readonly Item[], query: Query): Page {
  const [partition, sort] = query.index ? [sweepIndex.partition, sweepIndex.sort] : ['pk', 'sk'];
  const text = (item: Item, name: string): string => String(item[name]);
  // DynamoDB orders equal sort keys of an index by the table's key, as far as anyone can tell: by any stable rule.
  const order = (item: Item): string => `${text(item, sort)}\n${item.pk}\n${item.sk}`;
  const matching = items
    .filter((item) => item[partition] === query.partition && item[sort] !== undefined)
    .filter((item) => query.prefix === undefined || text(item, sort).startsWith(query.prefix))
    .filter((item) => query.upTo === undefined || text(item, sort) <= query.upTo)
    .filter((item) => query.after === undefined || text(item, sort) > query.after)
    .sort((one, other) => (order(one) < order(other) ? -1 : 1));
  if (query.newestFirst) matching.reverse();
  const start = query.from === undefined ? 0 : matching.findIndex((item) => order(item) === query.from) + 1;
  const taken = matching.slice(start, start + query.limit);
  const last = taken.at(-1);
  const hasMore = start + query.limit < matching.length;
  return { items: taken.map((item) => structuredClone(item)), ...(hasMore && last && { next: order(last) }) };
}

function copy<T>(value: T): T {
  return value === undefined ? value : structuredClone(value);
}
