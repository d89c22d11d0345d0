import * as z from 'zod/mini';
import { messageOf, ServiceUnavailable } from '../../errors.ts';
import type { Action } from '../action.ts';
import { failureOf, surroundings, withDeadline, type LongJobEdge, type Work, type WorkEdge } from './guard.ts';
import { parseUserParameters } from './job-event.ts';
import type { LongJob } from './long-job.ts';

/**
 * Cancels the work of a long job that has its result, and notes that it is cancelled. Without a `cancel` there is nothing to do.
 * @throws what `cancel` throws, as ServiceUnavailable if it may pass: the workflow then calls again, within its bounds
 */
export async function cancelWork(action: Action, job: LongJob, edge: LongJobEdge): Promise<void> {
  const { firstJobId, currentJobId: jobId, context, state } = job;
  const newsOf = `${firstJobId}/cancel`;
  const work = { jobId, newsOf, context, state, parameters: parametersOf(action, job) };
  try {
    await cancel(action, work, edge);
  } catch (thrown) {
    if (failureOf(thrown, action.declaration).type !== 'SystemUnavailable') throw thrown;
    // By this name the workflow knows it.
    throw new ServiceUnavailable(`a cancellation got no answer: ${messageOf(thrown)}`, { cause: thrown });
  }
  await edge.longJobs.store.forgetWork(firstJobId);
}

/**
 * Cancels work that no record tells of, because the runner has refused it. It is tried once: whoever comes after a death
 * does not know of it.
 */
export async function cancelOnce(action: Action, work: Work, edge: WorkEdge): Promise<void> {
  try {
    await cancel(action, work, edge);
  } catch (thrown) {
    edge.log.error('work that was begun could not be cancelled; end it by hand', thrown, {
      jobId: work.jobId,
      reason: messageOf(thrown),
    });
  }
}

async function cancel({ declaration, cancel: hook }: Action, work: Work, edge: WorkEdge): Promise<void> {
  if (!hook) return;
  const state = declaration.state && z.safeParse(declaration.state, work.state);
  const ended = await withDeadline(edge, declaration, async (signal) => {
    await hook({
      ...surroundings(declaration, edge, { ...work, signal }),
      parameters: work.parameters,
      // What an older version has stored and this one can't read is passed as it is: it is all that names the work.
      state: (state?.success ? state.data : work.state) as never,
    });
    return 'cancelled';
  });
  if (ended !== 'cancelled') throw new ServiceUnavailable(`the cancellation of ${declaration.id} did not end in time`);
  edge.log.info('the work of an action is cancelled', { jobId: work.jobId });
}

/** The parameters that the job began with; as they were passed, if this version of the action refuses them. */
function parametersOf({ declaration }: Action, { userParameters }: LongJob): unknown {
  const read = parseUserParameters(userParameters, declaration.parameters);
  if (!('kind' in read)) return read.parameters;
  const passed = parseUserParameters(userParameters, z.unknown());
  return 'kind' in passed ? {} : passed.parameters;
}
