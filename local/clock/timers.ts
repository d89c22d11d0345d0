import { randomUUID } from 'node:crypto';
import type { Json } from '../json.ts';
import { failureText } from '../store/full-disk.ts';
import type { Store } from '../store/store.ts';
import type { CloudClock } from './clock.ts';
import { DueQueue, type Due } from './due-queue.ts';

/** A timer that is due, as its runner sees it. */
export interface DueTimer {
  readonly id: string;
  readonly dueAtMs: number;
  /** 1 for the first run, 2 after a run that threw or a process that died. */
  readonly attempt: number;
  /** Deletes the timer now, inside the open transaction, so that what was done and its being done are one write. */
  complete(): void;
}

/** Does what a timer is for. It runs at least once: after a crash in the middle it runs again. */
export type TimerRunner = (payload: Json, timer: DueTimer) => Promise<void> | void;

/**
 * The one durable queue behind all waiting: a retry, a wait state, a reply limit, an event on its way to its target.
 * Work that must follow a state change is scheduled in the same transaction with `dueAtMs` now; it survives a kill.
 */
export interface Timers {
  /** Names the runner of a kind of timer. Every kind is named before `start`. */
  on(kind: string, run: TimerRunner): void;
  /** Adds a timer; without `dueAtMs` it is due at once. An `id` that is waiting already is replaced. */
  schedule(kind: string, payload: Json, options?: { dueAtMs?: number; id?: string }): string;
  /** Removes a timer that has not begun; one that is running is not stopped. */
  cancel(id: string): void;
  start(): void;
  /** Begins nothing new, and resolves when what runs has ended. */
  stop(): Promise<void>;
  /** Resolves when no timer is due or running and nothing holds the clock. With a virtual clock time does not move. */
  settled(): Promise<void>;
  /** Virtual clock: jumps from timer to timer until `untilMs`, letting everything settle in between. */
  advanceTo(untilMs: number): Promise<void>;
}

const retryDelaysMs = [1_000, 5_000, 30_000, 60_000, 300_000];

/** Opens the queue of a store. Errors that a runner throws go to `report`; the timer runs again later. */
export function openTimers(store: Store, clock: CloudClock, report: (problem: string) => void): Timers {
  return new DurableTimers(store, clock, report);
}

/** Where a row of the store stands in the queue; the row itself is read when it is due. */
interface Slot extends Due {
  readonly id: string;
}

interface TimerRow {
  readonly id: string;
  readonly kind: string;
  readonly due_at_ms: number;
  readonly sequence: number;
  readonly attempt: number;
  readonly payload: string;
}

class DurableTimers implements Timers {
  readonly #store: Store;
  readonly #clock: CloudClock;
  readonly #report: (problem: string) => void;
  readonly #runners = new Map<string, TimerRunner>();
  /** May hold slots of rows that were cancelled or moved meanwhile: the row decides. */
  readonly #queue = new DueQueue<Slot>();
  readonly #running = new Set<string>();
  #sequence: number;
  #state: 'new' | 'started' | 'stopped' = 'new';
  #wakeUp: NodeJS.Timeout | undefined;
  #isPumpQueued = false;
  #waiters: (() => void)[] = [];

  constructor(store: Store, clock: CloudClock, report: (problem: string) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#report = report;
    store.migrate('timers', [
      `CREATE TABLE timers (id TEXT PRIMARY KEY, kind TEXT NOT NULL, due_at_ms INTEGER NOT NULL, sequence INTEGER NOT NULL,
         attempt INTEGER NOT NULL, payload TEXT NOT NULL) STRICT, WITHOUT ROWID`,
      'CREATE INDEX timers_due ON timers (due_at_ms, sequence)',
      'DROP INDEX timers_due',
    ]);
    this.#sequence = this.#load();
    clock.onReleased(() => this.#queuePump());
  }

  on(kind: string, run: TimerRunner): void {
    if (this.#runners.has(kind)) throw new Error(`two runners for timers of kind ${kind}`);
    this.#runners.set(kind, run);
  }

  schedule(kind: string, payload: Json, options: { dueAtMs?: number; id?: string } = {}): string {
    const id = options.id ?? randomUUID();
    const dueAtMs = Math.ceil(options.dueAtMs ?? this.#clock.nowMs());
    const sequence = ++this.#sequence;
    this.#store
      .statement(
        'INSERT OR REPLACE INTO timers (id, kind, due_at_ms, sequence, attempt, payload) VALUES (?, ?, ?, ?, 1, ?)',
      )
      .run(id, kind, dueAtMs, sequence, JSON.stringify(payload));
    this.#enqueue({ id, dueAtMs, sequence });
    return id;
  }

  cancel(id: string): void {
    this.#store.statement('DELETE FROM timers WHERE id = ?').run(id);
  }

  start(): void {
    this.#state = 'started';
    this.#queuePump();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#wakeUp);
    while (this.#running.size > 0) await this.#nextChange();
  }

  async settled(): Promise<void> {
    while (this.#state === 'started' && this.#isBusy()) await this.#nextChange();
  }

  async advanceTo(untilMs: number): Promise<void> {
    await this.settled();
    for (let next = this.#nextDueMs(); next !== undefined && next <= untilMs; next = this.#nextDueMs()) {
      this.#clock.jumpTo(next);
      this.#queuePump();
      await this.settled();
    }
    this.#clock.jumpTo(untilMs);
  }

  #isBusy(): boolean {
    const next = this.#nextDueMs();
    const isDue = next !== undefined && next <= this.#clock.nowMs();
    return this.#running.size > 0 || this.#isPumpQueued || this.#clock.isHeld() || isDue;
  }

  /** @returns the highest sequence in use */
  #load(): number {
    const rows = this.#store.statement('SELECT id, due_at_ms, sequence FROM timers').all();
    // The columns are STRICT and written only by this class.
    const slots = (rows as unknown as TimerRow[]).map(({ id, due_at_ms: dueAtMs, sequence }) => ({
      id,
      dueAtMs,
      sequence,
    }));
    for (const slot of slots) this.#queue.push(slot);
    return slots.reduce((highest, { sequence }) => Math.max(highest, sequence), 0);
  }

  #enqueue(slot: Slot): void {
    this.#store.afterCommit(() => {
      this.#queue.push(slot);
      this.#queuePump();
    });
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #queuePump(): void {
    if (this.#isPumpQueued || this.#state !== 'started') return this.#tellWaiters();
    this.#isPumpQueued = true;
    setImmediate(() => {
      this.#isPumpQueued = false;
      if (this.#state === 'started') this.#pump();
      this.#tellWaiters();
    });
  }

  #tellWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const tell of waiters) tell();
  }

  #pump(): void {
    const nowMs = this.#clock.nowMs();
    for (let next = this.#queue.peek(); next !== undefined && next.dueAtMs <= nowMs; next = this.#queue.peek()) {
      const row = this.#current(this.#queue.pop());
      if (row) void this.#run(row);
    }
    this.#sleepUntilNext();
  }

  /** When the first timer that still stands is due; drops slots that nobody waits for any more. */
  #nextDueMs(): number | undefined {
    for (let slot = this.#queue.peek(); slot !== undefined; slot = this.#queue.peek()) {
      if (this.#current(slot)) return slot.dueAtMs;
      this.#queue.pop();
    }
    return undefined;
  }

  #current(slot: Slot | undefined): TimerRow | undefined {
    if (!slot) return undefined;
    const row = this.#store
      .statement('SELECT id, kind, due_at_ms, sequence, attempt, payload FROM timers WHERE id = ? AND sequence = ?')
      .get(slot.id, slot.sequence);
    // The columns are STRICT and written only by this class.
    return row as unknown as TimerRow | undefined;
  }

  #sleepUntilNext(): void {
    clearTimeout(this.#wakeUp);
    const due = this.#nextDueMs();
    if (due === undefined) return;
    const realMs = this.#clock.realMsUntil(due);
    if (realMs === Infinity) return;
    this.#wakeUp = setTimeout(() => this.#queuePump(), Math.min(realMs, 2 ** 31 - 1));
  }

  async #run(row: TimerRow): Promise<void> {
    const { id, dueAtMs, attempt } = { ...row, dueAtMs: row.due_at_ms };
    const runId = `${id}#${row.sequence}`;
    this.#running.add(runId);
    let isCompleted = false;
    const complete = (): void => {
      this.#deleteRun(row);
      isCompleted = true;
    };
    try {
      const runner = this.#runners.get(row.kind);
      if (!runner) throw new Error(`no runner for timers of kind ${row.kind}`);
      await runner(JSON.parse(row.payload), { id, dueAtMs, attempt, complete });
      if (!isCompleted) complete();
    } catch (error) {
      this.#retryLater(row, error);
    } finally {
      this.#running.delete(runId);
      this.#queuePump();
    }
  }

  /** Deletes the row of this run only: one that was scheduled again under the same id meanwhile stays. */
  #deleteRun(row: TimerRow): void {
    this.#store.statement('DELETE FROM timers WHERE id = ? AND sequence = ?').run(row.id, row.sequence);
  }

  #retryLater(row: TimerRow, error: unknown): void {
    const delayMs = retryDelaysMs[Math.min(row.attempt, retryDelaysMs.length) - 1] ?? 300_000;
    this.#report(`timer ${row.kind} failed, next try in ${delayMs / 1000} s: ${failureText(error)}`);
    try {
      this.#moveOn(row, delayMs);
    } catch {
      // On a full disk not even this can be written: the row stands as it is and is run again when there may be space.
      setTimeout(() => {
        this.#queue.push({ id: row.id, dueAtMs: row.due_at_ms, sequence: row.sequence });
        this.#queuePump();
      }, delayMs).unref();
    }
  }

  #moveOn(row: TimerRow, delayMs: number): void {
    const dueAtMs = this.#clock.nowMs() + delayMs;
    const sequence = ++this.#sequence;
    const { changes } = this.#store
      .statement('UPDATE timers SET due_at_ms = ?, sequence = ?, attempt = attempt + 1 WHERE id = ? AND sequence = ?')
      .run(dueAtMs, sequence, row.id, row.sequence);
    if (changes > 0) this.#enqueue({ id: row.id, dueAtMs, sequence });
  }
}
