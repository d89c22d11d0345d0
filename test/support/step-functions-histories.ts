import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { collect } from './collect.ts';
import type { Installation } from './installation.ts';

/** The histories of every execution of every state machine, with all data that they hold. */
export async function readHistories({ aws }: Installation): Promise<readonly unknown[]> {
  const client = new SFNClient(aws);
  const machines = await collect(paginateListStateMachines({ client }, {}));
  const histories: unknown[] = [];
  for (const { stateMachineArn } of machines.flatMap(({ stateMachines = [] }) => stateMachines)) {
    const executions = await collect(paginateListExecutions({ client }, { stateMachineArn }));
    for (const { executionArn } of executions.flatMap(({ executions: page = [] }) => page)) {
      histories.push(
        ...(await collect(paginateGetExecutionHistory({ client }, { executionArn, includeExecutionData: true }))),
      );
    }
  }
  return histories;
}
