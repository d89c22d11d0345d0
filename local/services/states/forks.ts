import type { Store } from '../../store/store.ts';
import type { CloudContext } from '../service-module.ts';
import { definitionOf, groupAt } from './definitions.ts';
import type { Json } from '../../json.ts';
import type { Failure } from './errors.ts';
import { cancelFrame, scheduleRun } from './frame-timers.ts';
import {
  changeFrame,
  childrenOf,
  countFailed,
  deleteFrame,
  findForked,
  findFrame,
  hasOpenChild,
  insertChildren,
  pendingChildren,
  type ForkLimits,
  type Frame,
  type NewChild,
} from './frames.ts';
import { mapIteration, stateAborted } from './history.ts';
import type { Ledger } from './ledger.ts';
import { readRevision } from './machines.ts';
import { stopNested } from './nested.ts';

/** How a group of states ended: with an output, or with a failure that a Fail state may leave without a name. */
export type GroupResult =
  { readonly output: Json } | { readonly failure: { readonly error?: string; readonly cause?: string } };

/** Adds the children of a Parallel or a Map and begins as many as may run at one time. */
export function beginFork(
  context: CloudContext,
  ledger: Ledger,
  parent: Frame,
  fork: { readonly limits: ForkLimits; readonly children: readonly NewChild[] },
): void {
  insertChildren(context.store, parent, fork.children, context.clock.nowMs());
  beginChildren(context, ledger, parent, { limits: fork.limits, count: fork.limits.concurrency });
}

function beginChildren(
  context: CloudContext,
  ledger: Ledger,
  parent: Pick<Frame, 'id' | 'state' | 'lastEvent'>,
  { limits: { kind }, count }: { limits: ForkLimits; count: number },
): void {
  for (const child of pendingChildren(context.store, parent.id, count)) {
    const started = kind === 'Map' ? [mapIteration('Started', parent.state, child.branch ?? 0)] : [];
    const lastEvent = ledger.append(parent.lastEvent, started);
    changeFrame(context.store, child, { phase: 'enter', lastEvent });
    scheduleRun(context.timers, child.id);
  }
}

/**
 * A branch or an item is over: the next one begins, or the Parallel or Map goes on with all results, or it fails and
 * what its other children do is aborted.
 */
export function endChild(context: CloudContext, ledger: Ledger, child: Frame, result: GroupResult): void {
  const { store } = context;
  const parent = child.parent === undefined ? undefined : findForked(store, child.parent);
  if (!parent) throw new Error(`frame ${child.id} has no parent that waits for it`);
  const limits = parent.fork;
  const isWell = 'output' in result;
  const event = mapIteration(isWell ? 'Succeeded' : 'Failed', parent.state, child.branch ?? 0);
  const lastEvent = ledger.append(child.lastEvent, limits.kind === 'Map' ? [event] : []);
  const work = isWell ? { result: result.output } : {};
  changeFrame(store, child, { phase: isWell ? 'done' : 'failed', lastEvent, work });
  if (!isWell && countFailed(store, parent.id) > limits.tolerated) {
    failFork(context, ledger, frameOf(store, parent.id), { failure: failureOf(limits, result.failure), lastEvent });
  } else if (hasOpenChild(store, parent.id)) {
    beginChildren(context, ledger, parent, { limits, count: 1 });
  } else {
    finishFork(context, ledger, frameOf(store, parent.id), { kind: limits.kind, lastEvent });
  }
}

function frameOf(store: Store, id: number): Frame {
  const frame = findFrame(store, id);
  if (!frame) throw new Error(`there is no frame ${id}`);
  return frame;
}

/** What the Parallel or Map fails with: the error of the child, unless the Map says how many may fail. */
function failureOf(limits: ForkLimits, { error, cause }: { error?: string; cause?: string }): Failure {
  if (limits.hasThreshold) {
    return {
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
    };
  }
  return {
    error: error ?? 'States.TaskFailed',
    ...(cause !== undefined && { cause }),
    ...(limits.kind === 'Parallel' && { aliases: ['States.BranchFailed'] }),
  };
}

function finishFork(
  context: CloudContext,
  ledger: Ledger,
  parent: Frame,
  { kind, lastEvent }: { kind: ForkLimits['kind']; lastEvent: number },
): void {
  const result: Json[] = [];
  for (const child of childrenOf(context.store, parent.id)) {
    if (child.phase === 'done') result.push(child.work.result ?? null);
    deleteFrame(context.store, child.id);
  }
  const last = ledger.append(lastEvent, [{ type: `${kind}StateSucceeded`, details: {} }]);
  changeFrame(context.store, parent, { phase: 'result', lastEvent: last, work: { result } });
  scheduleRun(context.timers, parent.id);
}

function failFork(
  context: CloudContext,
  ledger: Ledger,
  parent: Frame,
  { failure, lastEvent }: { failure: Failure; lastEvent: number },
): void {
  abortChildren(context, ledger, parent);
  const kind = parent.work.fork?.kind ?? 'Parallel';
  const last = ledger.append(lastEvent, [{ type: `${kind}StateFailed`, details: {} }]);
  changeFrame(context.store, parent, { phase: 'failure', lastEvent: last, work: { failure } });
  scheduleRun(context.timers, parent.id);
}

/** Ends what runs below a frame, the deepest first, and removes it. */
function abortChildren(context: CloudContext, ledger: Ledger, parent: Frame): void {
  for (const child of childrenOf(context.store, parent.id)) {
    if (child.phase !== 'pending' && child.phase !== 'done' && child.phase !== 'failed') {
      abortChildren(context, ledger, child);
      const aborted = child.phase === 'enter' ? [] : stateAborted(stateType(context, ledger, child));
      const iteration =
        parent.work.fork?.kind === 'Map' ? [mapIteration('Aborted', parent.state, child.branch ?? 0)] : [];
      ledger.append(child.lastEvent, [...aborted, ...iteration]);
      cancelFrame(context.timers, child);
      stopNested(context, child);
    }
    deleteFrame(context.store, child.id);
  }
}

function stateType({ store }: CloudContext, { execution }: Ledger, { path, state }: Frame): string {
  return groupAt(definitionOf(readRevision(store, execution.revision)), path).States[state]?.Type ?? '';
}
