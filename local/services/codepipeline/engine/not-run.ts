import { actionsOfExecution, updateAction, type ActionRecord } from '../records/actions.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import type { ActionTypeName } from '../structure/structure.ts';
import type { Engine } from './engine.ts';

/** Whether the person has said that actions of this provider are not to be run here. */
export function isNotRun({ options }: Pick<Engine, 'options'>, { provider }: ActionTypeName): boolean {
  return options.notRun.includes(provider);
}

/** Passes an action over: it has neither an event nor a status nor outputs, and its stage goes on. */
export function passOver({ context }: Engine, record: ActionRecord): void {
  const output = { summary: 'not run locally' };
  updateAction(context.store, record, { status: 'NotRun', output, nowMs: context.clock.nowMs() });
}

/** What of an execution was not run, for people: `not run locally: Build/Compile`; undefined if nothing was passed over. */
export function notRunSummary({ context }: Engine, { id }: ExecutionRecord): string | undefined {
  const passed = actionsOfExecution(context.store, id).filter((record) => record.status === 'NotRun');
  const names = new Set(passed.map((record) => `${record.stage}/${record.action}`));
  return names.size === 0 ? undefined : `not run locally: ${[...names].join(', ')}`;
}
