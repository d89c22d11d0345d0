import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { LocalCloud } from '../../local/public.ts';
import { appendEvent } from '../../shared/state/event-log.ts';
import { adoptExecution } from '../../shared/state/execution-log.ts';
import { aRequest, commit, pipelineArn, releaseId } from './domain.ts';
import { memoryStore } from './memory-store.ts';

/** Writes into the table of a cloud what it would hold if the release `aRequest` had started a pipeline execution. */
export async function giveRelease(cloud: LocalCloud, executionId: string): Promise<void> {
  const store = memoryStore();
  const pause = async (): Promise<void> => {};
  await appendEvent({ store, pause }, aRequest({ revision: { type: 'COMMIT_ID', value: commit } }));
  const owner = { releaseId, service: 'checkout', traceId: 'trace', pipelineArn, attempt: 1 };
  const context = { store, pause, clock: { nowMs: () => Date.UTC(2026, 0, 5, 9) }, bus: { publish: pause } };
  await adoptExecution(context, executionId, owner);
  const { TableNames: tables } = z
    .object({ TableNames: z.array(z.string()) })
    .parse(await cloud.call('dynamodb', 'ListTables', {}));
  for (const item of store.all())
    await cloud.call('dynamodb', 'PutItem', { TableName: tables[0], Item: marshall(item) });
}
