import type { Timers } from '../../clock/timers.ts';
import { isRunnable, type FrameTurn } from './frames.ts';

/** The kinds of timers of this service. */
export const timerKinds = {
  /** Runs a frame's states until it waits. */
  run: 'states.run',
  /** Makes the call of a task, at least once. */
  task: 'states.task',
  /** Ends a Wait, or begins a retry. */
  wake: 'states.wake',
  /** Ends a task that takes too long, or whose heartbeat stays away. */
  timeout: 'states.timeout',
  /** Goes on with a task whose execution has ended. */
  nested: 'states.nested',
  /** Stops an execution that nobody waits for any more. */
  stop: 'states.stop',
  /** Ends an execution that takes too long. */
  expire: 'states.expire',
} as const;

/** Makes a frame go on, now. */
export function scheduleRun(timers: Timers, frameId: number): void {
  timers.schedule(timerKinds.run, { frame: frameId }, { id: `states/${frameId}/run` });
}

/** What may happen to a frame in one turn. */
export type TurnTimer = 'task' | 'wake' | 'timeout' | 'heartbeat';

/** Schedules what happens to a frame unless its turn ends before. Again under the same name replaces. */
export function scheduleTurn(timers: Timers, frame: FrameTurn, what: TurnTimer, dueAtMs: number): void {
  const kind = what === 'heartbeat' ? timerKinds.timeout : timerKinds[what];
  const payload = { frame: frame.id, turn: frame.turn, ...(what === 'heartbeat' && { heartbeat: true }) };
  timers.schedule(kind, payload, { dueAtMs, id: turnId(frame, what) });
}

/** Takes back what a turn that ends has scheduled. */
export function cancelTurn(timers: Timers, frame: FrameTurn): void {
  if (frame.phase === 'task') {
    for (const what of ['task', 'timeout', 'heartbeat'] as const) timers.cancel(turnId(frame, what));
  } else if (frame.phase === 'waiting' || frame.phase === 'retrying') {
    timers.cancel(turnId(frame, 'wake'));
  }
}

/** Takes back everything that is scheduled for a frame. */
export function cancelFrame(timers: Timers, frame: FrameTurn): void {
  if (isRunnable(frame.phase)) timers.cancel(`states/${frame.id}/run`);
  else cancelTurn(timers, frame);
}

/** The timer that ends an execution which takes too long. */
export function expiryId(executionArn: string): string {
  return `states/expire/${executionArn}`;
}

function turnId(frame: FrameTurn, what: TurnTimer): string {
  return `states/${frame.id}/${frame.turn}/${what}`;
}
