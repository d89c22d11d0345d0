import { isJsonObject, type Json } from '../../json.ts';
import type { DueTimer } from '../../clock/timers.ts';
import type { CloudContext } from '../service-module.ts';
import { expiryOf, type ItemStore } from './item-store.ts';
import type { Attributes } from './attribute-values.ts';
import type { TableStore } from './table-store.ts';
import type { Table } from './table.ts';

const kind = 'dynamodb.expire';
/** Items are deleted at the first whole minute after they have expired, many at once. */
const sweepEveryMs = 60_000;
const maxItemsPerSweep = 1_000;
/** DynamoDB leaves items alone that expired longer ago, taking them for a mistake. */
const maxAgeSeconds = 5 * 365 * 24 * 60 * 60;

/** Time to live: deletes what has expired, by one timer per table at the time of its next expiry. */
export class Expiry {
  readonly #context: CloudContext;
  readonly #tables: TableStore;
  readonly #items: ItemStore;
  /** When each table's timer is due, as far as this process knows. */
  readonly #dueAtMs = new Map<number, number>();

  constructor(context: CloudContext, tables: TableStore, items: ItemStore) {
    this.#context = context;
    this.#tables = tables;
    this.#items = items;
    context.timers.on(kind, (payload, timer) => this.#sweep(payload, timer));
  }

  /** To be called in the transaction that has written an item. */
  noteWritten(table: Table, item: Attributes): void {
    const expiresAt = expiryOf(table, item);
    if (expiresAt === null || expiresAt < this.#oldestSeconds()) return;
    const dueAtMs = this.#sweepTime(expiresAt);
    if ((this.#dueAtMs.get(table.id) ?? Infinity) > dueAtMs) this.reschedule(table);
  }

  /** Sets the table's timer to its next expiry; to be called in the transaction that has changed what expires. */
  reschedule(table: Table): void {
    const next = this.#items.nextExpiry(table, this.#oldestSeconds());
    if (table.definition.ttlAttribute === undefined || next === undefined) return this.forget(table);
    const dueAtMs = this.#sweepTime(next);
    this.#context.timers.schedule(kind, { tableId: table.id }, { dueAtMs, id: timerId(table.id) });
    this.#context.store.afterCommit(() => this.#dueAtMs.set(table.id, dueAtMs));
  }

  /** Removes the table's timer. */
  forget(table: Table): void {
    this.#context.timers.cancel(timerId(table.id));
    this.#dueAtMs.delete(table.id);
  }

  #sweep(payload: Json, timer: DueTimer): void {
    const tableId = isJsonObject(payload) ? Number(payload['tableId']) : 0;
    const table = this.#tables.byId(tableId);
    this.#context.store.transaction(() => {
      timer.complete();
      if (!table) return;
      const span = { from: this.#oldestSeconds(), to: Math.floor(this.#context.clock.nowMs() / 1000) };
      for (const stored of this.#items.expired(table, span, maxItemsPerSweep)) this.#items.delete(table, stored);
      this.reschedule(table);
    });
  }

  #sweepTime(expiresAtSeconds: number): number {
    const fromMs = Math.max(expiresAtSeconds * 1000, this.#context.clock.nowMs());
    return (Math.floor(fromMs / sweepEveryMs) + 1) * sweepEveryMs;
  }

  #oldestSeconds(): number {
    return Math.floor(this.#context.clock.nowMs() / 1000) - maxAgeSeconds;
  }
}

function timerId(tableId: number): string {
  return `${kind}/${tableId}`;
}
