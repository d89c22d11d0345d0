import type { Situation, StageSituation, Step } from './step.ts';
import { work } from './work.ts';

/**
 * Decides the next step of an execution; undefined when it has ended or waits for something. Carrying the step out and
 * asking again brings it as far as it can go.
 *
 * How executions meet is the execution mode's (User Guide, "How pipeline executions work"). SUPERSEDED: a stage holds one
 * execution; in front of it waits one more, which a newer one replaces; success, failure and stop all give the lock back.
 * QUEUED: as many wait as come, and enter one by one in the order in which they were started. PARALLEL: there is no lock.
 * In front of a disabled transition they wait as in front of a locked stage. A rollback passes by those that wait.
 */
export function advance(situation: Situation): Step | undefined {
  const { status, at } = situation.execution;
  if (status !== 'InProgress' && status !== 'Stopping') return undefined;
  if (!at) return begin(situation);
  switch (at.phase) {
    case 'waiting':
      return status === 'Stopping' ? finish('Stopped') : enterIfFree(situation, stageNamed(situation, at.stage));
    case 'inside':
      return work(situation, stageNamed(situation, at.stage));
    case 'succeeded':
    case 'skipped':
      return goOn(situation, at.stage);
    case 'failed':
      return finish('Failed');
    case 'stopped':
      return finish('Stopped');
  }
}

function begin(situation: Situation): Step {
  const { status, isRollback } = situation.execution;
  const first = situation.stages[0];
  if (status === 'Stopping') return finish('Stopped');
  return isRollback && first ? { kind: 'enter', stage: first.name } : arrive(situation, first);
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

function finish(status: 'Succeeded' | 'Failed' | 'Stopped' | 'Superseded'): Step {
  return { kind: 'finish', status };
}

function stageNamed(situation: Situation, name: string): StageSituation {
  const found = situation.stages.find((stage) => stage.name === name);
  if (!found) throw new Error(`execution ${situation.execution.id} stands at stage ${name}, which its version lacks`);
  return found;
}
