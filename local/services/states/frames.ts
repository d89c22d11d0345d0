import type { Json, JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';
import type { Failure } from './errors.ts';

/** What a frame does: run at once (the first five), or wait for a timer, a task or its children. */
export type Phase = 'enter' | 'again' | 'result' | 'failure' | 'woken' | 'task' | 'waiting' | 'retrying' | 'children';

const runnable: ReadonlySet<Phase> = new Set<Phase>(['enter', 'again', 'result', 'failure', 'woken']);

/** Whether a frame in this phase goes on by itself. */
export function isRunnable(phase: Phase): boolean {
  return runnable.has(phase);
}

/** What a frame carries beside its state's input, by phase. */
export interface Work {
  /** `task`: what is called. */
  readonly task?: ScheduledTask;
  /** `result`: what the task gave. */
  readonly result?: Json;
  /** `failure`: why the state failed. */
  readonly failure?: Failure;
}

/** A task that is under way. */
export interface ScheduledTask {
  readonly resource: string;
  readonly arguments: Json;
  /** Only with a task token: how long no heartbeat may come. */
  readonly heartbeatSeconds?: number;
}

/** One thread of control of an execution, at one state. */
export interface Frame {
  readonly id: number;
  readonly executionArn: string;
  readonly parent?: number;
  /** The JSON pointer of its group of states in the definition; empty for the machine itself. */
  readonly path: string;
  /** Grows with each change; timers and tokens name the turn that they belong to. */
  readonly turn: number;
  readonly phase: Phase;
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly enteredAtMs: number;
  /** The number of the event with which the state began. */
  readonly enteredEvent: number;
  readonly lastEvent: number;
  /** Retries of this visit to the state, by retrier. */
  readonly retries: readonly number[];
  readonly work: Work;
}

/** What one step changes of a frame; the rest stays. */
export type FrameChange = Partial<Omit<Frame, 'id' | 'executionArn' | 'parent' | 'path' | 'turn'>> & { phase: Phase };

/** Adds the frame with which an execution begins. Its first event follows none (the start is no predecessor). Gives its id. */
export function insertRootFrame(
  store: Store,
  frame: { executionArn: string; state: string; input: Json; nowMs: number },
): number {
  const { lastInsertRowid } = store
    .statement(
      `INSERT INTO states_frames (execution_arn, path, turn, phase, state, input, variables, entered_at_ms, entered_event,
         last_event, retries, work) VALUES (?, '', 1, 'enter', ?, ?, '{}', ?, 0, 0, '[]', '{}')`,
    )
    .run(frame.executionArn, frame.state, JSON.stringify(frame.input), frame.nowMs);
  return Number(lastInsertRowid);
}

/** The frame with this id, if its execution still runs. */
export function findFrame(store: Store, id: number): Frame | undefined {
  const row = store.statement('SELECT * FROM states_frames WHERE id = ?').get(id);
  return row && toFrame(row);
}

/** The frames of a running execution. */
export function framesOf(store: Store, executionArn: string): Frame[] {
  return store.statement('SELECT * FROM states_frames WHERE execution_arn = ?').all(executionArn).map(toFrame);
}

/** Writes a change and begins the frame's next turn. */
export function changeFrame(store: Store, before: Frame, change: FrameChange): Frame {
  const after: Frame = { ...before, ...change, turn: before.turn + 1 };
  store
    .statement(
      `UPDATE states_frames SET turn = ?, phase = ?, state = ?, input = ?, variables = ?, entered_at_ms = ?, entered_event = ?,
         last_event = ?, retries = ?, work = ? WHERE id = ?`,
    )
    .run(
      after.turn,
      after.phase,
      after.state,
      JSON.stringify(after.input),
      JSON.stringify(after.variables),
      after.enteredAtMs,
      after.enteredEvent,
      after.lastEvent,
      JSON.stringify(after.retries),
      JSON.stringify(after.work),
      after.id,
    );
  return after;
}

/** Moves a frame's last event on without beginning a turn: something happened to what it waits for. */
export function setLastEvent(store: Store, id: number, lastEvent: number): void {
  store.statement('UPDATE states_frames SET last_event = ? WHERE id = ?').run(lastEvent, id);
}

/** Removes the frames of an execution that has ended. */
export function deleteFrames(store: Store, executionArn: string): void {
  store.statement('DELETE FROM states_frames WHERE execution_arn = ?').run(executionArn);
}

function toFrame(row: Record<string, unknown>): Frame {
  const json = <Value>(column: string): Value => JSON.parse(String(row[column]));
  return {
    id: Number(row['id']),
    executionArn: String(row['execution_arn']),
    ...(row['parent'] !== null && { parent: Number(row['parent']) }),
    path: String(row['path']),
    turn: Number(row['turn']),
    // Only written by this file, with these values.
    phase: row['phase'] as Phase,
    state: String(row['state']),
    input: json<Json>('input'),
    variables: json<JsonObject>('variables'),
    enteredAtMs: Number(row['entered_at_ms']),
    enteredEvent: Number(row['entered_event']),
    lastEvent: Number(row['last_event']),
    retries: json<number[]>('retries'),
    work: json<Work>('work'),
  };
}
