import type { CloudContext } from '../../service-module.ts';
import { definitionOf } from '../definitions.ts';
import { deliverStatusChange } from '../events.ts';
import { findExecution, resumeExecution, type Execution } from '../executions.ts';
import { scheduleRun } from '../frame-timers.ts';
import { changeFrame, childrenOf, findFrame, insertChildren, insertRootFrame, type Frame } from '../frames.ts';
import { mapIteration } from '../history.ts';
import { openLedger, type Ledger } from '../ledger.ts';
import { readRevision } from '../machines.ts';
import { forgetRunning } from '../running.ts';
import { scheduleTimeLimit } from '../time-limit.ts';
import type { Resumption, StateResumption } from './plan.ts';

/** Makes an ended execution go on as planned, in the open transaction. Its time limit begins anew, as documented. */
export function resume(context: CloudContext, execution: Execution, plan: StateResumption): void {
  const { store, timers, clock } = context;
  const nowMs = clock.nowMs();
  resumeExecution(store, execution.arn, nowMs);
  forgetRunning(store, execution.arn);
  const { arn: executionArn } = execution;
  const details = { executionRedrivenEventDetails: { redriveCount: execution.redriveCount + 1 } };
  const ledger = openLedger(context, execution);
  ledger.append(execution.events, [{ type: 'ExecutionRedriven', details }]);
  scheduleTimeLimit(timers, executionArn, definitionOf(readRevision(store, execution.revision)), nowMs);
  const { state, input } = plan;
  const root = findFrame(store, insertRootFrame(store, { executionArn, state, input, nowMs }));
  if (root) resumeFrame(context, ledger, root, plan);
  ledger.write();
  const resumed = findExecution(store, executionArn);
  if (resumed) deliverStatusChange(context, resumed);
}

function resumeFrame(context: CloudContext, ledger: Ledger, frame: Frame, plan: StateResumption): void {
  const { kind: _kind, fork, phase, result, ...at } = plan;
  const started = { ...at, retries: [] };
  if (!fork) {
    changeFrame(context.store, frame, { ...started, phase, work: result === undefined ? {} : { result } });
    return scheduleRun(context.timers, frame.id);
  }
  const { limits, children } = fork.outcome;
  const parent = changeFrame(context.store, frame, { ...started, phase: 'children', work: { fork: limits } });
  insertChildren(context.store, parent, children, context.clock.nowMs());
  let places = limits.concurrency;
  for (const [index, child] of childrenOf(context.store, parent.id).entries()) {
    const next = fork.children[index] ?? { kind: 'new' };
    if (next.kind === 'done') {
      changeFrame(context.store, child, { phase: 'done', work: { result: next.output } });
    } else if (places > 0) {
      resumeChild(context, ledger, { parent, child, isIteration: limits.kind === 'Map' }, next);
      places -= 1;
    } else if (next.kind === 'state') {
      // It waits for its place, and then enters the state again.
      const { state, input: given, variables, lastEvent } = next;
      changeFrame(context.store, child, { phase: 'pending', state, input: given, variables, lastEvent });
    }
  }
}

function resumeChild(
  context: CloudContext,
  ledger: Ledger,
  { parent, child, isIteration }: { parent: Frame; child: Frame; isIteration: boolean },
  plan: Exclude<Resumption, { kind: 'done' }>,
): void {
  if (plan.kind === 'state') return resumeFrame(context, ledger, child, plan);
  const started = isIteration ? [mapIteration('Started', parent.state, child.branch ?? 0)] : [];
  const lastEvent = plan.lastEvent ?? ledger.append(parent.lastEvent, started);
  changeFrame(context.store, child, { phase: 'enter', lastEvent });
  scheduleRun(context.timers, child.id);
}
