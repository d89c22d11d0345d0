import type { CloudContext } from '../service-module.ts';
import { deliverStatusChange } from './events.ts';
import {
  deleteExecution,
  endExecution,
  findExecution,
  hasRunning,
  type Ending,
  type Execution,
  type ExecutionHead,
} from './executions.ts';
import { isExpress, tellCaller } from './express.ts';
import { cancelFrame, cancelTurn, expiryId, scheduleRun } from './frame-timers.ts';
import {
  changeFrame,
  deleteFrames,
  isRunnable,
  openTurns,
  setLastEvent,
  type ForkLimits,
  type Frame,
  type FrameChange,
  type NewChild,
} from './frames.ts';
import { beginFork, endChild, type GroupResult } from './forks.ts';
import { errorDetails, maxEvents, type NewEvent } from './history.ts';
import { stopNested, tellWaitingTask } from './nested.ts';
import { jsonText } from './json-text.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { deleteMachine, isMachineDeleting } from './machines.ts';
import { forgetRunning } from './running.ts';

/** What follows the events of a step: the frame changes, waits on as it did, its group of states or all is over. */
export type Next =
  | {
      readonly kind: 'change';
      readonly change: FrameChange;
      readonly fork?: { readonly limits: ForkLimits; readonly children: readonly NewChild[] };
    }
  | { readonly kind: 'same' }
  | { readonly kind: 'over'; readonly result: GroupResult }
  | { readonly kind: 'end'; readonly ending: Ending };

/**
 * Writes one step of a frame in the open transaction: its events, the frame's next turn with what it needs to go on, or
 * the end of its branch or of the execution. Gives the frame as it is now; undefined if it is over. A history that would
 * become too long ends the execution instead, as its 25,000th event.
 */
export function progress(
  context: CloudContext,
  execution: ExecutionHead,
  frame: Frame,
  step: { readonly events: readonly NewEvent[]; readonly next: Next },
): Frame | undefined {
  const ledger = openLedger(context, execution);
  const lastEvent = ledger.append(frame.lastEvent, step.events);
  const after = ledger.isFull ? undefined : goOn(context, ledger, { ...frame, lastEvent }, step.next);
  if (ledger.isFull) return endIn(context, ledger, lastEvent, historyIsFull);
  ledger.write();
  return after;
}

function goOn(context: CloudContext, ledger: Ledger, frame: Frame, next: Next): Frame | undefined {
  switch (next.kind) {
    case 'end':
      return endIn(context, ledger, frame.lastEvent, next.ending);
    case 'over':
      if (frame.parent === undefined) return endIn(context, ledger, frame.lastEvent, endingOf(next.result));
      return void endChild(context, ledger, frame, next.result);
    case 'same':
      setLastEvent(context.store, frame.id, frame.lastEvent);
      return frame;
    case 'change': {
      cancelTurn(context.timers, frame);
      const after = changeFrame(context.store, frame, { lastEvent: frame.lastEvent, ...next.change });
      if (isRunnable(after.phase) && !isRunnable(frame.phase)) scheduleRun(context.timers, after.id);
      if (next.fork) beginFork(context, ledger, after, next.fork);
      return after;
    }
  }
}

function endingOf(result: GroupResult): Ending {
  if ('output' in result) return { status: 'SUCCEEDED', output: jsonText(result.output) };
  const { error, cause } = result.failure;
  return { status: 'FAILED', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
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
export function end(context: CloudContext, execution: ExecutionHead, previous: number, ending: Ending): undefined {
  return endIn(context, openLedger(context, execution), previous, ending);
}

function endIn(context: CloudContext, ledger: Ledger, previous: number, ending: Ending): undefined {
  const { store, timers, clock } = context;
  const { arn, machineArn } = ledger.execution;
  ledger.appendEnd(previous, endingEvent(ending));
  ledger.write();
  for (const frame of openTurns(store, arn)) {
    cancelFrame(timers, frame);
    stopNested(context, frame);
  }
  timers.cancel(expiryId(arn));
  deleteFrames(store, arn);
  endExecution(store, arn, ending, clock.nowMs());
  forgetRunning(store, arn);
  const ended = findExecution(store, arn);
  if (ended) deliverStatusChange(context, ended);
  if (ended && isExpress(ended.arn)) forget(context, ended);
  tellWaitingTask(context, arn);
  finishDeletion(context, machineArn);
}

/** Nothing asks for an Express execution once it has ended, but who called it. */
function forget({ store }: CloudContext, ended: Execution): void {
  tellCaller(store, ended);
  deleteExecution(store, ended.arn);
}

/** A machine that is being deleted goes with its last execution. */
function finishDeletion({ store }: CloudContext, machineArn: string): void {
  if (isMachineDeleting(store, machineArn) && !hasRunning(store, machineArn)) {
    deleteMachine(store, machineArn);
  }
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
