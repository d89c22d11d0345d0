import type { Context } from 'aws-lambda';
import type { Action } from '../../shared/actions/action.ts';
import { undeclaredArtifacts, type Artifacts } from '../../shared/actions/artifacts.ts';
import { effectStore } from '../../shared/actions/runner/effect-store.ts';
import type { ActionGateways } from '../../shared/actions/gateways/gateways.ts';
import type { Waiting } from '../../shared/actions/runner/guard.ts';
import type { Job } from '../../shared/actions/runner/job-event.ts';
import { createJobStore } from '../../shared/actions/runner/job-store.ts';
import type { openLongJobs } from '../../shared/actions/runner/open-long-jobs.ts';
import { progressLog } from '../../shared/actions/runner/progress-log.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import type { jobWorkflows } from '../../shared/aws/job-workflow.ts';
import { createJobAnswers } from '../../shared/aws/job-answers.ts';
import { parameterStore } from '../../shared/aws/parameter-store.ts';
import { systemClock as clock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { boundLog } from '../../shared/log.ts';
import { jobHandler } from '../../shared/runtime/job.ts';
import { log } from '../../shared/runtime/log.ts';
import { releaseOfExecution } from '../../shared/state/execution-release.ts';

/** What only some actions need, so that the bundles of the others do without. */
export interface ActionExtras {
  readonly artifactsOf?: (job: Job) => Artifacts;
  readonly gateways?: Partial<ActionGateways>;
  readonly longJobs?: {
    readonly waiting: Waiting;
    readonly openLongJobs: typeof openLongJobs;
    readonly jobWorkflows: typeof jobWorkflows;
  };
}

/** The function of an action; the build makes one bundle for each action from this template. */
export function actionHandler(
  action: Action,
  { artifactsOf = () => undeclaredArtifacts, gateways = {}, longJobs }: ActionExtras = {},
): (event: unknown, context: Context) => Promise<unknown> {
  const store = tableStore(readConfig(['SLIPWAY_TABLE']).SLIPWAY_TABLE);
  const workflows = longJobs?.jobWorkflows(readConfig(['SLIPWAY_JOB_MACHINE_ARN']).SLIPWAY_JOB_MACHINE_ARN);
  const edge = {
    jobs: createJobStore(store, clock),
    answers: createJobAnswers(),
    artifacts: artifactsOf,
    storedParameters: parameterStore(),
    gateways,
    releaseOf: (executionId: string) => releaseOfExecution(store, executionId),
    effects: effectStore(store, clock),
    tellProgress: progressLog(store, clock),
    clock,
  };
  return jobHandler(action, ({ jobId, functionArn, requestId, remainingMs }) => ({
    ...edge,
    ...(longJobs &&
      workflows && {
        waiting: longJobs.waiting,
        longJobs: longJobs.openLongJobs(store, clock, { workflows, functionArn }),
      }),
    log: boundLog(log, { jobId, action: action.declaration.id }),
    requestId,
    remainingMs,
  }));
}
