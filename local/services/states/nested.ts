import type { CloudContext } from '../service-module.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';
import type { Execution } from './executions.ts';
import { timerKinds } from './frame-timers.ts';
import type { FrameTurn } from './frames.ts';

/** Remembers that a task waits for the end of another execution. */
export function waitForExecution(store: Store, child: string, frame: FrameTurn): void {
  store
    .statement('INSERT OR REPLACE INTO states_nested (child_arn, frame, turn) VALUES (?, ?, ?)')
    .run(child, frame.id, frame.turn);
}

/** Tells the task that waits for an execution, if there is one, that it has ended; in the transaction of the end. */
export function tellWaitingTask({ store, timers }: CloudContext, childArn: string): void {
  const row = store.statement('SELECT frame, turn FROM states_nested WHERE child_arn = ?').get(childArn);
  if (!row) return;
  store.statement('DELETE FROM states_nested WHERE child_arn = ?').run(childArn);
  const payload = { frame: Number(row['frame']), turn: Number(row['turn']), child: childArn };
  timers.schedule(timerKinds.nested, payload, { id: `states/nested/${childArn}` });
}

/** Stops the execution that a frame waits for: its task is over some other way. */
export function stopNested({ store, timers }: CloudContext, frame: FrameTurn): void {
  if (frame.phase !== 'task') return;
  const row = store.statement('SELECT child_arn FROM states_nested WHERE frame = ?').get(frame.id);
  if (!row) return;
  store.statement('DELETE FROM states_nested WHERE frame = ?').run(frame.id);
  timers.schedule(timerKinds.stop, { execution: String(row['child_arn']) });
}

/** The description of an ended execution as its parent's task gets it; `sync:2` reads its JSON, `sync` leaves texts. */
export function describeNested(execution: Execution, pattern: string): JsonObject {
  const value = (text: string): Json => (pattern === 'sync:2' ? (JSON.parse(text) as Json) : text);
  const { output, error, cause } = execution;
  return {
    ExecutionArn: execution.arn,
    Input: value(execution.input),
    InputDetails: { Included: true },
    Name: execution.name,
    ...(output !== undefined && { Output: value(output), OutputDetails: { Included: true } }),
    ...(error !== undefined && { Error: error }),
    ...(cause !== undefined && { Cause: cause }),
    StartDate: execution.startedAtMs,
    StateMachineArn: execution.machineArn,
    Status: execution.status,
    StopDate: execution.stoppedAtMs ?? execution.startedAtMs,
  };
}
