import { createHandOuts } from '../../shared/actions/worker/hand-outs.ts';
import { createJobStore } from '../../shared/actions/runner/job-store.ts';
import { workOff } from '../../shared/actions/worker/work-off.ts';
import { workOrderSchema } from '../../shared/actions/worker/work-order.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { workerJobs } from '../../shared/aws/worker-jobs.ts';
import { systemClock as clock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

const store = tableStore(readConfig(['SLIPWAY_TABLE']).SLIPWAY_TABLE);
const edge = {
  worker: workerJobs(),
  jobs: createJobStore(store, clock),
  handOuts: createHandOuts(store, clock),
  clock,
  log,
};

/** Starts the jobs of a custom action type: when an action of it has started, and every five minutes. */
export const handler = onEvent(workOrderSchema, async (order) => {
  const startedCount = await workOff(order, edge);
  if (startedCount > 0) log.info('jobs of a custom action are started', { startedCount, ...order.type });
});
