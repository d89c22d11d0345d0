import * as z from 'zod/mini';
import { answerDeadJob } from '../../shared/actions/runner/answer-job.ts';
import { createJobStore } from '../../shared/actions/runner/job-store.ts';
import { giveUpWork } from '../../shared/actions/runner/left-work.ts';
import { firstJobOf } from '../../shared/actions/runner/long-job.ts';
import { openWaitsOfJobs } from '../../shared/actions/runner/open-long-jobs.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { createJobAnswers } from '../../shared/aws/job-answers.ts';
import { jobWorkflows } from '../../shared/aws/job-workflow.ts';
import { systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

/** What Lambda sends to an on-failure destination (developer guide, "Asynchronous invocation records"). */
const deadInvocationSchema = z.object({
  requestContext: z.object({ condition: z.string() }),
  // Only what names the action: a job whose event its own function could not read is answered all the same.
  requestPayload: z.object({
    'CodePipeline.job': z.object({
      id: z.string().check(z.minLength(1)),
      data: z.catch(z.object({ continuationToken: z.optional(z.string()) }), {}),
    }),
  }),
  responsePayload: z.nullish(z.object({ errorType: z.optional(z.string()) })),
});

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_JOB_MACHINE_ARN']);
const store = tableStore(config.SLIPWAY_TABLE);
const workflows = jobWorkflows(config.SLIPWAY_JOB_MACHINE_ARN);
const longJobs = openWaitsOfJobs(store, systemClock, workflows);
const edge = {
  jobs: createJobStore(store, systemClock),
  answers: createJobAnswers(),
  giveUpWork: (firstJobId: string) => giveUpWork(firstJobId, { longJobs, workflows, log }),
  clock: systemClock,
  log,
};

/** Answers the job of an action's function that died, and gives up the work that the action has begun elsewhere. */
export const handler = onEvent(deadInvocationSchema, async (record) => {
  const { id: jobId, data } = record.requestPayload['CodePipeline.job'];
  const { errorType } = record.responsePayload ?? {};
  const reason = [record.requestContext.condition, errorType].filter(Boolean).join(', ');
  const outcome = await answerDeadJob({ jobId, firstJobId: firstJobOf(jobId, data.continuationToken) }, reason, edge);
  log.info('a job was answered for its function', { jobId, outcome });
});
