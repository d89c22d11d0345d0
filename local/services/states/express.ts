import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../service-module.ts';
import type { Store } from '../../store/store.ts';
import { AwsError } from '../../errors.ts';
import type { Execution } from './executions.ts';

/** The longest that an Express execution may run (Step Functions quota: 5 minutes). */
export const maxExpressSeconds = 300;

/** The ARN of one run of an Express machine: a name may come again, so each run adds an id of its own. */
export function expressArn(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':express:')}:${name}:${randomUUID()}`;
}

/** Whether an execution is one of an Express machine. */
export function isExpress(executionArn: string): boolean {
  return executionArn.includes(':express:');
}

interface Caller {
  tell(ended: Execution): void;
  refuse(error: unknown): void;
}

const callers = new WeakMap<Store, Map<string, Caller>>();

/**
 * Notes, in the transaction of its start, that somebody waits for an execution: one whose caller is gone, because the
 * process died, is not taken up again (at most once).
 */
export function noteCaller(store: Store, arn: string): void {
  store.statement('INSERT INTO states_callers (execution_arn) VALUES (?)').run(arn);
}

/** Resolves with a synchronous execution once it has ended; called as soon as its start is committed. */
export function waitForEnd(store: Store, arn: string): Promise<Execution> {
  const waiting = callers.get(store) ?? new Map<string, Caller>();
  callers.set(store, waiting);
  return new Promise((tell, refuse) => waiting.set(arn, { tell, refuse }));
}

/** Tells who waits for an execution that it has ended, once that is committed. */
export function tellCaller(store: Store, ended: Execution): void {
  store.statement('DELETE FROM states_callers WHERE execution_arn = ?').run(ended.arn);
  store.afterCommit(() => {
    callers.get(store)?.get(ended.arn)?.tell(ended);
    callers.get(store)?.delete(ended.arn);
  });
}

/** Lets go of everybody who waits: the cloud shuts down. */
export function refuseCallers(store: Store): void {
  for (const { refuse } of callers.get(store)?.values() ?? []) {
    refuse(new AwsError('ServiceUnavailable', 'The local cloud is shutting down', { httpStatus: 503 }));
  }
  callers.delete(store);
}

/** The synchronous executions that a process which died has left behind. */
export function leftBehind({ store }: CloudContext): string[] {
  return store
    .statement('SELECT execution_arn FROM states_callers')
    .all()
    .map((row) => String(row['execution_arn']));
}
