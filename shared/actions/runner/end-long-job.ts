import { nowAt } from '../../clock.ts';
import { answerJob, type AnswerEdge } from './answer-job.ts';
import { writeToken, type Answer } from './job.ts';
import { traced, traceOf } from '../traceable.ts';
import { writeRenewalToken, type Ending, type LongJob, type LongJobResult, type LongJobs } from './long-job.ts';

/** What ending a long job needs. */
export type EndEdge = AnswerEdge & { readonly longJobs: Pick<LongJobs, 'store'> };

/**
 * Keeps the ending and gives its result to the job that waits; during a renewal the next job is given it when it comes.
 * @returns whether work is left to be cancelled: another's ending may have come first
 */
export async function end(
  { firstJobId }: Pick<LongJob, 'firstJobId'>,
  ending: Ending,
  edge: EndEdge,
): Promise<{ readonly isWorkLeft: boolean }> {
  const { store } = edge.longJobs;
  await store.keepEnding(firstJobId, ending);
  await store.finish(firstJobId);
  const now = await store.read(firstJobId);
  if (!now?.result) return { isWorkLeft: false };
  // Whoever began the renewal may have died before the token was sent.
  if (now.phase === 'renewing') await sendRenewal(now, edge);
  if (now.phase === 'finished') await answerJob(now.currentJobId, await answerOf(now, now.result, edge), edge);
  return now;
}

/** Answers the current job with the token that brings the next. */
export async function sendRenewal(job: LongJob, edge: AnswerEdge): Promise<void> {
  const { firstJobId, currentJobId, summary, percentComplete } = job;
  const token = writeRenewalToken(firstJobId);
  await answerJob(currentJobId, { kind: 'continues', token, summary, percentComplete, ...traceOf(job) }, edge);
}

async function answerOf(
  job: LongJob,
  ended: LongJobResult,
  { jobs, clock }: Pick<AnswerEdge, 'jobs' | 'clock'>,
): Promise<Answer> {
  const result = traced(ended, job);
  if (result.kind !== 'runs-again') return result;
  const token = { firstJobId: job.firstJobId, step: job.step + 1 };
  const { state, summary } = result;
  await jobs.keepState(token, {
    state,
    summary,
    notBefore: nowAt(clock),
    percentComplete: undefined,
    check: undefined,
    ...traceOf(result),
  });
  return { kind: 'continues', token: writeToken(token), summary, percentComplete: undefined, ...traceOf(result) };
}
