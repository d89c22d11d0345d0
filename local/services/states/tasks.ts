import { createHash } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import { holdWhileServing } from '../../gateway/request-hold.ts';
import { rolePrincipal, servicePrincipal } from '../../gateway/principal.ts';
import type { DueTimer } from '../../clock/timers.ts';
import { isJsonObject, type Json } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import { checkPayload, failureOf, type Failure } from './errors.ts';
import { findExecution, type ExecutionHead } from './executions.ts';
import { isExpress, maxExpressSeconds } from './express.ts';
import { scheduleTurn } from './frame-timers.ts';
import { findFrame, type Frame, type ScheduledTask } from './frames.ts';
import { commitTogether } from './group-commit.ts';
import { targetOf } from './integrations/registry.ts';
import { taskFailed, taskSubmitted, taskSucceeded, taskTimedOut } from './integrations/task-events.ts';
import { readRevision } from './machines.ts';
import { describeNested, stopNested, tellWaitingTask, waitForExecution } from './nested.ts';
import { progress } from './progress.ts';
import { findRunning, headOf } from './running.ts';
import { findToken } from './tokens.ts';

/** A task that is under way: its frame is still in the turn in which it was called. */
interface OpenTask {
  readonly execution: ExecutionHead;
  readonly frame: Frame;
  readonly task: ScheduledTask;
}

function openTask(context: CloudContext, frameId: number, turn: number): OpenTask | undefined {
  const frame = findFrame(context.store, frameId);
  const running = frame && findRunning(context.store, frame.executionArn);
  const task = frame?.work.task;
  if (!running || frame.turn !== turn || frame.phase !== 'task' || !task) return undefined;
  return { execution: headOf(context.store, running), frame, task };
}

/**
 * Makes the call of a task and writes what came of it. An answer that comes when the task is over already (out of time,
 * token sent back, execution stopped) changes nothing. `isClosing` tells a failure of ours from one of the task: what
 * fails while the cloud shuts down is called again at the next start.
 */
export async function runTask(
  context: CloudContext,
  at: { readonly frame: number; readonly turn: number },
  timer: DueTimer,
  isClosing: () => boolean,
): Promise<void> {
  const open = openTask(context, at.frame, at.turn);
  if (!open) return;
  if (targetOf(open.task.resource).integration.takesServiceTime) return callAside(context, open, isClosing);
  const { result, failure } = await call(context, open);
  if (failure && isClosing()) throw new Error(`the local cloud shut down during a task of ${open.execution.arn}`);
  await commitTogether(context.store, () => {
    const still = openTask(context, at.frame, at.turn);
    if (still && failure) fail(context, still, failure);
    else if (still) answer(context, still, result ?? null);
    timer.complete();
  });
}

/**
 * Makes a call that waits for other timers, which must be free to run meanwhile. Should the process die, it is made again
 * when what it waits for must be over.
 */
function callAside(context: CloudContext, open: OpenTask, isClosing: () => boolean): void {
  const { frame } = open;
  scheduleTurn(context.timers, frame, 'task', context.clock.nowMs() + (maxExpressSeconds + 1) * 1_000);
  void holdWhileServing(context.clock, async () => {
    const { result, failure } = await call(context, open);
    if (isClosing()) return;
    context.store.transaction(() => {
      const still = openTask(context, frame.id, frame.turn);
      if (still && failure) fail(context, still, failure);
      else if (still) answer(context, still, result ?? null);
    });
  }).catch((error: unknown) => context.report(`a task of ${open.execution.arn} failed: ${String(error)}`));
}

async function call(
  context: CloudContext,
  { execution, frame, task }: OpenTask,
): Promise<{ readonly result?: Json; readonly failure?: Failure }> {
  const { resource, integration } = targetOf(task.resource);
  const { roleArn } = readRevision(context.store, execution.revision);
  try {
    const result = await integration.call({
      resource,
      arguments: task.arguments,
      principal: rolePrincipal(roleArn, execution.name, servicePrincipal('states.amazonaws.com', execution.machineArn)),
      gateway: context.gateway,
      callId: callIdOf(execution, frame),
      executionArn: execution.arn,
      machineArn: execution.machineArn,
    });
    checkPayload(JSON.stringify(result), `state/task '${resource.service || 'lambda'}'`);
    return { result };
  } catch (caught) {
    return { failure: failureOf(caught) };
  }
}

/** A UUID for one call: the same again after a crash. */
function callIdOf(execution: ExecutionHead, frame: Frame): string {
  const hex = createHash('sha256')
    .update(`${execution.sequence}/${execution.arn}/${frame.id}/${frame.turn}`)
    .digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function answer(context: CloudContext, { execution, frame, task }: OpenTask, result: Json): void {
  const { resource } = targetOf(task.resource);
  if (resource.pattern === 'waitForTaskToken') {
    progress(context, execution, frame, { events: [taskSubmitted(resource, result)], next: { kind: 'same' } });
  } else if (resource.pattern !== 'request-response') {
    const waiting = progress(context, execution, frame, {
      events: [taskSubmitted(resource, result)],
      next: { kind: 'same' },
    });
    if (waiting) waitForNested(context, waiting, result);
  } else {
    succeed(context, { execution, frame, task }, result);
  }
}

function waitForNested(context: CloudContext, frame: Frame, result: Json): void {
  const child = isJsonObject(result) ? String(result['ExecutionArn']) : '';
  if (isExpress(child)) return failWaiting(context, frame);
  waitForExecution(context.store, child, frame);
  if (findExecution(context.store, child)?.status !== 'RUNNING') tellWaitingTask(context, child);
}

/** Nobody can be told that an Express execution has ended: it cannot be described. */
function failWaiting(context: CloudContext, { id, turn }: Frame): void {
  const open = openTask(context, id, turn);
  const cause = 'An Express execution cannot be waited for with .sync: use aws-sdk:sfn:startSyncExecution';
  if (open) fail(context, open, { error: 'States.TaskFailed', cause });
}

/** Goes on with a task whose execution has ended: with its description, or failed with it as the cause. */
export function finishNested(context: CloudContext, at: { frame: number; turn: number; child: string }): void {
  context.store.transaction(() => {
    const open = openTask(context, at.frame, at.turn);
    const child = findExecution(context.store, at.child);
    if (!open || !child) return;
    const { resource } = targetOf(open.task.resource);
    const described = describeNested(child, resource.pattern);
    if (child.status === 'SUCCEEDED') return succeed(context, open, described);
    // The cause is one text, whichever pattern: what is in it stays text.
    const cause = JSON.stringify(describeNested(child, 'sync'));
    fail(context, open, { error: 'States.TaskFailed', cause });
  });
}

function succeed(context: CloudContext, { execution, frame, task }: OpenTask, result: Json): void {
  progress(context, execution, frame, {
    events: [taskSucceeded(targetOf(task.resource).resource, result)],
    next: { kind: 'change', change: { phase: 'result', work: { result } } },
  });
}

function fail(context: CloudContext, { execution, frame, task }: OpenTask, failure: Failure): void {
  progress(context, execution, frame, {
    events: [taskFailed(targetOf(task.resource).resource, failure)],
    next: { kind: 'change', change: { phase: 'failure', work: { failure } } },
  });
}

/** Ends a task that is out of time, or whose heartbeat stayed away: Retry and Catch may name either. */
export function timeOutTask(context: CloudContext, at: { frame: number; turn: number; heartbeat: boolean }): void {
  context.store.transaction(() => {
    const open = openTask(context, at.frame, at.turn);
    if (!open) return;
    stopNested(context, open.frame);
    const aliases = at.heartbeat ? ['States.HeartbeatTimeout'] : [];
    progress(context, open.execution, open.frame, {
      events: [taskTimedOut(targetOf(open.task.resource).resource)],
      next: { kind: 'change', change: { phase: 'failure', work: { failure: { error: 'States.Timeout', aliases } } } },
    });
  });
}

/** Sends a result back for a task token. @throws AwsError `InvalidToken`, `TaskDoesNotExist` or `TaskTimedOut` */
export function succeedByToken(context: CloudContext, token: string | undefined, result: Json): Promise<void> {
  return commitTogether(context.store, () => succeed(context, taskOfToken(context, token), result));
}

/** Sends a failure back for a task token. @throws AwsError as `succeedByToken` */
export function failByToken(context: CloudContext, token: string | undefined, failure: Failure): Promise<void> {
  return commitTogether(context.store, () => fail(context, taskOfToken(context, token), failure));
}

/** Resets the heartbeat clock of a task; its TimeoutSeconds goes on. @throws AwsError as `succeedByToken` */
export function heartbeatByToken(context: CloudContext, token: string | undefined): void {
  context.store.transaction(() => {
    const { frame, task } = taskOfToken(context, token);
    if (task.heartbeatSeconds === undefined) return;
    scheduleTurn(context.timers, frame, 'heartbeat', context.clock.nowMs() + task.heartbeatSeconds * 1_000);
  });
}

function taskOfToken(context: CloudContext, token: string | undefined): OpenTask {
  const holder = findToken(context.store, token);
  const open = openTask(context, holder.frame, holder.turn);
  if (!open) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  return open;
}
