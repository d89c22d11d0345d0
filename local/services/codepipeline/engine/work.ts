import type { ActionExecutionStatus } from '@aws-sdk/client-codepipeline';
import { gate, type ConditionKind } from './gate.ts';
import type { Left, Situation, StageSituation, Step } from './step.ts';

/**
 * Decides the next step of an execution inside a stage: the condition before entry, then the actions by run order, then
 * the condition on success or on failure.
 */
export function work(situation: Situation, stage: StageSituation): Step | undefined {
  return pass(situation, stage, 'beforeEntry', {
    failed: () => leave(stage, situation.execution.conditions.beforeEntry?.result === 'SKIP' ? 'skipped' : 'failed'),
    passed: () => runActions(situation, stage),
  });
}

function runActions(situation: Situation, stage: StageSituation): Step | undefined {
  const { execution } = situation;
  const statuses = stage.actions.map((action) => execution.actions.get(action.name));
  const isAnyRunning = statuses.includes('InProgress');
  if (statuses.every((status) => status === 'Succeeded')) return succeed(situation, stage);
  if (execution.status === 'Stopping') return isAnyRunning ? undefined : leave(stage, 'stopped');
  if (statuses.some((status) => status === 'Failed' || status === 'Abandoned')) {
    // Siblings of a failed action keep running; nothing new starts.
    return isAnyRunning ? undefined : fail(situation, stage);
  }
  const startable = nextGroup(stage, execution.actions);
  return startable.length > 0 ? { kind: 'start', stage: stage.name, actions: startable } : undefined;
}

/** The actions not yet started of the lowest run order that has not wholly succeeded. */
function nextGroup(stage: StageSituation, done: ReadonlyMap<string, ActionExecutionStatus>): string[] {
  const open = stage.actions.filter((action) => done.get(action.name) !== 'Succeeded');
  const runOrder = Math.min(...open.map((action) => action.runOrder));
  return open.filter((action) => action.runOrder === runOrder && !done.has(action.name)).map((action) => action.name);
}

function succeed(situation: Situation, stage: StageSituation): Step | undefined {
  const { conditions, isRollback } = situation.execution;
  return pass(situation, stage, 'onSuccess', {
    failed: () => leave(stage, 'failed', conditions.onSuccess?.result === 'ROLLBACK' && !isRollback),
    passed: () => leave(stage, 'succeeded'),
  });
}

function fail(situation: Situation, stage: StageSituation): Step | undefined {
  const { conditions } = situation.execution;
  return pass(situation, stage, 'onFailure', {
    failed: () => failWith(situation, stage, conditions.onFailure?.result),
    passed: () => failWith(situation, stage, stage.onFailure),
  });
}

/** A stage is retried once by itself; a rollback that fails is left as it is, or it would be rolled back for ever. */
function failWith({ execution }: Situation, stage: StageSituation, result: StageSituation['onFailure']): Step {
  if (execution.isRollback) return leave(stage, 'failed');
  if (result === 'RETRY' && !execution.isAutoRetried) return { kind: 'retry', stage: stage.name };
  return leave(stage, 'failed', result === 'ROLLBACK');
}

interface Ways {
  readonly failed: () => Step | undefined;
  readonly passed: () => Step | undefined;
}

function pass({ execution }: Situation, stage: StageSituation, condition: ConditionKind, ways: Ways): Step | undefined {
  switch (gate(execution.conditions[condition], execution.status === 'Stopping')) {
    case 'pass':
      return ways.passed();
    case 'fail':
      return ways.failed();
    case 'evaluate':
      return { kind: 'evaluate', stage: stage.name, condition };
    case 'end':
      return leave(stage, 'stopped');
    case 'wait':
      return undefined;
  }
}

function leave(stage: StageSituation, phase: Left, rollBack = false): Step {
  return { kind: 'leave', stage: stage.name, phase, rollBack };
}
