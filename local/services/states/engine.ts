import { randomBytes } from 'node:crypto';
import type { DueTimer } from '../../clock/timers.ts';
import type { Json } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import { definitionOf, groupAt } from './definitions.ts';
import { deliverStatusChange } from './events.ts';
import { insertExecution, type ExecutionHead, type NewExecution } from './executions.ts';
import { scheduleRun, scheduleTurn } from './frame-timers.ts';
import { executionOf, findFrame, insertRootFrame, isRunnable, turnOf, type Frame, type FrameChange } from './frames.ts';
import { commitTogether } from './group-commit.ts';
import { countEvents, type NewEvent } from './history.ts';
import { addStartEvent } from './start-event.ts';
import { decide, type Decision } from './interpreter/decide.ts';
import type { CallOutcome, Outcome } from './interpreter/outcome.ts';
import type { Scene } from './interpreter/scene.ts';
import { isMachineDeleting, readRevision, type Revision } from './machines.ts';
import { progress, type Next } from './progress.ts';
import { expectRunning, findRunning, headOf } from './running.ts';
import { scheduleTimeLimit } from './time-limit.ts';
import { keepToken, newToken } from './tokens.ts';
import { inTurn } from './turns.ts';

/** Starts an execution in the open transaction: it runs as soon as that is committed. */
export function beginExecution(context: CloudContext, execution: NewExecution, revision: Revision): void {
  const { store, timers } = context;
  const definition = definitionOf(revision);
  const sequence = insertExecution(store, execution);
  addStartEvent(store, sequence, execution, revision.roleArn);
  // The input was checked to be JSON.
  const input = JSON.parse(execution.input) as Json;
  const nowMs = execution.startedAtMs;
  scheduleRun(timers, insertRootFrame(store, { executionArn: execution.arn, state: definition.StartAt, input, nowMs }));
  scheduleTimeLimit(timers, execution.arn, definition, nowMs);
  const begun = { ...execution, sequence, redriveCount: 0 };
  expectRunning(store, begun, input);
  deliverStatusChange(context, { ...begun, status: 'RUNNING', events: 1 });
}

/** A stretch this long is written before the next one begins, and others get their turn. */
const maxStretchEvents = 500;

/**
 * Runs the states of a frame one after the other until it waits or is over. A stretch of states without an effect is
 * decided in memory and written in one transaction, shared with other executions, that checks that nothing has changed
 * meanwhile; the timer goes with the last one, so that after a crash the frame goes on where it was.
 */
export async function runFrame(context: CloudContext, frameId: number, timer: DueTimer): Promise<void> {
  const executionArn = executionOf(context.store, frameId);
  if (executionArn === undefined) return;
  await inTurn(context.store, executionArn, async () => {
    for (let goesOn = true; goesOn;) {
      const scene = sceneOf(context, frameId);
      if (!scene) return;
      const stretch = await decideStretch(scene);
      goesOn = await commitTogether(context.store, () => commit(context, scene, stretch, timer));
    }
  });
}

/** States that follow one another at once: all their events, and the scene and the outcome of the last one. */
interface Stretch {
  readonly scene: Scene;
  readonly decision: Decision;
}

async function decideStretch(first: Scene): Promise<Stretch> {
  const events: NewEvent[] = [];
  for (let scene = first; ;) {
    const { events: added, outcome } = await decide(scene);
    events.push(...added);
    const goesOn = outcome.kind === 'exit' && outcome.next !== undefined && events.length < maxStretchEvents;
    if (!goesOn) return { scene, decision: { events, outcome } };
    const next = nextOf(scene, outcome);
    if (next.kind !== 'change') throw new Error('a state with a next one is not over');
    const enteredEvent = first.eventCount + events.length + 1;
    scene = { ...scene, frame: { ...scene.frame, ...next.change, enteredEvent, enteredAtMs: scene.nowMs } };
  }
}

function sceneOf(context: CloudContext, frameId: number): Scene | undefined {
  const frame = findFrame(context.store, frameId);
  const execution = frame && findRunning(context.store, frame.executionArn);
  if (!execution || !isRunnable(frame.phase)) return undefined;
  const revision = readRevision(context.store, execution.revision);
  const nowMs = context.clock.nowMs();
  const eventCount = countEvents(context.store, execution.sequence);
  const entered = frame.phase === 'enter' ? { enteredEvent: eventCount + 1, enteredAtMs: nowMs } : {};
  return {
    frame: { ...frame, ...entered },
    group: groupAt(definitionOf(revision), frame.path),
    queryLanguage: definitionOf(revision).QueryLanguage,
    eventCount,
    execution: {
      arn: execution.arn,
      name: execution.name,
      input: execution.input,
      startedAtMs: execution.startedAtMs,
      machineArn: execution.machineArn,
      machineName: execution.machineArn.split(':').at(-1) ?? '',
      roleArn: revision.roleArn,
      redriveCount: execution.redriveCount,
      ...(execution.redrivenAtMs !== undefined && { redrivenAtMs: execution.redrivenAtMs }),
    },
    region: context.region,
    nowMs,
    random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    newToken,
  };
}

/** Writes a stretch, unless the frame or the history has changed since; says whether the frame can go on at once. */
function commit(context: CloudContext, first: Scene, { scene, decision }: Stretch, timer: DueTimer): boolean {
  // A frame goes with its execution, so a frame in this turn is one of a running execution.
  if (turnOf(context.store, first.frame.id) !== first.frame.turn) return true;
  const running = findRunning(context.store, first.frame.executionArn);
  const execution = running && headOf(context.store, running);
  if (execution?.events !== first.eventCount) return true;
  const after = apply(context, execution, scene, decision);
  const goesOn = after !== undefined && isRunnable(after.phase);
  if (!goesOn) timer.complete();
  return goesOn;
}

function apply(context: CloudContext, execution: ExecutionHead, scene: Scene, decision: Decision): Frame | undefined {
  const { outcome } = decision;
  // AWS ends the executions of a deleted machine at their next transition.
  const isDeleting = isMachineDeleting(context.store, execution.machineArn);
  const next: Next = isDeleting ? { kind: 'end', ending: { status: 'ABORTED' } } : nextOf(scene, outcome);
  const after = progress(context, execution, scene.frame, { events: decision.events, next });
  if (!after) return undefined;
  if (outcome.kind === 'wait') scheduleTurn(context.timers, after, 'wake', outcome.untilMs);
  if (outcome.kind === 'retry') {
    scheduleTurn(context.timers, after, 'wake', scene.nowMs + outcome.delaySeconds * 1_000);
  }
  if (outcome.kind === 'call') beginCall(context, after, outcome);
  return after;
}

function nextOf({ frame }: Scene, outcome: Outcome): Next {
  const entered = { enteredEvent: frame.enteredEvent, enteredAtMs: frame.enteredAtMs };
  const changed = (fields: FrameChange): FrameChange => ({ ...entered, work: {}, ...fields });
  const change = (fields: FrameChange): Next => ({ kind: 'change', change: changed(fields) });
  switch (outcome.kind) {
    case 'exit': {
      if (outcome.next === undefined) return { kind: 'over', result: { output: outcome.output } };
      const isAssigning = Object.keys(outcome.assigned).length > 0;
      const variables = isAssigning ? { ...frame.variables, ...outcome.assigned } : frame.variables;
      return change({ phase: 'enter', state: outcome.next, input: outcome.output, variables, retries: [] });
    }
    case 'wait':
      return change({ phase: 'waiting' });
    case 'retry': {
      const retries = Array.from({ length: Math.max(frame.retries.length, outcome.retrier + 1) }, (_unused, index) => {
        return (frame.retries[index] ?? 0) + (index === outcome.retrier ? 1 : 0);
      });
      return change({ phase: 'retrying', retries });
    }
    case 'call':
      return change({ phase: 'task', work: { task: outcome.task } });
    case 'fork': {
      if (outcome.children.length === 0) return change({ phase: 'result', work: { result: [] } });
      return { kind: 'change', change: changed({ phase: 'children', work: { fork: outcome.limits } }), fork: outcome };
    }
    case 'fail':
      return { kind: 'over', result: { failure: outcome.failure } };
  }
}

/** Schedules the call of a task with its limits, and remembers its token. */
function beginCall({ store, timers, clock }: CloudContext, frame: Frame, call: CallOutcome): void {
  const nowMs = clock.nowMs();
  if (call.token !== undefined) {
    keepToken(store, call.token, { executionArn: frame.executionArn, frame: frame.id, turn: frame.turn });
  }
  scheduleTurn(timers, frame, 'task', nowMs);
  if (call.timeoutSeconds !== undefined) scheduleTurn(timers, frame, 'timeout', nowMs + call.timeoutSeconds * 1_000);
  const { heartbeatSeconds } = call.task;
  if (heartbeatSeconds !== undefined) scheduleTurn(timers, frame, 'heartbeat', nowMs + heartbeatSeconds * 1_000);
}
