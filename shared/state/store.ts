import type { Key } from './table.ts';

/** What an attribute may hold: JSON without `null` members. */
export type Attribute = string | number | boolean | readonly Attribute[] | { readonly [name: string]: Attribute };

/** The attributes of an item beside its key. */
export type Attributes = { readonly [name: string]: Attribute };

/** An item as it is stored; a schema reads it before it is believed. */
export type Item = Key & Attributes;

/** All of it must hold of the stored item, else nothing is written. `absent: ['pk']` says that there is no item. */
export interface Condition {
  readonly absent?: readonly string[];
  readonly present?: readonly string[];
  readonly equals?: Attributes;
}

/** One conditional write. `put` replaces the item, `update` changes the named attributes and makes the item if absent. */
export type Write =
  | { readonly put: Item; readonly when?: Condition }
  | { readonly update: Key; readonly set?: Attributes; readonly remove?: readonly string[]; readonly when?: Condition }
  | { readonly delete: Key; readonly when?: Condition };

/** A refused condition is an outcome, not an error. `item` is the item as it is after the write (none after a delete). */
export type WriteOutcome = { readonly written: true; readonly item?: Item } | { readonly written: false };

/** Items of one partition of the table, or of the sweep index. */
export interface Query {
  readonly partition: string;
  readonly index?: 'sweep';
  /** Only sort keys that begin so. */
  readonly prefix?: string;
  /** Only sort keys up to this one, itself included; not together with `prefix` or `after`. */
  readonly upTo?: string;
  /** Only sort keys behind this one; not together with `prefix` or `upTo`. */
  readonly after?: string;
  readonly newestFirst?: boolean;
  readonly limit: number;
  /** `next` of the page before. */
  readonly from?: string;
}

/** One page; `next` is there when more may follow. */
export interface Page {
  readonly items: readonly Item[];
  readonly next?: string;
}

/**
 * The table, as far as the domain needs it. Reads by key and queries of the table are strongly consistent, queries of
 * the sweep index are not. `shared/aws/dynamodb.ts` implements it; test/contract holds every implementation to it.
 */
export interface Store {
  read(key: Key): Promise<Item | undefined>;
  write(write: Write): Promise<WriteOutcome>;
  /** All or nothing, on different items (at most 100). Refused also when another transaction is touching an item. */
  writeAll(writes: readonly Write[]): Promise<{ readonly written: boolean }>;
  query(query: Query): Promise<Page>;
}
