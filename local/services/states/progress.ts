import type { CloudContext } from '../service-module.ts';
import { deliverStatusChange } from './events.ts';
import { addEventCount, endExecution, findExecution, hasRunning, type Ending, type Execution } from './executions.ts';
import { cancelFrame, cancelTurn, expiryId, scheduleRun } from './frame-timers.ts';
import {
  changeFrame,
  deleteFrames,
  framesOf,
  isRunnable,
  setLastEvent,
  type Frame,
  type FrameChange,
} from './frames.ts';
import { appendEvents, errorDetails, maxEvents, type NewEvent } from './history.ts';
import { deleteMachine, findMachine } from './machines.ts';

/** What follows the events of a step: the frame changes, waits on as it did, or the execution ends. */
export type Next =
  | { readonly kind: 'change'; readonly change: FrameChange }
  | { readonly kind: 'same' }
  | { readonly kind: 'end'; readonly ending: Ending };

/**
 * Writes one step of a frame in the open transaction: its events, the frame's next turn with what it needs to go on, or
 * the execution's end. Gives the frame as it is now; undefined if the execution has ended. A history that would become
 * too long ends the execution instead, as its 25,000th event.
 */
export function progress(
  context: CloudContext,
  execution: Execution,
  frame: Frame,
  step: { readonly events: readonly NewEvent[]; readonly next: Next },
): Frame | undefined {
  const room = maxEvents - 1 - execution.events;
  const isTooLong = step.events.length > room;
  const events = isTooLong ? step.events.slice(0, room) : step.events;
  const lastEvent = append(context, execution, frame.lastEvent, events);
  const now = { ...execution, events: execution.events + events.length };
  if (isTooLong) return end(context, now, lastEvent, historyIsFull);
  if (step.next.kind === 'end') return end(context, now, lastEvent, step.next.ending);
  if (step.next.kind === 'same') {
    setLastEvent(context.store, frame.id, lastEvent);
    return { ...frame, lastEvent };
  }
  cancelTurn(context.timers, frame);
  const after = changeFrame(context.store, frame, { ...step.next.change, lastEvent });
  if (isRunnable(after.phase) && !isRunnable(frame.phase)) scheduleRun(context.timers, after.id);
  return after;
}

const historyIsFull: Ending = {
  status: 'FAILED',
  error: 'States.Runtime',
  cause: `The execution reached the maximum number of history events (${maxEvents}).`,
};

/**
 * Ends a running execution in the open transaction: the last event, the status, the event on the bus; nothing that was
 * scheduled for it happens any more. An ending from outside (stopped, out of time) follows no event: `previous` is 0.
 */
export function end(context: CloudContext, execution: Execution, previous: number, ending: Ending): undefined {
  const { store, timers, clock } = context;
  append(context, execution, previous, [endingEvent(ending)]);
  for (const frame of framesOf(store, execution.arn)) cancelFrame(timers, frame);
  timers.cancel(expiryId(execution.arn));
  deleteFrames(store, execution.arn);
  endExecution(store, execution.arn, ending, clock.nowMs());
  const ended = findExecution(store, execution.arn);
  if (ended) deliverStatusChange(context, ended);
  finishDeletion(context, execution.machineArn);
}

/** A machine that is being deleted goes with its last execution. */
function finishDeletion({ store }: CloudContext, machineArn: string): void {
  if (findMachine(store, machineArn)?.status === 'DELETING' && !hasRunning(store, machineArn)) {
    deleteMachine(store, machineArn);
  }
}

function append(context: CloudContext, execution: Execution, previous: number, events: readonly NewEvent[]): number {
  if (events.length === 0) return previous;
  addEventCount(context.store, execution.arn, events.length);
  const nowMs = context.clock.nowMs();
  return appendEvents(
    context.store,
    { executionArn: execution.arn, nowMs, written: execution.events, previous },
    events,
  );
}

function endingEvent(ending: Ending): NewEvent {
  switch (ending.status) {
    case 'SUCCEEDED': {
      const details = { output: ending.output ?? 'null', outputDetails: { truncated: false } };
      return { type: 'ExecutionSucceeded', details: { executionSucceededEventDetails: details } };
    }
    case 'FAILED':
      return { type: 'ExecutionFailed', details: { executionFailedEventDetails: errorDetails(ending) } };
    case 'ABORTED':
      return { type: 'ExecutionAborted', details: { executionAbortedEventDetails: errorDetails(ending) } };
    case 'TIMED_OUT':
      // The event names the error that the description of the execution leaves out.
      return { type: 'ExecutionTimedOut', details: { executionTimedOutEventDetails: { error: 'States.Timeout' } } };
  }
}
