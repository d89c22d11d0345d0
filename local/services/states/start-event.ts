import type { Store } from '../../store/store.ts';
import type { NewExecution } from './executions.ts';
import { appendEvents } from './history.ts';

/** Writes the first event of the history of the execution with this sequence. */
export function addStartEvent(store: Store, sequence: number, execution: NewExecution, roleArn: string): void {
  const details = {
    input: execution.input,
    inputDetails: { truncated: false },
    roleArn,
    ...(execution.aliasArn !== undefined && { stateMachineAliasArn: execution.aliasArn }),
    ...(execution.versionArn !== undefined && { stateMachineVersionArn: execution.versionArn }),
  };
  appendEvents(store, { sequence, first: 1, nowMs: execution.startedAtMs }, [
    { previous: 0, type: 'ExecutionStarted', details: { executionStartedEventDetails: details } },
  ]);
}
