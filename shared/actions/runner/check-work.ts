import * as z from 'zod/mini';
import type { Action } from '../action.ts';
import { failureOf, surroundings, withDeadline, type Work, type WorkEdge } from './guard.ts';
import { fail, keepable, type CheckResult, type Failure, type Unreached, type Unseen } from '../result.ts';

/**
 * Calls an action's check. What may pass later (a throttled call, a server's failure) says nothing of the work; any other
 * error fails the job, and leaves open how the work stands. What a check itself answers is the action's word that the work
 * has ended.
 */
export async function checkWork(action: Action, work: Work, edge: WorkEdge): Promise<CheckResult | Unseen | Unreached> {
  const { declaration, check } = action;
  if (!check) {
    const problem = `action ${declaration.id} answers startJob and has no check; give it one`;
    return unseen(fail('ConfigurationError', problem));
  }
  const state = declaration.state && z.safeParse(declaration.state, work.state);
  if (state && !state.success) return staleState(declaration.id);
  try {
    const ended = await withDeadline(edge, declaration, async (signal) => ({
      result: await check({
        ...surroundings(declaration, edge, { ...work, signal }),
        parameters: work.parameters,
        // The declaration's schema has read the state.
        state: state?.data as never,
      }),
    }));
    if ('kind' in ended) return unseen(ended);
    const kept = refusedWithoutArtifacts(declaration, keepable(ended.result, declaration.outputs));
    return ended.result.kind === 'runs' && kept.kind === 'failed' ? unseen(kept) : kept;
  } catch (thrown) {
    const failure = failureOf(thrown, declaration);
    if (failure.type === 'SystemUnavailable') {
      edge.log.warn('a check got no answer', { jobId: work.jobId, reason: failure.message });
      return { kind: 'unreached', failure };
    }
    edge.log.error('check threw', thrown, { jobId: work.jobId });
    return unseen(failure);
  }
}

/** A check has no artifacts to write, and CodePipeline takes no success without those that the action must make. */
function refusedWithoutArtifacts(
  { id, outputArtifacts: { min } }: Action['declaration'],
  result: CheckResult,
): CheckResult {
  if (result.kind !== 'succeeded' || min === 0) return result;
  const problem = `the check of action ${id} answers succeed, and the action makes ${min} output artifacts or more`;
  return fail('ConfigurationError', `${problem}; answer runAgain, and let run write them`);
}

function unseen(failure: Failure): Unseen {
  return { kind: 'unseen', failure };
}

function staleState(actionId: string): Unseen {
  return unseen(
    fail('SystemUnavailable', `the stored state does not fit action ${actionId} any more; retry the stage`),
  );
}
