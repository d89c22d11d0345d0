import type { CloudContext } from '../service-module.ts';
import type { QueueSettings } from './queue-attributes.ts';
import { queueDoesNotExist } from './sqs-error.ts';

/** A queue. */
export interface Queue {
  readonly name: string;
  readonly settings: QueueSettings;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly purgedAtMs: number;
}

/** The queues of a cloud. */
export interface QueueStore {
  put(name: string, settings: QueueSettings): Queue;
  /** Deletes a queue with its messages. */
  delete(name: string): void;
  find(name: string): Queue | undefined;
  /** @throws AwsError QueueDoesNotExist */
  byUrl(url: string | undefined): Queue;
  list(prefix: string): readonly Queue[];
  markPurged(name: string): void;
  urlOf(name: string): string;
  arnOf(name: string): string;
}

/** Opens the queues of a cloud. */
export function openQueueStore(context: CloudContext): QueueStore {
  const { store, clock, account, region, endpoint } = context;
  store.migrate('sqs', [
    `CREATE TABLE sqs_queues (name TEXT PRIMARY KEY, settings TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
       changed_at_ms INTEGER NOT NULL, purged_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
    `CREATE TABLE sqs_messages (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, body TEXT NOT NULL,
       attributes TEXT NOT NULL, system_attributes TEXT NOT NULL, size_bytes INTEGER NOT NULL, sent_at_ms INTEGER NOT NULL,
       visible_at_ms INTEGER NOT NULL, receive_count INTEGER NOT NULL, first_received_at_ms INTEGER,
       receipt TEXT) STRICT`,
    'CREATE INDEX sqs_messages_visible ON sqs_messages (queue, visible_at_ms)',
  ]);
  const find = (name: string): Queue | undefined => {
    // The table's columns are the row's type.
    const row = store.statement('SELECT * FROM sqs_queues WHERE name = ?').get(name) as QueueRow | undefined;
    return row && queueOf(row);
  };
  const self: QueueStore = {
    find,
    put(name, settings) {
      const nowMs = clock.nowMs();
      store
        .statement(
          `INSERT INTO sqs_queues (name, settings, created_at_ms, changed_at_ms, purged_at_ms) VALUES (?, ?, ?, ?, 0)
           ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, changed_at_ms = excluded.changed_at_ms`,
        )
        .run(name, JSON.stringify(settings), nowMs, nowMs);
      return find(name) ?? fail(name);
    },
    delete: (name) =>
      store.transaction(() => {
        store.statement('DELETE FROM sqs_messages WHERE queue = ?').run(name);
        store.statement('DELETE FROM sqs_queues WHERE name = ?').run(name);
      }),
    byUrl(url) {
      // Only the end of the URL is read: the port may have been another one when the URL was stored.
      const found = find((url ?? '').split('/').at(-1) ?? '');
      if (!found) throw queueDoesNotExist();
      return found;
    },
    list(prefix) {
      // The table's columns are the row's type.
      const rows = store.statement('SELECT * FROM sqs_queues ORDER BY name').all() as unknown as QueueRow[];
      return rows.filter((row) => row.name.startsWith(prefix)).map(queueOf);
    },
    markPurged: (name) =>
      void store.statement('UPDATE sqs_queues SET purged_at_ms = ? WHERE name = ?').run(clock.nowMs(), name),
    urlOf: (name) => `${endpoint}/${account}/${name}`,
    arnOf: (name) => `arn:aws:sqs:${region}:${account}:${name}`,
  };
  return self;
}

interface QueueRow {
  readonly name: string;
  readonly settings: string;
  readonly created_at_ms: number;
  readonly changed_at_ms: number;
  readonly purged_at_ms: number;
}

function queueOf(row: QueueRow): Queue {
  return {
    name: row.name,
    // Only `put` writes the column.
    settings: JSON.parse(row.settings) as QueueSettings,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    purgedAtMs: row.purged_at_ms,
  };
}

function fail(name: string): never {
  throw new Error(`the queue ${name} was written and is not there`);
}
