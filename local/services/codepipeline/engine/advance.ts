import type { ActionExecutionStatus, ExecutionMode, PipelineExecutionStatus } from '@aws-sdk/client-codepipeline';

/** Where an execution stands with a stage: in front of it, in it (which locks it), or past it. */
export type Phase = 'waiting' | 'inside' | 'succeeded' | 'failed' | 'stopped';

/** What there is to know before the next step of one pipeline execution. */
export interface Situation {
  readonly mode: ExecutionMode;
  readonly stages: readonly StageSituation[];
  readonly execution: {
    readonly id: string;
    readonly sequence: number;
    readonly status: PipelineExecutionStatus;
    /** Absent before the first stage. */
    readonly at?: { readonly stage: string; readonly phase: Phase };
    /** The newest run of each action of that stage; one that has not been started, or is to be retried, is absent. */
    readonly actions: ReadonlyMap<string, ActionExecutionStatus>;
  };
}

/** A stage as every execution of the pipeline sees it. */
export interface StageSituation {
  readonly name: string;
  readonly actions: readonly { readonly name: string; readonly runOrder: number }[];
  /** Whether a transition into it is disabled. */
  readonly isClosed: boolean;
  /** The execution that is in it: it holds the stage's lock. */
  readonly lockedBy?: string;
  /** The executions that wait in front of it. */
  readonly waiting: readonly { readonly id: string; readonly sequence: number }[];
}

/** The next thing to do for one pipeline execution. */
export type Step =
  | { readonly kind: 'arrive'; readonly stage: string; readonly supersedes: readonly string[] }
  | { readonly kind: 'enter'; readonly stage: string }
  | { readonly kind: 'start'; readonly stage: string; readonly actions: readonly string[] }
  | { readonly kind: 'leave'; readonly stage: string; readonly phase: 'succeeded' | 'failed' | 'stopped' }
  | { readonly kind: 'finish'; readonly status: 'Succeeded' | 'Failed' | 'Stopped' | 'Superseded' };

/**
 * Decides the next step of an execution; undefined when it has ended or waits for something. Carrying the step out and
 * asking again brings it as far as it can go.
 *
 * How executions meet is the execution mode's (User Guide, "How pipeline executions work"). SUPERSEDED: a stage holds one
 * execution; in front of it waits one more, which a newer one replaces; success, failure and stop all give the lock back.
 * QUEUED: as many wait as come, and enter one by one in the order in which they were started. PARALLEL: there is no lock.
 * In front of a disabled transition they wait as in front of a locked stage.
 */
export function advance(situation: Situation): Step | undefined {
  const { status, at } = situation.execution;
  if (status !== 'InProgress' && status !== 'Stopping') return undefined;
  if (!at) return status === 'Stopping' ? finish('Stopped') : arrive(situation, situation.stages[0]);
  switch (at.phase) {
    case 'waiting':
      return status === 'Stopping' ? finish('Stopped') : enterIfFree(situation, stageNamed(situation, at.stage));
    case 'inside':
      return work(situation, stageNamed(situation, at.stage));
    case 'succeeded':
      return goOn(situation, at.stage);
    case 'failed':
      return finish('Failed');
    case 'stopped':
      return finish('Stopped');
  }
}

function goOn(situation: Situation, passed: string): Step {
  const next = situation.stages[situation.stages.indexOf(stageNamed(situation, passed)) + 1];
  if (!next) return finish('Succeeded');
  return situation.execution.status === 'Stopping' ? finish('Stopped') : arrive(situation, next);
}

function arrive({ execution, mode }: Situation, stage: StageSituation | undefined): Step {
  if (!stage) return finish('Succeeded');
  if (mode !== 'SUPERSEDED') return { kind: 'arrive', stage: stage.name, supersedes: [] };
  if (stage.waiting.some((other) => other.sequence > execution.sequence)) return finish('Superseded');
  return { kind: 'arrive', stage: stage.name, supersedes: stage.waiting.map((other) => other.id) };
}

function enterIfFree({ execution, mode }: Situation, stage: StageSituation): Step | undefined {
  if (stage.isClosed) return undefined;
  const isFree = mode === 'PARALLEL' || (stage.lockedBy === undefined && !stage.waiting.some(isOlder));
  return isFree ? { kind: 'enter', stage: stage.name } : undefined;

  // An execution that a newer one has passed in some stage cannot be retried: the order of starts is that of the queue.
  function isOlder(other: { readonly sequence: number }): boolean {
    return other.sequence < execution.sequence;
  }
}

function work({ execution }: Situation, stage: StageSituation): Step | undefined {
  const statuses = stage.actions.map((action) => execution.actions.get(action.name));
  const isAnyRunning = statuses.includes('InProgress');
  if (statuses.every((status) => status === 'Succeeded')) return leave(stage, 'succeeded');
  if (execution.status === 'Stopping') return isAnyRunning ? undefined : leave(stage, 'stopped');
  if (statuses.some((status) => status === 'Failed' || status === 'Abandoned')) {
    // Siblings of a failed action keep running; nothing new starts.
    return isAnyRunning ? undefined : leave(stage, 'failed');
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

function leave(stage: StageSituation, phase: 'succeeded' | 'failed' | 'stopped'): Step {
  return { kind: 'leave', stage: stage.name, phase };
}

function finish(status: 'Succeeded' | 'Failed' | 'Stopped' | 'Superseded'): Step {
  return { kind: 'finish', status };
}

function stageNamed(situation: Situation, name: string): StageSituation {
  const found = situation.stages.find((stage) => stage.name === name);
  if (!found) throw new Error(`execution ${situation.execution.id} stands at stage ${name}, which its version lacks`);
  return found;
}
