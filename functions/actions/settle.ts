import * as z from 'zod/mini';
import { settleLongJob } from '../../shared/actions/end-waits.ts';
import { createJobStore } from '../../shared/actions/job-store.ts';
import { createLongJobStore } from '../../shared/actions/long-job-store.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { createJobAnswers } from '../../shared/aws/job-answers.ts';
import { systemClock as clock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

/** The end of a workflow; its name is the long job's first job. */
const eventSchema = z.object({ detail: z.object({ name: z.string(), status: z.string() }) });

const store = tableStore(readConfig(['SLIPWAY_TABLE']).SLIPWAY_TABLE);
const edge = {
  jobs: createJobStore(store, clock),
  answers: createJobAnswers(),
  longJobs: { store: createLongJobStore(store, clock) },
  clock,
  log,
};

/** Fails the job whose workflow broke. */
export const handler = onEvent(eventSchema, ({ detail: { name: firstJobId, status } }) =>
  settleLongJob({ firstJobId, status }, edge),
);
