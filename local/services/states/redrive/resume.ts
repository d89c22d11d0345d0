import type { CloudContext } from '../../service-module.ts';
import { definitionOf } from '../definitions.ts';
import { deliverStatusChange } from '../events.ts';
import { findExecution, resumeExecution, type Execution } from '../executions.ts';
import { scheduleRun } from '../frame-timers.ts';
import { changeFrame, childrenOf, findFrame, insertChildren, insertRootFrame, type Frame } from '../frames.ts';
import { openLedger } from '../ledger.ts';
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
  ledger.write();
  scheduleTimeLimit(timers, executionArn, definitionOf(readRevision(store, execution.revision)), nowMs);
  const { state, input } = plan;
  const root = findFrame(store, insertRootFrame(store, { executionArn, state, input, nowMs }));
  if (root) resumeFrame(context, root, plan);
  const resumed = findExecution(store, executionArn);
  if (resumed) deliverStatusChange(context, resumed);
}

function resumeFrame(context: CloudContext, frame: Frame, plan: StateResumption): void {
  const { kind: _kind, fork, phase, ...at } = plan;
  const started = { ...at, retries: [] };
  if (!fork) {
    changeFrame(context.store, frame, { ...started, phase, work: {} });
    return scheduleRun(context.timers, frame.id);
  }
  const { limits, children } = fork.outcome;
  const parent = changeFrame(context.store, frame, { ...started, phase: 'children', work: { fork: limits } });
  insertChildren(context.store, parent, children, context.clock.nowMs());
  let places = limits.concurrency;
  for (const [index, child] of childrenOf(context.store, parent.id).entries()) {
    const isBegun = resumeChild(context, child, fork.children[index] ?? { kind: 'new' }, places > 0);
    if (isBegun) places -= 1;
  }
}

/** Says whether the child runs now. One that is over has its result; for others there may be no place yet. */
function resumeChild(context: CloudContext, child: Frame, plan: Resumption, hasPlace: boolean): boolean {
  if (plan.kind === 'done') {
    changeFrame(context.store, child, { phase: 'done', work: { result: plan.output } });
    return false;
  }
  if (hasPlace && plan.kind === 'state') {
    resumeFrame(context, child, plan);
    return true;
  }
  if (hasPlace) {
    changeFrame(context.store, child, { phase: 'enter' });
    scheduleRun(context.timers, child.id);
    return true;
  }
  if (plan.kind === 'state') {
    const { state, input, variables, lastEvent } = plan;
    changeFrame(context.store, child, { phase: 'pending', state, input, variables, lastEvent });
  }
  return false;
}
