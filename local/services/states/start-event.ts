import type { Store } from '../../store/store.ts';
import { addEventCount, type NewExecution } from './executions.ts';
import { appendEvents } from './history.ts';

/** Writes the first event of a history. */
export function addStartEvent(store: Store, execution: NewExecution, roleArn: string): void {
  const details = {
    input: execution.input,
    inputDetails: { truncated: false },
    roleArn,
    ...(execution.aliasArn !== undefined && { stateMachineAliasArn: execution.aliasArn }),
    ...(execution.versionArn !== undefined && { stateMachineVersionArn: execution.versionArn }),
  };
  const at = { executionArn: execution.arn, nowMs: execution.startedAtMs, written: 0, previous: 0 };
  appendEvents(store, at, [{ type: 'ExecutionStarted', details: { executionStartedEventDetails: details } }]);
  addEventCount(store, execution.arn, 1);
}
