import type { Json, JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';
import type { Failure } from './errors.ts';
import { jsonText } from './json-text.ts';

/**
 * What a frame does: run at once (the first five), wait for a timer, a task or its children, or, as a child, wait for its
 * place (`pending`) or for its siblings (`done`, `failed`).
 */
export type Phase =
  | 'enter'
  | 'again'
  | 'result'
  | 'failure'
  | 'woken'
  | 'task'
  | 'waiting'
  | 'retrying'
  | 'children'
  | 'pending'
  | 'done'
  | 'failed';

const runnable: ReadonlySet<Phase> = new Set<Phase>(['enter', 'again', 'result', 'failure', 'woken']);

/** Whether a frame in this phase goes on by itself. */
export function isRunnable(phase: Phase): boolean {
  return runnable.has(phase);
}

/** What a frame carries beside its state's input, by phase. */
export interface Work {
  /** `task`: what is called. */
  readonly task?: ScheduledTask;
  /** `children`: what they are to keep to. */
  readonly fork?: ForkLimits;
  /** `result` and `done`: what the task, the children or the branch gave. */
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

/** How the children of a Parallel or a Map run. */
export interface ForkLimits {
  readonly kind: 'Parallel' | 'Map';
  /** How many run at one time. */
  readonly concurrency: number;
  /** How many may fail; 0 unless the Map says otherwise. */
  readonly tolerated: number;
  /** Whether `tolerated` was given: going beyond it then has an error of its own. */
  readonly hasThreshold: boolean;
}

/** The item of a Map that a frame works on, as the context object shows it. */
export interface MapItem {
  readonly Index: number;
  readonly Value: Json;
}

/** One thread of control of an execution, at one state. */
export interface Frame {
  readonly id: number;
  readonly executionArn: string;
  readonly parent?: number;
  /** Of a child: its place among the branches or items. */
  readonly branch?: number;
  /** Of a child of a Map, and of the children below. */
  readonly item?: MapItem;
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
export type FrameChange = Partial<
  Omit<Frame, 'id' | 'executionArn' | 'parent' | 'branch' | 'item' | 'path' | 'turn'>
> & { phase: Phase };

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

/** What a child of a Parallel or a Map begins with. */
export interface NewChild {
  readonly path: string;
  readonly state: string;
  readonly input: Json;
  readonly item?: MapItem;
}

/** Adds the children of a frame, in order. They see its variables, and wait for their place. */
export function insertChildren(store: Store, parent: Frame, children: readonly NewChild[], nowMs: number): void {
  const insert = store.statement(
    `INSERT INTO states_frames (execution_arn, parent, branch, item, path, turn, phase, state, input, variables, entered_at_ms,
       entered_event, last_event, retries, work) VALUES (?, ?, ?, ?, ?, 1, 'pending', ?, ?, ?, ?, 0, ?, '[]', '{}')`,
  );
  const variables = JSON.stringify(parent.variables);
  for (const [branch, child] of children.entries()) {
    const item = child.item ?? parent.item;
    insert.run(
      parent.executionArn,
      parent.id,
      branch,
      item === undefined ? null : JSON.stringify(item),
      child.path,
      child.state,
      JSON.stringify(child.input),
      variables,
      nowMs,
      parent.lastEvent,
    );
  }
}

/** The children of a frame in order. */
export function childrenOf(store: Store, parent: number): Frame[] {
  return store.statement('SELECT * FROM states_frames WHERE parent = ? ORDER BY branch').all(parent).map(toFrame);
}

/** The first children of a frame that wait for their place. */
export function pendingChildren(store: Store, parent: number, count: number): Frame[] {
  const sql = "SELECT * FROM states_frames WHERE parent = ? AND phase = 'pending' ORDER BY branch LIMIT ?";
  return store.statement(sql).all(parent, count).map(toFrame);
}

/** Whether a child of a frame still runs, or waits for its place. Each phase is one look into the index. */
export function hasOpenChild(store: Store, parent: number): boolean {
  const sql = `SELECT 1 FROM states_frames WHERE parent = ? AND phase IN ('pending', 'enter', 'again', 'result', 'failure',
    'woken', 'task', 'waiting', 'retrying', 'children') LIMIT 1`;
  return store.statement(sql).get(parent) !== undefined;
}

/** How many children of a frame have failed. */
export function countFailed(store: Store, parent: number): number {
  const sql = "SELECT count(*) AS count FROM states_frames WHERE parent = ? AND phase = 'failed'";
  return Number(store.statement(sql).get(parent)?.['count']);
}

/** Removes one frame. */
export function deleteFrame(store: Store, id: number): void {
  store.statement('DELETE FROM states_frames WHERE id = ?').run(id);
}

/** The frame with this id, if its execution still runs. */
export function findFrame(store: Store, id: number): Frame | undefined {
  const row = store.statement('SELECT * FROM states_frames WHERE id = ?').get(id);
  return row && toFrame(row);
}

/** The execution of a frame; undefined if it is over. */
export function executionOf(store: Store, id: number): string | undefined {
  const row = store.statement('SELECT execution_arn FROM states_frames WHERE id = ?').get(id);
  return row && String(row['execution_arn']);
}

/** What of a frame is read for each of its children: not its input and variables, which may be large. */
export type ForkedFrame = Pick<Frame, 'id' | 'state' | 'lastEvent'> & { readonly fork: ForkLimits };

/** The frame of a Parallel or a Map that waits for its children. */
export function findForked(store: Store, id: number): ForkedFrame | undefined {
  const sql = "SELECT state, last_event, work FROM states_frames WHERE id = ? AND phase = 'children'";
  const row = store.statement(sql).get(id);
  if (!row) return undefined;
  // Written by this file as a frame's work, which in this phase has its limits.
  const { fork } = JSON.parse(String(row['work'])) as Work;
  return fork && { id, state: String(row['state']), lastEvent: Number(row['last_event']), fork };
}

/** The turn of a frame; undefined if it is over. */
export function turnOf(store: Store, id: number): number | undefined {
  const row = store.statement('SELECT turn FROM states_frames WHERE id = ?').get(id);
  return row && Number(row['turn']);
}

/** What of a frame tells what is scheduled for it. */
export type FrameTurn = Pick<Frame, 'id' | 'turn' | 'phase'>;

/** The turns in which the frames of an execution are that still do something. */
export function openTurns(store: Store, executionArn: string): FrameTurn[] {
  const sql = "SELECT id, turn, phase FROM states_frames WHERE execution_arn = ? AND phase NOT IN ('done', 'failed')";
  return store
    .statement(sql)
    .all(executionArn)
    .map((row) => ({
      id: Number(row['id']),
      turn: Number(row['turn']),
      // Only written by this file, with these values.
      phase: row['phase'] as Phase,
    }));
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
      jsonText(after.input),
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
    ...(row['branch'] !== null && { branch: Number(row['branch']) }),
    ...(row['item'] !== null && { item: json<MapItem>('item') }),
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
