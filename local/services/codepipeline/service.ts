import * as schemas from '@aws-sdk/client-codepipeline';
import type { CodePipeline } from '@aws-sdk/client-codepipeline';
import { defineService } from '../../gateway/service.ts';
import { isJsonObject, type Json } from '../../json.ts';
import type { CloudContext, ServiceModule } from '../service-module.ts';
import type { CodePipelineOptions, Engine } from './engine/engine.ts';
import { runAction, timeOutAction } from './engine/run-action.ts';
import { missReply, runJob } from './engine/run-job.ts';
import { actionTypeOperations } from './operations/action-types.ts';
import { hear, watchAction } from './engine/watch-action.ts';
import { runRule, timeOutRule } from './engine/run-rule.ts';
import { approvalOperations } from './operations/approvals.ts';
import { tellingOfChanges } from './operations/changes.ts';
import { conditionOperations } from './operations/conditions.ts';
import { deployTargetOperations } from './operations/deploy-targets.ts';
import { historyOperations } from './operations/histories.ts';
import { jobOperations } from './operations/jobs.ts';
import { refusedOperations } from './operations/not-here.ts';
import { pipelineOperations } from './operations/pipelines.ts';
import { retryOperations } from './operations/retries.ts';
import { revisionOperations } from './operations/revisions.ts';
import { rollbackOperations } from './operations/rollbacks.ts';
import { startOperations } from './operations/starts.ts';
import { stateOperations } from './operations/state.ts';
import { tagOperations } from './operations/tags.ts';
import { transitionOperations } from './operations/transitions.ts';
import { workerOperations } from './operations/workers.ts';
import { customActionTypeResource } from './custom-action-resource.ts';
import { customAction } from './providers/custom-action.ts';
import { codePipelinePermissions } from './permissions.ts';
import { actionProviders, providerRegistry } from './providers/registry.ts';
import { findActionType, makeWorkerTables } from './records/action-types.ts';
import { makeSourceTables } from './records/images.ts';
import { makeTables } from './records/tables.ts';
import { allPipelines } from './records/pipelines.ts';
import { pipelineResource } from './resources.ts';
import { repositoryLook } from './triggers/look.ts';
import { objectPoll } from './triggers/poll.ts';
import { lookAtRepositories, lookAtSources } from './triggers/schedule.ts';
import { webhookResource } from './webhook-resource.ts';

const defaults: Required<CodePipelineOptions> = {
  continuationIntervalMs: 30_000,
  redeliveryDelayMs: 60_000,
  watchIntervalMs: 30_000,
  pollIntervalMs: 60_000,
  sourceRepositories: {},
  notRun: [],
  replyLimitMs: 20 * 60 * 1000,
  maxConcurrentExecutions: 50,
  maxPipelines: 1000,
  startOnCreate: false,
};

/**
 * Opens CodePipeline. A pipeline execution moves by transactions alone: an answer, an ended action or a new start decides
 * the next steps, writes them with their events, and leaves what must follow to timers.
 */
export function openCodePipeline(context: CloudContext, options: CodePipelineOptions = {}): ServiceModule {
  makeTables(context.store);
  makeWorkerTables(context.store);
  makeSourceTables(context.store);
  const engine: Engine = {
    context,
    providers: providerRegistry(actionProviders, (type) => {
      const known = findActionType(context.store, type);
      return known && customAction(known);
    }),
    options: { ...defaults, ...options },
  };
  nameTimers(engine);
  return {
    api: defineService<CodePipeline>({
      name: 'codepipeline',
      schemas,
      protocol: { kind: 'json', version: '1.1' },
      operations: tellingOfChanges(engine, {
        ...pipelineOperations(engine),
        ...startOperations(engine),
        ...revisionOperations(engine),
        ...stateOperations(engine),
        ...retryOperations(engine),
        ...rollbackOperations(engine),
        ...conditionOperations(engine),
        ...transitionOperations(engine),
        ...historyOperations(engine),
        ...jobOperations(engine),
        ...approvalOperations(engine),
        ...actionTypeOperations(engine),
        ...workerOperations(engine),
        ...tagOperations(engine),
        ...deployTargetOperations(engine),
        ...refusedOperations(),
      }),
    }),
    permissions: codePipelinePermissions(context),
    resources: [pipelineResource(engine), customActionTypeResource(engine), webhookResource],
    hear: (event) => hear(engine, event),
    start: () => lookAtAllSources(engine),
    lookOutside: () => lookAtRepositories(engine),
  };
}

function nameTimers(engine: Engine): void {
  const { timers } = engine.context;
  timers.on('codepipeline.action', (payload, timer) => runAction(engine, idIn(payload), timer));
  timers.on('codepipeline.time-out', (payload) => timeOutAction(engine, idIn(payload)));
  timers.on('codepipeline.watch', (payload, timer) => watchAction(engine, idIn(payload), timer));
  timers.on('codepipeline.rule', (payload, timer) => runRule(engine, idIn(payload), timer));
  timers.on('codepipeline.rule-time-out', (payload) => timeOutRule(engine, idIn(payload)));
  timers.on('codepipeline.job', (payload, timer) => runJob(engine, idIn(payload), timer));
  timers.on('codepipeline.reply', (payload) => missReply(engine, idIn(payload)));
  const look = repositoryLook(engine);
  timers.on('codepipeline.look', (payload, timer) => look(idIn(payload), isAnew(payload), timer));
  const poll = objectPoll(engine);
  timers.on('codepipeline.poll', (payload, timer) => poll(idIn(payload), timer));
}

/** What was pushed while the cloud was not running is found at once. */
function lookAtAllSources(engine: Engine): void {
  const { store } = engine.context;
  store.transaction(() => allPipelines(store).forEach(({ name }) => lookAtSources(engine, name)));
}

function isAnew(payload: Json): boolean {
  return isJsonObject(payload) && payload['isAnew'] === true;
}

function idIn(payload: Json): string {
  if (isJsonObject(payload) && typeof payload['id'] === 'string') return payload['id'];
  throw new Error('a timer of codepipeline carries no id');
}
