import * as z from 'zod/mini';
import { answerExpiredJobs } from '../../shared/actions/runner/answer-job.ts';
import { reconcileLongJob } from '../../shared/actions/runner/end-waits.ts';
import { createJobStore } from '../../shared/actions/runner/job-store.ts';
import { giveUpWork, settleLongJob, settleOverdueJobs } from '../../shared/actions/runner/left-work.ts';
import { readWorkflowName } from '../../shared/actions/runner/long-job.ts';
import { openWaitsOfJobs } from '../../shared/actions/runner/open-long-jobs.ts';
import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { createJobAnswers } from '../../shared/aws/job-answers.ts';
import { jobWorkflows } from '../../shared/aws/job-workflow.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { isExecutionOver, reconcile } from '../../shared/releases/reconcile.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';
import type { OpenWait } from '../../shared/state/waits.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS', 'SLIPWAY_JOB_MACHINE_ARN']);
const states = stepFunctions();
const store = tableStore(config.SLIPWAY_TABLE);
const context = {
  store,
  bus: eventBus(config.SLIPWAY_BUS),
  pipelines: codePipeline(),
  tasks: states,
  workflows: states,
  pause: jitteredPause,
  clock: systemClock,
  log,
};

const waits = openWaitsOfJobs(store, systemClock, states);
const truths = {
  'long-job': ({ key }: OpenWait) =>
    reconcileLongJob(key.slice('long-job/'.length), (executionId) => isExecutionOver(context, executionId), waits),
};

const workflows = jobWorkflows(config.SLIPWAY_JOB_MACHINE_ARN);
const jobs = {
  jobs: createJobStore(store, systemClock),
  answers: createJobAnswers(),
  longJobs: waits,
  workflows,
  giveUpWork: (firstJobId: string) => giveUpWork(firstJobId, { longJobs: waits, workflows, log }),
  clock: systemClock,
  log,
};

const orphans = {
  'long-job': (workflow: string) =>
    settleLongJob({ ...readWorkflowName(workflow.split(':').at(-1) ?? ''), status: 'ENDED' }, jobs),
};

/**
 * Reads the truth of old waits, held slots and long jobs, and answers jobs that nobody came back to; called every five
 * minutes.
 */
export const handler = onEvent(z.unknown(), async () => {
  const report = {
    ...(await reconcile({ ...context, truths, orphans })),
    answeredJobCount: await answerExpiredJobs(jobs),
    settledJobCount: await settleOverdueJobs(jobs),
  };
  log.info('reconciled', { ...report });
  return report;
});
