import type { Context } from 'aws-lambda';
import type { Action } from '../../shared/actions/action.ts';
import { noArtifacts, type ArtifactStorage } from '../../shared/actions/artifacts.ts';
import type { ActionGateways } from '../../shared/actions/gateways.ts';
import type { ActionProgress } from '../../shared/actions/job.ts';
import type { Job } from '../../shared/actions/job-event.ts';
import { createJobStore } from '../../shared/actions/job-store.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { createJobAnswers } from '../../shared/aws/job-answers.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import type { Bus } from '../../shared/events/bus.ts';
import { jobHandler } from '../../shared/runtime/job.ts';
import { boundLog } from '../../shared/log.ts';
import { log } from '../../shared/runtime/log.ts';
import { appendForExecution } from '../../shared/state/execution-log.ts';

/** What only some actions need, so that the bundles of the others do without. */
export interface ActionExtras {
  readonly artifactsOf?: (job: Job) => ArtifactStorage;
  readonly gateways?: Partial<ActionGateways>;
}

/** The function of an action; the build makes one bundle for each action from this template. */
export function actionHandler(
  action: Action,
  { artifactsOf = () => noArtifacts, gateways = {} }: ActionExtras = {},
): (event: unknown, context: Context) => Promise<unknown> {
  const store = tableStore(readConfig(['SLIPWAY_TABLE']).SLIPWAY_TABLE);
  const answers = createJobAnswers();
  const jobs = createJobStore(store, systemClock);
  const record = { store, clock: systemClock, pause: jitteredPause, bus: noBus };
  return jobHandler(action, ({ job, requestId, remainingMs }) => ({
    jobs,
    answers,
    artifacts: artifactsOf,
    gateways,
    tellProgress: async (progress) => void (await appendForExecution(record, progressEvent(progress))),
    clock: systemClock,
    log: boundLog(log, { jobId: job.id, action: action.declaration.id }),
    requestId,
    remainingMs,
  }));
}

/** Progress is in the release's log and nowhere else; an action's role may not publish. */
const noBus: Bus = {
  publish: (event) => Promise.reject(new Error(`an action publishes no event, got ${event.type}`)),
};

function progressEvent({
  id,
  at,
  context,
  actionId,
  summary,
  percentComplete,
}: ActionProgress): Parameters<typeof appendForExecution>[1] {
  return {
    contract: 1,
    id,
    at,
    type: 'action.progressed',
    pipelineExecutionId: context.pipelineExecutionId,
    action: actionId,
    summary,
    ...(percentComplete !== undefined && { percentComplete }),
  };
}
