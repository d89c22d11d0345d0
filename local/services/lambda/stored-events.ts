import type { JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';

/** An asynchronous event that has been accepted and has not ended. */
export interface StoredEvent {
  readonly requestId: string;
  readonly name: string;
  readonly qualifier?: string;
  /** JSON text. */
  readonly payload: string;
  readonly acceptedAtMs: number;
  /** How often the function has run with it. */
  readonly invokeCount: number;
  readonly functionErrors: number;
  /** How often there was no place for it. */
  readonly refusals: number;
  /** How often it has been put back into the queue. */
  readonly turns: number;
  /** Of the last run: `responseContext` and `responsePayload` of the destination record. */
  readonly response?: JsonObject;
}

/** The events on disk. All calls belong into the caller's transaction. */
export interface StoredEvents {
  add(event: Pick<StoredEvent, 'requestId' | 'name' | 'qualifier' | 'payload' | 'acceptedAtMs'>): StoredEvent;
  /** Writes everything but the payload. */
  update(event: StoredEvent): void;
  find(requestId: string): StoredEvent | undefined;
  delete(requestId: string): void;
}

type Progress = Omit<StoredEvent, 'requestId' | 'payload'>;

/** Opens the table of asynchronous events. */
export function openStoredEvents(store: Store): StoredEvents {
  store.migrate('lambda-events', [
    `CREATE TABLE lambda_events (request_id TEXT PRIMARY KEY, payload TEXT NOT NULL, progress TEXT NOT NULL) STRICT`,
  ]);
  const toProgress = ({ requestId: _id, payload: _payload, ...progress }: StoredEvent): string =>
    JSON.stringify(progress satisfies Progress);
  return {
    add: (accepted) => {
      const event = { ...accepted, invokeCount: 0, functionErrors: 0, refusals: 0, turns: 0 };
      store
        .statement('INSERT INTO lambda_events (request_id, payload, progress) VALUES (?, ?, ?)')
        .run(event.requestId, event.payload, toProgress(event));
      return event;
    },
    update: (event) => {
      store
        .statement('UPDATE lambda_events SET progress = ? WHERE request_id = ?')
        .run(toProgress(event), event.requestId);
    },
    find: (requestId) => {
      const row = store.statement('SELECT payload, progress FROM lambda_events WHERE request_id = ?').get(requestId);
      if (!row) return undefined;
      // Written by `toProgress` only.
      return { requestId, payload: String(row['payload']), ...(JSON.parse(String(row['progress'])) as Progress) };
    },
    delete: (requestId) => {
      store.statement('DELETE FROM lambda_events WHERE request_id = ?').run(requestId);
    },
  };
}
