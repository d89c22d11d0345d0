import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';
import { jsonText } from './json-text.ts';

/** An event of a history before it has its number: what happened, and the details under their member's name. */
export interface NewEvent {
  readonly type: HistoryEventType;
  /** E.g. `{ stateEnteredEventDetails: { name: 'Plan', … } }`; empty for an event without details. */
  readonly details: JsonObject;
}

/** The most events of one history; the last one of these ends the execution (Step Functions quota). */
export const maxEvents = 25_000;

/** An event with the number of the one that it follows. */
export interface FollowingEvent extends NewEvent {
  readonly previous: number;
}

/**
 * How far the rows of two executions lie apart. A row holds some events that were written together, as `[previous, type,
 * details]`, and its id is the execution's sequence times this, plus the number of its first event: rows are added at the
 * end of their table, and those of one execution are a range.
 */
const rowsApart = 2 ** 24;

/** Writes events that happened now, the first of them as number `first`. */
export function appendEvents(
  store: Store,
  at: { readonly sequence: number; readonly first: number; readonly nowMs: number },
  events: readonly FollowingEvent[],
): void {
  const texts = JSON.stringify(events.map(({ previous, type, details }) => [previous, type, details]));
  store
    .statement('INSERT INTO states_history (id, last, at_ms, events) VALUES (?, ?, ?, ?)')
    .run(at.sequence * rowsApart + at.first, at.first + events.length - 1, at.nowMs, texts);
}

/** How many events the history of an execution has: their numbers have no gaps. */
export function countEvents(store: Store, sequence: number): number {
  const row = store
    .statement('SELECT last FROM states_history WHERE id > ? AND id < ? ORDER BY id DESC LIMIT 1')
    .get(sequence * rowsApart, (sequence + 1) * rowsApart);
  return row ? Number(row['last']) : 0;
}

/** Removes the history of an execution. */
export function deleteEvents(store: Store, sequence: number): void {
  store
    .statement('DELETE FROM states_history WHERE id > ? AND id < ?')
    .run(sequence * rowsApart, (sequence + 1) * rowsApart);
}

/** One page of a history. */
export function readEvents(
  store: Store,
  sequence: number,
  page: { readonly offset: number; readonly count: number; readonly reverse: boolean },
): HistoryEvent[] {
  const total = page.reverse ? countEvents(store, sequence) : 0;
  const first = page.reverse ? Math.max(total - page.offset - page.count, 0) + 1 : page.offset + 1;
  const last = page.reverse ? total - page.offset : page.offset + page.count;
  const start = sequence * rowsApart;
  const found = store
    .statement('SELECT id, at_ms, events FROM states_history WHERE id > ? AND id <= ? AND last >= ? ORDER BY id')
    .all(start, start + last, first)
    .flatMap((row) => toHistoryEvents(row, Number(row['id']) - start))
    .filter(({ id = 0 }) => id >= first && id <= last);
  return page.reverse ? found.reverse() : found;
}

function toHistoryEvents(row: Record<string, unknown>, first: number): HistoryEvent[] {
  // Written by appendEvents.
  const events = JSON.parse(String(row['events'])) as [previous: number, type: HistoryEventType, details: object][];
  return events.map(([previousEventId, type, details], index) => ({
    timestamp: new Date(Number(row['at_ms'])),
    type,
    id: first + index,
    previousEventId,
    ...details,
  }));
}

/** The event of a state that begins. */
export function stateEntered(stateType: string, name: string, input: Json): NewEvent {
  return {
    type: `${stateType}StateEntered` as HistoryEventType,
    details: {
      stateEnteredEventDetails: { name, input: jsonText(input), inputDetails: { truncated: false } },
    },
  };
}

/** The event of a state that ends; `assigned` are the variables that it set. */
export function stateExited(stateType: string, name: string, output: Json, assigned: JsonObject): NewEvent {
  const variables = Object.entries(assigned).map(([key, value]) => [key, JSON.stringify(value)] as const);
  return {
    type: `${stateType}StateExited` as HistoryEventType,
    details: {
      stateExitedEventDetails: {
        name,
        output: jsonText(output),
        outputDetails: { truncated: false },
        ...(variables.length > 0 && {
          assignedVariables: Object.fromEntries(variables),
          assignedVariablesDetails: { truncated: false },
        }),
      },
    },
  };
}

/** Error and cause as the details of several events carry them: what is absent is left out. */
export function errorDetails(failure: { readonly error?: string; readonly cause?: string }): JsonObject {
  return {
    ...(failure.error !== undefined && { error: failure.error }),
    ...(failure.cause !== undefined && { cause: failure.cause }),
  };
}

/** The event of a Parallel or a Map whose children begin. */
export function forkStarted(kind: 'Parallel' | 'Map', length: number): NewEvent {
  return {
    type: `${kind}StateStarted`,
    details: kind === 'Map' ? { mapStateStartedEventDetails: { length } } : {},
  };
}

/** What becomes of one item of a Map. */
export function mapIteration(
  what: 'Started' | 'Succeeded' | 'Failed' | 'Aborted',
  name: string,
  index: number,
): NewEvent {
  return { type: `MapIteration${what}`, details: { [`mapIteration${what}EventDetails`]: { name, index } } };
}

/** A state that ends because another branch failed; AWS has such an event for these types only. */
export function stateAborted(stateType: string): NewEvent[] {
  if (stateType !== 'Task' && stateType !== 'Wait' && stateType !== 'Parallel' && stateType !== 'Map') return [];
  return [{ type: `${stateType}StateAborted`, details: {} }];
}
