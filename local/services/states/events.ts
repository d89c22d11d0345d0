import type { JsonObject } from '../../json.ts';
import type { CloudContext } from '../service-module.ts';
import { isExpress } from './express.ts';
import type { Execution } from './executions.ts';

/** Input and output together stay below this in an event, in bytes of their escaped texts (EventBridge's entry limit). */
const maxDataBytes = 248 * 1_024;

const outcomeMetrics: Readonly<Partial<Record<Execution['status'], string>>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

/** Puts `Step Functions Execution Status Change` on the default bus and counts it, in the open transaction. */
export function deliverStatusChange(context: CloudContext, execution: Execution): void {
  const isRedriven = execution.status === 'RUNNING' && execution.redriveCount > 0;
  const name = isRedriven ? 'ExecutionsRedriven' : outcomeMetrics[execution.status];
  const dimensions = { StateMachineArn: execution.machineArn };
  if (name) context.putMetrics([{ namespace: 'AWS/States', name, dimensions, value: 1 }]);
  // Express executions are counted only: they have no events (reference: EventBridge events of Step Functions).
  if (isExpress(execution.arn)) return;
  context.deliverEvent({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      stateMachineVersionArn: execution.versionArn ?? null,
      stateMachineAliasArn: execution.aliasArn ?? null,
      name: execution.name,
      status: execution.status,
      startDate: execution.startedAtMs,
      stopDate: execution.stoppedAtMs ?? null,
      ...dataOf(execution),
      redriveCount: execution.redriveCount,
      redriveDate: execution.redrivenAtMs ?? null,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
    },
  });
}

/** Input and output as texts; the input goes first when both do not fit. */
function dataOf({ input, output }: Execution): JsonObject {
  const inputBytes = Buffer.byteLength(JSON.stringify(input));
  const outputBytes = output === undefined ? 0 : Buffer.byteLength(JSON.stringify(output));
  const isInputIn = inputBytes + outputBytes <= maxDataBytes;
  const isOutputIn = outputBytes <= maxDataBytes;
  return {
    input: isInputIn ? input : null,
    inputDetails: { included: isInputIn },
    output: isOutputIn ? (output ?? null) : null,
    outputDetails: output === undefined ? null : { included: isOutputIn },
  };
}
