import { randomBytes, randomUUID } from 'node:crypto';
import type { CloudClock } from '../../clock/clock.ts';
import type { Store } from '../../store/store.ts';
import type { CloudContext } from '../service-module.ts';
import type { StoredAttributes } from './message-attributes.ts';
import { readRedrivePolicy, settingNumber } from './queue-attributes.ts';
import type { Queue, QueueStore } from './queue-store.ts';

/** A message on its way into a queue. */
export interface NewMessage {
  readonly body: string;
  readonly attributes: StoredAttributes;
  /** `SenderId`, `AWSTraceHeader`, `MessageGroupId`, `DeadLetterQueueSourceArn`. */
  readonly systemAttributes: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  readonly delaySeconds: number;
}

/** A message in a queue. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: StoredAttributes;
  readonly systemAttributes: Readonly<Record<string, string>>;
  readonly sentAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number;
  /** What the last receiver was given, to delete the message with. */
  readonly receipt: string;
}

/** How many messages a queue has. */
export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** The messages of a cloud. Every function runs in the open transaction, if there is one. */
export interface MessageStore {
  add(queue: string, message: NewMessage): string;
  /** Takes up to `count` visible messages and hides them; moves those to the dead-letter queue that came too often. */
  take(queue: Queue, count: number, visibilitySeconds: number): readonly StoredMessage[];
  /** Deletes the message if `receipt` is its latest. */
  delete(queue: string, id: string, receipt: string): void;
  /** Hides a message in flight for other `seconds`; false if it is not in flight with this receipt. */
  hide(queue: string, id: string, receipt: string, seconds: number): boolean;
  purge(queue: string): void;
  counts(queue: Queue): MessageCounts;
  /** When the next message becomes visible; undefined if none will. */
  nextVisibleAtMs(queue: string): number | undefined;
}

interface MessageRow {
  readonly sequence: number;
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly attributes: string;
  readonly system_attributes: string;
  readonly sent_at_ms: number;
  readonly receive_count: number;
  readonly first_received_at_ms: number | null;
}

/** Opens the messages of a cloud. `onArrival` hears of each queue that gets one. */
export function openMessageStore(
  context: CloudContext,
  queues: QueueStore,
  onArrival: (queue: string) => void,
): MessageStore {
  return new SqliteMessageStore(context, queues, onArrival);
}

class SqliteMessageStore implements MessageStore {
  readonly #store: Store;
  readonly #clock: CloudClock;
  readonly #queues: QueueStore;
  readonly #onArrival: (queue: string) => void;

  constructor({ store, clock }: CloudContext, queues: QueueStore, onArrival: (queue: string) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#queues = queues;
    this.#onArrival = onArrival;
  }

  add(queue: string, message: NewMessage): string {
    const id = randomUUID();
    const nowMs = this.#clock.nowMs();
    const { body, attributes, systemAttributes, sizeBytes, delaySeconds } = message;
    this.#store
      .statement(
        `INSERT INTO sqs_messages (id, queue, body, attributes, system_attributes, size_bytes, sent_at_ms, visible_at_ms,
           receive_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
      )
      .run(
        ...[id, queue, body, JSON.stringify(attributes), JSON.stringify(systemAttributes)],
        ...[sizeBytes, nowMs, nowMs + delaySeconds * 1000],
      );
    this.#onArrival(queue);
    return id;
  }

  take(queue: Queue, count: number, visibilitySeconds: number): readonly StoredMessage[] {
    return this.#store.transaction(() => {
      this.#forgetExpired(queue);
      this.#moveDead(queue);
      // The table's columns are the row's type.
      const rows = this.#store
        .statement('SELECT * FROM sqs_messages WHERE queue = ? AND visible_at_ms <= ? ORDER BY sequence LIMIT ?')
        .all(queue.name, this.#clock.nowMs(), count) as unknown as MessageRow[];
      return rows.map((row) => this.#receive(row, visibilitySeconds));
    });
  }

  delete(queue: string, id: string, receipt: string): void {
    this.#store
      .statement('DELETE FROM sqs_messages WHERE queue = ? AND id = ? AND receipt = ?')
      .run(queue, id, receipt);
  }

  hide(queue: string, id: string, receipt: string, seconds: number): boolean {
    const nowMs = this.#clock.nowMs();
    const { changes } = this.#store
      .statement(
        'UPDATE sqs_messages SET visible_at_ms = ? WHERE queue = ? AND id = ? AND receipt = ? AND visible_at_ms > ?',
      )
      .run(nowMs + seconds * 1000, queue, id, receipt, nowMs);
    return Number(changes) > 0;
  }

  purge(queue: string): void {
    this.#store.statement('DELETE FROM sqs_messages WHERE queue = ?').run(queue);
  }

  counts(queue: Queue): MessageCounts {
    this.#forgetExpired(queue);
    const row = this.#store
      .statement(
        `SELECT sum(visible_at_ms <= ?2) AS visible, sum(visible_at_ms > ?2 AND receive_count > 0) AS in_flight,
           sum(visible_at_ms > ?2 AND receive_count = 0) AS delayed FROM sqs_messages WHERE queue = ?1`,
      )
      .get(queue.name, this.#clock.nowMs());
    return {
      visible: Number(row?.['visible'] ?? 0),
      inFlight: Number(row?.['in_flight'] ?? 0),
      delayed: Number(row?.['delayed'] ?? 0),
    };
  }

  nextVisibleAtMs(queue: string): number | undefined {
    const row = this.#store
      .statement('SELECT min(visible_at_ms) AS at_ms FROM sqs_messages WHERE queue = ?')
      .get(queue);
    return typeof row?.['at_ms'] === 'number' ? row['at_ms'] : undefined;
  }

  #forgetExpired(queue: Queue): void {
    const oldestMs = this.#clock.nowMs() - settingNumber(queue.settings, 'MessageRetentionPeriod') * 1000;
    this.#store.statement('DELETE FROM sqs_messages WHERE queue = ? AND sent_at_ms <= ?').run(queue.name, oldestMs);
  }

  #moveDead(queue: Queue): void {
    const policy = readRedrivePolicy(queue.settings['RedrivePolicy']);
    const target = policy && this.#queues.find(policy.deadLetterTargetArn.split(':').at(-1) ?? '');
    if (!policy || !target) return;
    const { changes } = this.#store
      .statement(
        `UPDATE sqs_messages SET queue = ?, receive_count = 0, first_received_at_ms = NULL, receipt = NULL,
           system_attributes = json_set(system_attributes, '$.DeadLetterQueueSourceArn', ?)
         WHERE queue = ? AND visible_at_ms <= ? AND receive_count >= ?`,
      )
      .run(target.name, this.#queues.arnOf(queue.name), queue.name, this.#clock.nowMs(), policy.maxReceiveCount);
    if (Number(changes) > 0) this.#onArrival(target.name);
  }

  #receive(row: MessageRow, visibilitySeconds: number): StoredMessage {
    const nowMs = this.#clock.nowMs();
    const receipt = randomBytes(18).toString('base64url');
    const firstReceivedAtMs = row.first_received_at_ms ?? nowMs;
    this.#store
      .statement(
        `UPDATE sqs_messages SET visible_at_ms = ?, receive_count = receive_count + 1, first_received_at_ms = ?, receipt = ?
         WHERE sequence = ?`,
      )
      .run(nowMs + visibilitySeconds * 1000, firstReceivedAtMs, receipt, row.sequence);
    return {
      id: row.id,
      body: row.body,
      // Only `add` writes the two columns.
      attributes: JSON.parse(row.attributes) as StoredAttributes,
      systemAttributes: JSON.parse(row.system_attributes) as Readonly<Record<string, string>>,
      sentAtMs: row.sent_at_ms,
      receiveCount: row.receive_count + 1,
      firstReceivedAtMs,
      receipt,
    };
  }
}
