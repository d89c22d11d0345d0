import { randomBytes } from 'node:crypto';
import { setImmediate as nextMacrotask } from 'node:timers/promises';
import type { DueTimer } from '../../clock/timers.ts';
import type { Json } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import { definitionOf, revisionOf } from './definitions.ts';
import { deliverStatusChange } from './events.ts';
import { findExecution, insertExecution, type Ending, type Execution, type NewExecution } from './executions.ts';
import { expiryId, scheduleRun, scheduleTurn, timerKinds } from './frame-timers.ts';
import { findFrame, insertRootFrame, isRunnable, type Frame, type FrameChange } from './frames.ts';
import { addStartEvent } from './start-event.ts';
import { decide, type Decision } from './interpreter/decide.ts';
import type { CallOutcome } from './interpreter/outcome.ts';
import type { Scene } from './interpreter/scene.ts';
import { findMachine, type Revision } from './machines.ts';
import { progress, type Next } from './progress.ts';
import { keepToken, newToken } from './tokens.ts';

/** Starts an execution in the open transaction: it runs as soon as that is committed. */
export function beginExecution(context: CloudContext, execution: NewExecution, revision: Revision): void {
  const { store, timers } = context;
  const definition = definitionOf(revision);
  insertExecution(store, execution);
  addStartEvent(store, execution, revision.roleArn);
  // The input was checked to be JSON.
  const input = JSON.parse(execution.input) as Json;
  const nowMs = execution.startedAtMs;
  scheduleRun(timers, insertRootFrame(store, { executionArn: execution.arn, state: definition.StartAt, input, nowMs }));
  if (definition.TimeoutSeconds !== undefined) {
    const dueAtMs = nowMs + definition.TimeoutSeconds * 1_000;
    timers.schedule(timerKinds.expire, { execution: execution.arn }, { dueAtMs, id: expiryId(execution.arn) });
  }
  const begun = findExecution(store, execution.arn);
  if (begun) deliverStatusChange(context, begun);
}

/**
 * Runs the states of a frame one after the other until it waits or its execution ends. Each state is decided outside, and
 * written in one transaction that checks that nothing has changed meanwhile; the timer goes with the last one, so that
 * after a crash the frame goes on where it was.
 */
export async function runFrame(context: CloudContext, frameId: number, timer: DueTimer): Promise<void> {
  for (let steps = 1; ; steps += 1) {
    const scene = sceneOf(context, frameId);
    if (!scene) return;
    const decision = await decide(scene);
    if (!commit(context, scene, decision, timer)) return;
    // Expressions only yield microtasks, and a machine may loop long.
    if (steps % 50 === 0) await nextMacrotask();
  }
}

function sceneOf(context: CloudContext, frameId: number): Scene | undefined {
  const frame = findFrame(context.store, frameId);
  const execution = frame && findExecution(context.store, frame.executionArn);
  if (!execution || !isRunnable(frame.phase)) return undefined;
  const revision = revisionOf(context.store, execution.revision);
  const nowMs = context.clock.nowMs();
  const entered = frame.phase === 'enter' ? { enteredEvent: execution.events + 1, enteredAtMs: nowMs } : {};
  return {
    frame: { ...frame, ...entered },
    group: definitionOf(revision),
    execution: {
      arn: execution.arn,
      name: execution.name,
      input: JSON.parse(execution.input),
      startedAtMs: execution.startedAtMs,
      machineArn: execution.machineArn,
      machineName: execution.machineArn.split(':').at(-1) ?? '',
      roleArn: revision.roleArn,
    },
    region: context.region,
    nowMs,
    random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    newToken,
  };
}

/** Writes a decision, unless the frame has changed since; says whether the frame can go on at once. */
function commit(context: CloudContext, scene: Scene, decision: Decision, timer: DueTimer): boolean {
  return context.store.transaction(() => {
    const frame = findFrame(context.store, scene.frame.id);
    const execution = frame && findExecution(context.store, frame.executionArn);
    if (!execution || frame.turn !== scene.frame.turn) return true;
    const isNumberTaken = frame.phase === 'enter' && execution.events + 1 !== scene.frame.enteredEvent;
    if (isNumberTaken) return true;
    const after = apply(context, execution, scene, decision);
    const goesOn = after !== undefined && isRunnable(after.phase);
    if (!goesOn) timer.complete();
    return goesOn;
  });
}

function apply(context: CloudContext, execution: Execution, scene: Scene, decision: Decision): Frame | undefined {
  const { outcome } = decision;
  // AWS ends the executions of a deleted machine at their next transition.
  const isDeleting = findMachine(context.store, execution.machineArn)?.status === 'DELETING';
  const next: Next = isDeleting ? { kind: 'end', ending: { status: 'ABORTED' } } : nextOf(scene, decision);
  const after = progress(context, execution, scene.frame, { events: decision.events, next });
  if (!after) return undefined;
  if (outcome.kind === 'wait') scheduleTurn(context.timers, after, 'wake', outcome.untilMs);
  if (outcome.kind === 'retry') {
    scheduleTurn(context.timers, after, 'wake', scene.nowMs + outcome.delaySeconds * 1_000);
  }
  if (outcome.kind === 'call') beginCall(context, after, outcome);
  return after;
}

function nextOf(scene: Scene, { outcome }: Decision): Next {
  const { frame } = scene;
  const entered = { enteredEvent: frame.enteredEvent, enteredAtMs: frame.enteredAtMs };
  const change = (fields: FrameChange): Next => ({ kind: 'change', change: { ...entered, work: {}, ...fields } });
  switch (outcome.kind) {
    case 'exit': {
      if (outcome.next === undefined) return { kind: 'end', ending: succeeded(outcome.output) };
      const variables = { ...frame.variables, ...outcome.assigned };
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
    case 'fail':
      return { kind: 'end', ending: { status: 'FAILED', ...failureTexts(outcome.failure) } };
  }
}

function succeeded(output: Json): Ending {
  return { status: 'SUCCEEDED', output: JSON.stringify(output) };
}

function failureTexts({ error, cause }: { error?: string; cause?: string }): { error?: string; cause?: string } {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
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
