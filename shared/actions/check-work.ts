import * as z from 'zod/mini';
import { ServiceUnavailable, SlipwayError } from '../errors.ts';
import type { Action } from './action.ts';
import { failureOf, surroundings, withDeadline, type Work, type WorkEdge } from './guard.ts';
import { ActionFailed, fail, keepable, type CheckResult, type Failure } from './result.ts';

/**
 * Calls an action's check. What may pass later (a throttled call, a server's failure) is thrown, so that the check is made
 * again; any other error fails the job.
 * @throws ServiceUnavailable
 */
export async function checkWork(action: Action, work: Work, edge: WorkEdge): Promise<CheckResult> {
  const { declaration, check } = action;
  if (!check) {
    return fail('ConfigurationError', `action ${declaration.id} answers startJob and has no check; give it one`);
  }
  const state = declaration.state && z.safeParse(declaration.state, work.state);
  if (state && !state.success) return staleState(declaration.id);
  try {
    const result = await withDeadline(edge, declaration, (signal) =>
      // The declaration's schema has read the state.
      check({
        ...surroundings(declaration, edge, { ...work, signal }),
        parameters: work.parameters,
        state: state?.data as never,
      }),
    );
    return keepable(result, declaration.outputs);
  } catch (thrown) {
    if (mayPass(thrown)) throw new ServiceUnavailable(`a check of ${declaration.id} got no answer`, { cause: thrown });
    edge.log.error('check threw', thrown, { jobId: work.jobId });
    return failureOf(thrown, declaration);
  }
}

function staleState(actionId: string): Failure {
  return fail('SystemUnavailable', `the stored state does not fit action ${actionId} any more; retry the stage`);
}

function mayPass(thrown: unknown): boolean {
  if (thrown instanceof ActionFailed) return thrown.type === 'SystemUnavailable';
  return thrown instanceof SlipwayError && thrown.retryable;
}
