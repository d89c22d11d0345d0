import * as z from 'zod/mini';
import { createJobStore } from '../../shared/actions/runner/job-store.ts';
import { settleLongJob } from '../../shared/actions/runner/left-work.ts';
import { readWorkflowName } from '../../shared/actions/runner/long-job.ts';
import { openWaitsOfJobs } from '../../shared/actions/runner/open-long-jobs.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { createJobAnswers } from '../../shared/aws/job-answers.ts';
import { jobWorkflows } from '../../shared/aws/job-workflow.ts';
import { systemClock as clock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

/** The end of a workflow; its name says of which long job. */
const eventSchema = z.object({ detail: z.object({ name: z.string(), status: z.string() }) });

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_JOB_MACHINE_ARN']);
const store = tableStore(config.SLIPWAY_TABLE);
const workflows = jobWorkflows(config.SLIPWAY_JOB_MACHINE_ARN);
const edge = {
  jobs: createJobStore(store, clock),
  answers: createJobAnswers(),
  longJobs: openWaitsOfJobs(store, clock, workflows),
  workflows,
  clock,
  log,
};

/** Fails the job whose workflow broke, and has its work cancelled. */
export const handler = onEvent(eventSchema, ({ detail: { name, status } }) =>
  settleLongJob({ ...readWorkflowName(name), status }, edge),
);
