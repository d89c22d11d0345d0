import * as z from 'zod/mini';
import { answerDeadJob } from '../../shared/actions/answer-job.ts';
import { createJobStore } from '../../shared/actions/job-store.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { createJobAnswers } from '../../shared/aws/job-answers.ts';
import { systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

/** What Lambda sends to an on-failure destination (developer guide, "Asynchronous invocation records"). */
const deadInvocationSchema = z.object({
  requestContext: z.object({ condition: z.string() }),
  // Only the id: a job whose event its own function could not read is answered all the same.
  requestPayload: z.object({ 'CodePipeline.job': z.object({ id: z.string().check(z.minLength(1)) }) }),
  responsePayload: z.nullish(z.object({ errorType: z.optional(z.string()) })),
});

const store = tableStore(readConfig(['SLIPWAY_TABLE']).SLIPWAY_TABLE);
const edge = {
  jobs: createJobStore(store, systemClock),
  answers: createJobAnswers(),
  clock: systemClock,
  log,
};

/** Answers the job of an action's function that died. */
export const handler = onEvent(deadInvocationSchema, async (record) => {
  const { id } = record.requestPayload['CodePipeline.job'];
  const { errorType } = record.responsePayload ?? {};
  const reason = [record.requestContext.condition, errorType].filter(Boolean).join(', ');
  log.info('a job was answered for its function', { jobId: id, outcome: await answerDeadJob(id, reason, edge) });
});
