import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';

/** An event of a history before it has its number: what happened, and the details under their member's name. */
export interface NewEvent {
  readonly type: HistoryEventType;
  /** E.g. `{ stateEnteredEventDetails: { name: 'Plan', … } }`; empty for an event without details. */
  readonly details: JsonObject;
}

/** The most events of one history; the last one of these ends the execution (Step Functions quota). */
export const maxEvents = 25_000;

/** Numbers and writes events of one chain: each one follows the one before it. Gives the last one's number. */
export function appendEvents(
  store: Store,
  at: { readonly executionArn: string; readonly nowMs: number; readonly written: number; readonly previous: number },
  events: readonly NewEvent[],
): number {
  let id = at.written;
  let previous = at.previous;
  const insert = store.statement(
    'INSERT INTO states_events (execution_arn, id, previous, type, at_ms, details) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { type, details } of events) {
    id += 1;
    insert.run(at.executionArn, id, previous, type, at.nowMs, JSON.stringify(details));
    previous = id;
  }
  return previous;
}

/** One page of a history. */
export function readEvents(
  store: Store,
  executionArn: string,
  page: { readonly offset: number; readonly count: number; readonly reverse: boolean },
): HistoryEvent[] {
  return store
    .statement(
      `SELECT id, previous, type, at_ms, details FROM states_events WHERE execution_arn = ?
       ORDER BY id ${page.reverse ? 'DESC' : 'ASC'} LIMIT ? OFFSET ?`,
    )
    .all(executionArn, page.count, page.offset)
    .map(toHistoryEvent);
}

function toHistoryEvent(row: Record<string, unknown>): HistoryEvent {
  return {
    timestamp: new Date(Number(row['at_ms'])),
    // Written by appendEvents, whose types are these.
    type: row['type'] as HistoryEventType,
    id: Number(row['id']),
    previousEventId: Number(row['previous']),
    ...JSON.parse(String(row['details'])),
  };
}

/** The event of a state that begins. */
export function stateEntered(stateType: string, name: string, input: Json): NewEvent {
  return {
    type: `${stateType}StateEntered` as HistoryEventType,
    details: {
      stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
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
        output: JSON.stringify(output),
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
