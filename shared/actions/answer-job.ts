import { nowAt } from '../clock.ts';
import type { ActionEdge } from './guard.ts';
import type { Answer } from './job.ts';
import { answerLimits, cut, fail } from './result.ts';

/** What became of a delivery. */
export type Outcome = 'answered' | 'answered-before' | 'waits';

/** What answering needs of the edge. */
export type AnswerEdge = Pick<ActionEdge, 'jobs' | 'answers' | 'clock' | 'log'>;

/**
 * Keeps an answer, sends it, and marks the job; after a death at any point whoever comes next goes on from what is kept.
 * @throws what the table or CodePipeline throws when they cannot be reached
 */
export async function answerJob(jobId: string, answer: Answer, edge: AnswerEdge): Promise<Outcome> {
  await edge.jobs.keepAnswer(jobId, answer);
  const outcome = await send(jobId, answer, edge);
  await edge.jobs.markAnswered(jobId);
  edge.log.info('job answered', { jobId, answer: answer.kind, outcome });
  return 'answered';
}

/** An answer that CodePipeline does not accept would be refused for ever; the job fails instead, and says so. */
async function send(jobId: string, answer: Answer, { answers }: AnswerEdge): Promise<string> {
  const sent = await answers.send(jobId, answer);
  if (typeof sent === 'string') return sent;
  const problem = `CodePipeline does not accept the action's answer (${sent.unacceptable}); mend the action`;
  await answers.send(jobId, fail('ConfigurationError', cut(problem, answerLimits.messageCharacters)));
  return 'unacceptable';
}

/**
 * Answers for a function that died: memory, initialization, throttling. An answer that was kept is sent; a claim that
 * still lives belongs to another delivery, so a check is left for the time when it expires; otherwise the job fails as
 * `SystemUnavailable`.
 */
export async function answerDeadJob(jobId: string, reason: string, edge: AnswerEdge): Promise<Outcome | 'check-left'> {
  const known = await edge.jobs.inspect(jobId, nowAt(edge.clock));
  if (known?.state === 'answered' || known?.state === 'waiting') {
    await edge.jobs.removeCheck(jobId);
    return known.state === 'waiting' ? 'waits' : 'answered-before';
  }
  if (known?.state === 'running') {
    await edge.jobs.leaveCheck(jobId, known.until);
    return 'check-left';
  }
  const kept = known?.state === 'interrupted' ? known.answer : undefined;
  return answerJob(
    jobId,
    kept ?? fail('SystemUnavailable', `the action's function ended without a result: ${reason}`),
    edge,
  );
}

/**
 * Answers every job whose check is due; the reconciler calls it. One that cannot be answered does not keep the others from
 * it.
 * @returns how many there were
 */
export async function answerExpiredJobs(edge: AnswerEdge): Promise<number> {
  const due = await edge.jobs.dueChecks(nowAt(edge.clock));
  for (const jobId of due) {
    try {
      await answerDeadJob(jobId, 'it was interrupted and never came back', edge);
    } catch (thrown) {
      // Its check stays, so the next sweep tries again.
      edge.log.error('an expired job could not be answered', thrown, { jobId });
    }
  }
  return due.length;
}
