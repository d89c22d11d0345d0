import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { settleWorkflow, workflowEventSchema } from '../../shared/releases/settle.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS']);
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  tasks: stepFunctions(),
  pause: jitteredPause,
  clock: systemClock,
  log,
};

/** Ends the release of a workflow that failed, timed out or was aborted. */
export const handler = onEvent(workflowEventSchema, (event) => settleWorkflow(context, event));
