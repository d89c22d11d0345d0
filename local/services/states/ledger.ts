import type { CloudContext } from '../service-module.ts';
import type { ExecutionHead } from './executions.ts';
import { isExpress } from './express.ts';
import { appendEvents, maxEvents, type FollowingEvent, type NewEvent } from './history.ts';

/**
 * The history of one execution while one transaction adds to it: numbers the events, and stops one event before the
 * limit. All of them are written at once.
 */
export interface Ledger {
  /** The execution as it is now. */
  readonly execution: ExecutionHead;
  /** Whether events were left out because there is no room for them: the execution must end. */
  readonly isFull: boolean;
  /** Adds events of one chain after the event `previous`; gives the last one's number. */
  append(previous: number, events: readonly NewEvent[]): number;
  /** Adds the event that ends the execution: for this one there is always room. */
  appendEnd(previous: number, event: NewEvent): void;
  /** Writes what was added since the last write. */
  write(): void;
}

/** Opens the history of an execution, in the open transaction. */
export function openLedger(context: CloudContext, execution: ExecutionHead): Ledger {
  let now = execution;
  let written = execution.events;
  let isFull = false;
  const unwritten: FollowingEvent[] = [];
  const add = (previous: number, events: readonly NewEvent[]): number => {
    const first = written + unwritten.length + 1;
    for (const [index, event] of events.entries()) {
      unwritten.push({ ...event, previous: index === 0 ? previous : first + index - 1 });
    }
    now = { ...now, events: written + unwritten.length };
    return events.length === 0 ? previous : now.events;
  };
  return {
    get execution() {
      return now;
    },
    get isFull() {
      return isFull;
    },
    append(previous, events) {
      const room = isExpress(now.arn) ? Infinity : maxEvents - 1 - now.events;
      isFull ||= events.length > room;
      return add(previous, events.length > room ? events.slice(0, room) : events);
    },
    appendEnd: (previous, event) => void add(previous, [event]),
    write() {
      if (unwritten.length === 0) return;
      const at = { sequence: now.sequence, first: written + 1, nowMs: context.clock.nowMs() };
      appendEvents(context.store, at, unwritten.splice(0));
      written = now.events;
    },
  };
}
