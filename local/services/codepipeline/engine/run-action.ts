import type { Principal } from '../../../gateway/principal.ts';
import type { DueTimer } from '../../../clock/timers.ts';
import { failed, type ActionOutcome, type ActionProvider, type ActionRun } from '../providers/provider.ts';
import { findAction, updateAction, type ActionRecord } from '../records/actions.ts';
import { executionOf } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';
import type { ActionStructure, Structure } from '../structure/structure.ts';
import { recordEnd, type ActionEnd } from './end-action.ts';
import type { Engine } from './engine.ts';
import { openJob } from './jobs.ts';
import { declaredAction } from './rule-of.ts';
import { settle } from './settle.ts';
import { workPrincipal } from './work-principal.ts';
import { surroundings } from './surroundings.ts';
import { scheduleWatch } from './schedule-watch.ts';
import { timeLimitOf } from './time-limit.ts';

/** An action execution that is in progress, with all that belongs to it. */
export interface Running {
  readonly record: ActionRecord;
  readonly structure: Structure;
  readonly action: ActionStructure;
  readonly provider: ActionProvider;
}

/** Runs the action that a timer is for, and takes its outcome in one transaction with the timer's end. */
export async function runAction(engine: Engine, id: string, timer: DueTimer): Promise<void> {
  const running = findRunning(engine, id);
  if (!running) return;
  const outcome = await orFail(timer, () => running.provider.start(actionRun(engine, running)));
  engine.context.store.transaction(() => {
    takeOutcome(engine, running.record, outcome);
    timer.complete();
  });
}

/** Fails the action whose time is over. */
export function timeOutAction(engine: Engine, id: string): void {
  const running = findRunning(engine, id);
  if (!running) return;
  const { message } = timeLimitOf(running.provider, running.action);
  endAction(engine, running.record, {
    status: 'Failed',
    output: { error: { code: 'JobFailed', message } },
    jobStatus: 'TimedOut',
  });
}

/** Ends an action and brings its pipeline execution on, in one transaction. */
export function endAction(engine: Engine, record: ActionRecord, end: ActionEnd): void {
  engine.context.store.transaction(() => {
    recordEnd(engine, record, end);
    settle(engine, record.execution);
  });
}

/** The action execution of that id if it is still in progress. */
export function findRunning({ context, providers }: Engine, id: string): Running | undefined {
  const record = findAction(context.store, id);
  if (record?.status !== 'InProgress') return undefined;
  const structure = structureOf(context.store, record.pipeline, executionOf(context.store, record.execution).version);
  const action = declaredAction(structure, record);
  const provider = providers.find(action.type);
  if (!provider) throw new Error(`no provider for ${action.type.category} ${action.type.provider}`);
  return { record, structure, action, provider };
}

/** As whom an action works. */
export function actionPrincipal(
  engine: Engine,
  { action, structure, record }: Running,
  sessionName: string,
): Principal {
  const { pipeline } = record;
  return workPrincipal(engine, { pipeline, pipelineRoleArn: structure.roleArn, roleArn: action.roleArn }, sessionName);
}

/** What a provider is told of an action execution. */
export function actionRun(engine: Engine, running: Running): ActionRun {
  const { context } = engine;
  const { record, structure, action } = running;
  const { encryptionKeyId } = structure.artifactStore;
  const { sourceRevisions } = executionOf(context.store, record.execution);
  const principal = actionPrincipal(engine, running, 'codepipeline');
  return {
    actionExecutionId: record.id,
    pipeline: record.pipeline,
    pipelineExecutionId: record.execution,
    stage: record.stage,
    action: record.action,
    account: context.account,
    region: context.region,
    configuration: record.input.resolvedConfiguration,
    inputArtifacts: record.input.inputArtifacts,
    outputArtifacts: record.input.outputArtifacts,
    ...(encryptionKeyId !== undefined && { encryptionKeyId }),
    surroundings: surroundings(engine),
    sourceRevisions: sourceRevisions.filter((revision) => revision.actionName === action.name),
    ...(record.token !== undefined && { token: record.token }),
    ...(record.input.expiresAtMs !== undefined && { expiresAtMs: record.input.expiresAtMs }),
    call: async (service, operation, input) =>
      // The provider names the output type of the operation it calls.
      (await context.gateway.handle({ service, operation, input }, principal)) as never,
  };
}

/** How often what may pass is tried: at 0, 1, 6 and 36 seconds. */
const maxTries = 4;

/** Runs `work`; what it throws goes to the timer, which tries again, until it becomes a failure of the action. */
export async function orFail<T>(timer: DueTimer, work: () => Promise<T>): Promise<T | ReturnType<typeof failed>> {
  try {
    return await work();
  } catch (error) {
    if (timer.attempt < maxTries) throw error;
    return failed('SystemUnavailable', error instanceof Error ? error.message : String(error));
  }
}

/** Takes what has come of an action, in the open transaction. */
export function takeOutcome(engine: Engine, record: ActionRecord, outcome: ActionOutcome): void {
  switch (outcome.kind) {
    case 'succeeded': {
      const revision = outcome.revision && { revision: outcome.revision };
      return endAction(engine, record, { status: 'Succeeded', output: { ...outcome.output, ...revision } });
    }
    case 'failed': {
      const { code, message } = outcome;
      return endAction(engine, record, { status: 'Failed', output: { error: { code, message } } });
    }
    case 'running': {
      const { kind: _, ...output } = outcome;
      updateAction(engine.context.store, record, { status: 'InProgress', output, nowMs: engine.context.clock.nowMs() });
      // At once, because its end may have been told before it was known here.
      scheduleWatch(engine, record.id, 0);
      return;
    }
    case 'job':
      if (findAction(engine.context.store, record.id)?.status === 'InProgress') openJob(engine, record.id);
      return;
    case 'answer':
      return;
  }
}
