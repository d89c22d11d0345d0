import * as z from 'zod/mini';
import { giveUp } from '../../shared/actions/runner/end-waits.ts';
import { openWaitsOfJobs } from '../../shared/actions/runner/open-long-jobs.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

/** An action was abandoned, or a pipeline execution ended with actions that were not (CodePipeline user guide, "Events"). */
const eventSchema = z.object({
  time: z.iso.datetime(),
  detail: z.object({
    'execution-id': z.string(),
    stage: z.optional(z.string()),
    action: z.optional(z.string()),
  }),
});

const store = tableStore(readConfig(['SLIPWAY_TABLE']).SLIPWAY_TABLE);
const waits = openWaitsOfJobs(store, systemClock, stepFunctions());

/** Cancels the work of actions that their pipeline has given up. */
export const handler = onEvent(
  eventSchema,
  async ({ time: at, detail: { 'execution-id': pipelineExecutionId, stage, action } }) => {
    const part = { ...(stage !== undefined && { stage }), ...(action !== undefined && { action }) };
    const givenUpCount = await giveUp({ execution: { pipelineExecutionId, ...part }, at }, waits);
    log.info('long jobs of an execution are given up', { pipelineExecutionId, givenUpCount });
  },
);
