import { nowAt } from '../../clock.ts';
import type { ActionEdge } from './guard.ts';
import type { Answer, JobOfAction } from './job.ts';
import { answerLimits, cut, fail } from '../result.ts';

/** What became of a delivery. */
export type Outcome = 'answered' | 'answered-before' | 'waits';

/** What answering needs of the edge. */
export type AnswerEdge = Pick<ActionEdge, 'jobs' | 'answers' | 'clock' | 'log'>;

/**
 * Keeps an answer, sends it, and marks the job; after a death at any point whoever comes next goes on from what is kept.
 * @throws what the table or CodePipeline throws when they cannot be reached
 */
export async function answerJob(jobId: string, answer: Answer, edge: AnswerEdge): Promise<'answered'> {
  await keepAndSend(jobId, answer, edge);
  return 'answered';
}

async function keepAndSend(jobId: string, answer: Answer, edge: AnswerEdge): Promise<Sent> {
  await edge.jobs.keepAnswer(jobId, answer);
  const outcome = await send(jobId, answer, edge);
  await edge.jobs.markAnswered(jobId);
  edge.log.info('job answered', { jobId, answer: answer.kind, outcome });
  return outcome;
}

type Sent = 'taken' | 'refused' | 'unacceptable';

/** An answer that CodePipeline does not accept would be refused for ever; the job fails instead, and says so. */
async function send(jobId: string, answer: Answer, { answers }: AnswerEdge): Promise<Sent> {
  const sent = await answers.send(jobId, answer);
  if (typeof sent === 'string') return sent;
  const problem = `CodePipeline does not accept the action's answer (${sent.unacceptable}); mend the action`;
  await answers.send(jobId, fail('ConfigurationError', cut(problem, answerLimits.messageCharacters)));
  return 'unacceptable';
}

/** What answering for others needs. */
export type DeadJobEdge = AnswerEdge & {
  /** Has the work cancelled that the action has begun elsewhere, if there is a record of it. */
  readonly giveUpWork: (firstJobId: string) => Promise<void>;
};

/**
 * Answers for a function that died: memory, initialization, throttling. An answer that was kept is sent; a claim that
 * still lives belongs to another delivery, so a check is left for the time when it expires; otherwise the job fails as
 * `SystemUnavailable`. What the action has begun elsewhere is then given up, behind the result.
 */
export async function answerDeadJob(
  { jobId, firstJobId }: JobOfAction,
  reason: string,
  edge: DeadJobEdge,
): Promise<Outcome | 'check-left'> {
  const now = nowAt(edge.clock);
  const known = await edge.jobs.inspect(jobId, now);
  // Should the calls that follow fail, and those of Lambda's retries, a sweep comes back to it.
  if (!known) await edge.jobs.leaveCheck({ jobId, firstJobId }, now);
  if (known?.state === 'answered' || known?.state === 'waiting') {
    await edge.jobs.removeCheck(jobId);
    return known.state === 'waiting' ? 'waits' : 'answered-before';
  }
  if (known?.state === 'running') {
    await edge.jobs.leaveCheck({ jobId, firstJobId }, known.until);
    return 'check-left';
  }
  const kept = known?.state === 'interrupted' ? known.answer : undefined;
  const answer = kept ?? fail('SystemUnavailable', `the action's function ended without a result: ${reason}`);
  const outcome = await keepAndSend(jobId, answer, edge);
  // Not if it was refused: the job may have been renewed before, and its successor lives.
  if (outcome === 'taken' && answer.kind === 'failed') await edge.giveUpWork(firstJobId);
  return 'answered';
}

/**
 * Answers every job whose check is due; the reconciler calls it. One that cannot be answered does not keep the others from
 * it.
 * @returns how many there were
 */
export async function answerExpiredJobs(edge: DeadJobEdge): Promise<number> {
  const due = await edge.jobs.dueChecks(nowAt(edge.clock));
  for (const job of due) {
    try {
      await answerDeadJob(job, 'it was interrupted and never came back', edge);
    } catch (thrown) {
      // Its check stays, so the next sweep tries again.
      edge.log.error('an expired job could not be answered', thrown, { jobId: job.jobId });
    }
  }
  return due.length;
}
