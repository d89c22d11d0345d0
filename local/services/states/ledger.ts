import type { CloudContext } from '../service-module.ts';
import { isExpress } from './express.ts';
import { addEventCount, type Execution } from './executions.ts';
import { appendEvents, maxEvents, type NewEvent } from './history.ts';

/** The history of one execution while one transaction writes to it: keeps count, and stops one event before the limit. */
export interface Ledger {
  /** The execution as it is now. */
  readonly execution: Execution;
  /** Whether events were left out because there is no room for them: the execution must end. */
  readonly isFull: boolean;
  /** Writes events of one chain after the event `previous`; gives the last one's number. */
  append(previous: number, events: readonly NewEvent[]): number;
}

/** Opens the history of an execution, in the open transaction. */
export function openLedger(context: CloudContext, execution: Execution): Ledger {
  let now = execution;
  let isFull = false;
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
      const fitting = events.length > room ? events.slice(0, room) : events;
      if (fitting.length === 0) return previous;
      const at = { executionArn: now.arn, nowMs: context.clock.nowMs(), written: now.events, previous };
      const last = appendEvents(context.store, at, fitting);
      addEventCount(context.store, now.arn, fitting.length);
      now = { ...now, events: now.events + fitting.length };
      return last;
    },
  };
}
