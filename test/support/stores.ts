import type { Store } from '../../shared/state/store.ts';
import { localTable } from './local-table.ts';
import { memoryStore } from './memory-store.ts';

/** Every implementation of the store, by what it runs on. */
export const stores: readonly [string, () => Promise<{ store: Store; close: () => Promise<void> }>][] = [
  ['memory', async () => ({ store: memoryStore(), close: async () => {} })],
  ['the local DynamoDB', localTable],
];
