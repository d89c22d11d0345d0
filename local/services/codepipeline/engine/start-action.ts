import { randomUUID } from 'node:crypto';
import { actionsOfExecution, addAction, findAction, type ActionInput, type ActionRecord } from '../records/actions.ts';
import { artifactsOf, newArtifactKey } from '../records/artifacts.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import { latestAttempt } from '../records/stages.ts';
import type { ActionStructure, Structure } from '../structure/structure.ts';
import { recordEnd } from './end-action.ts';
import type { Engine } from './engine.ts';
import { tellAction } from './events.ts';
import { isNotRun, passOver } from './not-run.ts';
import { timeLimitOf } from './time-limit.ts';
import { timerId } from './timer-ids.ts';
import { resolveConfiguration, variableScope, type Resolved } from './variables.ts';

/** An action in its place. */
export interface PlacedAction {
  readonly structure: Structure;
  readonly stage: string;
  readonly action: ActionStructure;
}

/**
 * Makes an action execution, tells of it, and schedules its run: all in the open transaction, so that it is started at
 * least once. An action whose references cannot be resolved fails here and is never run.
 */
export function startAction(engine: Engine, execution: ExecutionRecord, placed: PlacedAction): void {
  const { action, stage, structure } = placed;
  const { clock, timers } = engine.context;
  const done = doneFor(engine, execution);
  const scope = variableScope(structure, execution, { stage, runOrder: action.runOrder, done });
  const resolved = resolveConfiguration(action.configuration, scope);
  const record = makeRecord(engine, execution, placed, inputOf(engine, execution, placed, resolved));
  if (isNotRun(engine, action.type)) {
    passOver(engine, record);
    return;
  }
  tellAction(engine, execution, { record, action, state: 'STARTED' });
  const missing = action.inputArtifacts.find((name) => record.input.inputArtifacts.every((made) => made.name !== name));
  if (missing !== undefined) {
    const message = `The input artifact ${missing} of action '${action.name}' was not made: the action that makes it is not run locally`;
    recordEnd(engine, record, { status: 'Failed', output: { error: { code: 'ConfigurationError', message } } });
    return;
  }
  if (!resolved.ok) {
    const error = { code: 'ConfigurationError', message: `Action '${action.name}' ${resolved.problem}` };
    recordEnd(engine, record, { status: 'Failed', output: { error } });
    return;
  }
  const { expiresAtMs } = record.input;
  timers.schedule(
    'codepipeline.action',
    { id: record.id },
    { id: timerId('action', record.id), dueAtMs: clock.nowMs() },
  );
  if (expiresAtMs === undefined) return;
  timers.schedule(
    'codepipeline.time-out',
    { id: record.id },
    { id: timerId('time-out', record.id), dueAtMs: expiresAtMs },
  );
}

/** The action executions whose outputs an execution may refer to: a rollback has those of its target too. */
export function doneFor({ context }: Engine, { id, rollback }: ExecutionRecord): ActionRecord[] {
  const before = rollback ? actionsOfExecution(context.store, rollback.target) : [];
  return [...before, ...actionsOfExecution(context.store, id)];
}

function makeRecord(
  { context, providers }: Engine,
  execution: ExecutionRecord,
  { stage, action }: PlacedAction,
  input: ActionInput,
): ActionRecord {
  const id = randomUUID();
  const isAnswered = providers.find(action.type)?.isAnsweredByToken ?? false;
  addAction(context.store, {
    id,
    execution: execution.id,
    pipeline: execution.pipeline,
    stage,
    action: action.name,
    attempt: latestAttempt(context.store, execution.id, stage)?.attempt ?? 1,
    ...(isAnswered && { token: randomUUID() }),
    input,
    nowMs: context.clock.nowMs(),
  });
  const record = findAction(context.store, id);
  if (!record) throw new Error(`action execution ${id} was not written`);
  return record;
}

function inputOf(
  { context, providers }: Engine,
  execution: ExecutionRecord,
  { structure, action }: PlacedAction,
  resolved: Resolved,
): ActionInput {
  const known = artifactsOf(context.store, execution.id);
  const provider = providers.find(action.type);
  const limit = provider && timeLimitOf(provider, action);
  return {
    resolvedConfiguration: resolved.ok ? resolved.configuration : action.configuration,
    // An input is missing only where the action that makes it is not run here.
    inputArtifacts: action.inputArtifacts.flatMap((name) => {
      const artifact = known.get(name);
      if (!artifact) return [];
      return [{ name, bucket: artifact.bucket, key: artifact.key, revisionId: artifact.revision?.revisionId ?? null }];
    }),
    outputArtifacts: action.outputArtifacts.map((name) => {
      return {
        name,
        bucket: structure.artifactStore.bucket,
        key: newArtifactKey(structure.name, name),
        revisionId: null,
      };
    }),
    ...(limit && { expiresAtMs: context.clock.nowMs() + limit.ms }),
  };
}
