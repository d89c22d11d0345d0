import type { Store } from '../../store/store.ts';
import type { Json } from '../../json.ts';
import { findExecution, type Execution, type ExecutionHead } from './executions.ts';
import { countEvents } from './history.ts';

/** What stays the same while an execution runs, with its input read. */
export type RunningExecution = Omit<ExecutionHead, 'events'> & { readonly input: Json };

/** What is kept of one store: each of many branches asks for it again, and inputs may be large. */
interface Kept {
  readonly byArn: Map<string, { readonly running: RunningExecution; readonly length: number }>;
  /** The length of all kept inputs as texts. */
  length: number;
}

const kept = new WeakMap<Store, Kept>();
const maxKept = { count: 5_000, length: 16 * 1_024 * 1_024 };

/** An execution whose frames run: read from the store once, until it has ended. */
export function findRunning(store: Store, arn: string): RunningExecution | undefined {
  const known = kept.get(store)?.byArn.get(arn)?.running;
  if (known) return known;
  const execution = findExecution(store, arn);
  if (execution?.status !== 'RUNNING') return undefined;
  // The input was checked to be JSON when the execution was started.
  const running = runningOf(execution, JSON.parse(execution.input) as Json);
  keep(store, running, execution.input.length);
  return running;
}

/** Spares the first look into the store for an execution that is started in the open transaction. */
export function expectRunning(store: Store, execution: Omit<Execution, 'events' | 'status'>, input: Json): void {
  store.afterCommit(() => keep(store, runningOf(execution, input), execution.input.length));
}

/** Makes the next look one into the store: the execution ends, or begins again, in the open transaction. */
export function forgetRunning(store: Store, arn: string): void {
  store.afterCommit(() => {
    const all = kept.get(store);
    const known = all?.byArn.get(arn);
    if (!all || !known) return;
    all.byArn.delete(arn);
    all.length -= known.length;
  });
}

/** What the writers of a history need to know of an execution, its number of events included. */
export function headOf(store: Store, running: RunningExecution): ExecutionHead {
  return { ...running, events: countEvents(store, running.sequence) };
}

function runningOf(execution: Omit<Execution, 'events' | 'status'>, input: Json): RunningExecution {
  const { sequence, arn, machineArn, revision, name, startedAtMs, redriveCount, redrivenAtMs } = execution;
  const redriven = redrivenAtMs === undefined ? {} : { redrivenAtMs };
  return { sequence, arn, machineArn, revision, name, startedAtMs, redriveCount, ...redriven, input };
}

function keep(store: Store, running: RunningExecution, length: number): void {
  let all = kept.get(store);
  if (!all || all.byArn.size >= maxKept.count || all.length + length > maxKept.length) {
    all = { byArn: new Map(), length: 0 };
    kept.set(store, all);
  }
  all.byArn.set(running.arn, { running, length });
  all.length += length;
}
