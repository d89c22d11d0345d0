import * as z from 'zod/mini';
import { heardEvent } from '../../shared/actions/runner/end-waits.ts';
import { openWaitsOfJobs } from '../../shared/actions/runner/open-long-jobs.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { onEvent } from '../../shared/runtime/event.ts';

/** What an action has started ended, a workflow or an operation on a stack, or somebody says on the bus that a job's work has. */
const eventSchema = z.union([
  z.object({ detail: z.object({ executionArn: z.string().check(z.minLength(1)) }) }),
  z.object({ detail: z.object({ 'client-request-token': z.string().check(z.minLength(1)) }) }),
  z.object({ detail: z.object({ key: z.string().check(z.minLength(1), z.maxLength(1024)) }) }),
]);

const store = tableStore(readConfig(['SLIPWAY_TABLE']).SLIPWAY_TABLE);
const waits = openWaitsOfJobs(store, systemClock, stepFunctions());

/** Has the action that waits for an event look at its work. The event carries no result: the action's check reads it. */
export const handler = onEvent(eventSchema, ({ detail }) => heardEvent(keyOf(detail), waits));

function keyOf(detail: z.infer<typeof eventSchema>['detail']): string {
  if ('executionArn' in detail) return `workflow/${detail.executionArn}`;
  return 'key' in detail ? detail.key : `stack/${detail['client-request-token']}`;
}
