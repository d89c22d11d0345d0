import { randomUUID } from 'node:crypto';
import type { ConditionExecutionStatus } from '@aws-sdk/client-codepipeline';
import type { Store } from '../../../store/store.ts';
import { addAction, findAction, markRetried, type ActionRecord } from '../records/actions.ts';
import { artifactsOf } from '../records/artifacts.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import { structureOf } from '../records/pipelines.ts';
import { currentRules, isOverridden } from '../records/rules.ts';
import { latestAttempt } from '../records/stages.ts';
import type { ConditionStructure, RuleStructure, StageConditions } from '../structure/conditions.ts';
import { stageOf } from '../structure/structure.ts';
import { recordEnd } from './end-action.ts';
import type { Engine } from './engine.ts';
import type { ConditionKind, ConditionSituation } from './gate.ts';
import { doneFor } from './start-action.ts';
import { timerId } from './timer-ids.ts';
import { resolveConfiguration, variableScope } from './variables.ts';

/** The kinds of conditions, in the order in which a stage comes to them. */
const conditionKinds: readonly ConditionKind[] = ['beforeEntry', 'onSuccess', 'onFailure'];

/** The longest that a rule may take unless it says otherwise. */
const defaultMinutes = 24 * 60;

/** The condition of that kind that a stage declares. */
export function conditionOf(stage: StageConditions, kind: ConditionKind): ConditionStructure | undefined {
  return kind === 'onFailure' ? stage.onFailure?.condition : stage[kind];
}

/** How the conditions that a stage declares stand for an execution. */
export function conditionsOf(
  store: Store,
  execution: string,
  stage: StageConditions & { readonly name: string },
): Partial<Record<ConditionKind, ConditionSituation>> {
  return Object.fromEntries(
    conditionKinds.flatMap((kind) => {
      const condition = conditionOf(stage, kind);
      if (!condition) return [];
      const { result } = condition;
      const status = conditionStatus(store, { execution, stage: stage.name, kind });
      return [[kind, { status, ...(result !== undefined && { result }) }]];
    }),
  );
}

/**
 * All rules must succeed; while one runs the condition is in progress. It has failed where a rule does not hold, and is in
 * error where none does that but one could not be evaluated.
 */
export function conditionStatus(
  store: Store,
  { execution, stage, kind }: { execution: string; stage: string; kind: ConditionKind },
): ConditionExecutionStatus | 'Due' {
  if (isOverridden(store, execution, stage, kind)) return 'Overridden';
  const rules = currentRules(store, execution, stage, kind);
  if (rules.length === 0) return 'Due';
  const statuses = rules.map(({ status }) => status);
  if (statuses.includes('InProgress')) return 'InProgress';
  if (statuses.includes('Abandoned')) return isCancelled(store, execution, stage) ? 'Cancelled' : 'Abandoned';
  if (!statuses.includes('Failed')) return 'Succeeded';
  return rules.some(({ status, output }) => status === 'Failed' && output.error?.code === 'JobFailed')
    ? 'Failed'
    : 'Errored';
}

/** A change of the pipeline cancels what runs; the API has no such word for a rule. */
function isCancelled(store: Store, execution: string, stage: string): boolean {
  return latestAttempt(store, execution, stage)?.status === 'Cancelled';
}

/** Starts the rules of a condition together, in the open transaction; one whose references cannot be resolved fails. */
export function startRules(engine: Engine, execution: ExecutionRecord, stage: string, kind: ConditionKind): void {
  const structure = structureOf(engine.context.store, execution.pipeline, execution.version);
  const done = doneFor(engine, execution);
  // Before the stage nothing of it has run; behind it everything has.
  const runOrder = kind === 'beforeEntry' ? 0 : Infinity;
  const scope = variableScope(structure, execution, { stage, runOrder, done });
  for (const rule of conditionOf(stageOf(structure, stage), kind)?.rules ?? []) {
    const resolved = resolveConfiguration(rule.configuration, scope);
    const configuration = resolved.ok ? resolved.configuration : rule.configuration;
    const record = addRule(engine, execution, { stage, kind, rule, configuration });
    if (resolved.ok) scheduleRule(engine, record, rule);
    else {
      const error = { code: 'ConfigurationError', message: `Rule '${rule.name}' ${resolved.problem}` };
      recordEnd(engine, record, { status: 'Failed', output: { error } });
    }
  }
}

interface NewRule {
  readonly stage: string;
  readonly kind: ConditionKind;
  readonly rule: RuleStructure;
  readonly configuration: Readonly<Record<string, string>>;
}

function addRule({ context }: Engine, execution: ExecutionRecord, made: NewRule): ActionRecord {
  const id = randomUUID();
  const known = artifactsOf(context.store, execution.id);
  const inputArtifacts = made.rule.inputArtifacts.flatMap((name) => {
    const found = known.get(name);
    return found
      ? [{ name, bucket: found.bucket, key: found.key, revisionId: found.revision?.revisionId ?? null }]
      : [];
  });
  addAction(context.store, {
    id,
    execution: execution.id,
    pipeline: execution.pipeline,
    stage: made.stage,
    action: made.rule.name,
    condition: made.kind,
    attempt: latestAttempt(context.store, execution.id, made.stage)?.attempt ?? 1,
    input: { resolvedConfiguration: made.configuration, inputArtifacts, outputArtifacts: [] },
    nowMs: context.clock.nowMs(),
  });
  const record = findAction(context.store, id);
  if (!record) throw new Error(`rule execution ${id} was not written`);
  return record;
}

function scheduleRule(
  { context }: Engine,
  { id }: ActionRecord,
  { timeoutInMinutes = defaultMinutes }: RuleStructure,
): void {
  const nowMs = context.clock.nowMs();
  const ends = { id: timerId('time-out', id), dueAtMs: nowMs + timeoutInMinutes * 60 * 1000 };
  context.timers.schedule('codepipeline.rule', { id }, { id: timerId('action', id), dueAtMs: nowMs });
  context.timers.schedule('codepipeline.rule-time-out', { id }, ends);
}

/** Ends the rules that run, in the open transaction: nobody waits for them any more. */
export function abandonRules(engine: Engine, execution: string, stage: string): void {
  for (const kind of conditionKinds) {
    for (const record of currentRules(engine.context.store, execution, stage, kind)) {
      recordEnd(engine, record, { status: 'Abandoned', output: {} });
    }
  }
}

/** At a retry of a stage its conditions are due again, but for one before entry that has let it in. */
export function forgetConditions(store: Store, execution: string, stage: string): void {
  for (const kind of conditionKinds) {
    const status = conditionStatus(store, { execution, stage, kind });
    if (kind === 'beforeEntry' && (status === 'Succeeded' || status === 'Overridden')) continue;
    for (const { id } of currentRules(store, execution, stage, kind)) markRetried(store, id);
  }
}
