import type { ExecutionEvent } from '../events/event.ts';
import { readRelease } from '../state/event-log.ts';
import {
  appendForExecution,
  beginAttempt,
  type ExecutionLogContext,
  type ExecutionOwner,
} from '../state/execution-log.ts';
import { recordEvent } from '../state/record.ts';
import { resolveWait, waitKeys, watchWait, type TaskTokens } from '../state/waits.ts';
import type { Pause } from '../clock.ts';
import { finishRelease } from './finish.ts';
import { endOf, toExecutionEvents, type PipelineEvent } from './pipeline-event.ts';
import type { Pipelines } from './pipelines.ts';
import { resolveRevision } from './revision.ts';

/** What following pipelines needs. */
export interface FollowContext extends ExecutionLogContext {
  readonly pause: Pause;
  readonly tasks: TaskTokens;
  readonly pipelines: Pipelines;
}

/**
 * Takes one event of CodePipeline into the log of its release, and resumes the workflow when the execution has ended.
 * Events may be doubled, late and out of order; those of executions whose release is not known are kept for `launch`.
 */
export async function followPipeline(context: FollowContext, event: PipelineEvent): Promise<void> {
  for (const fact of toExecutionEvents(event)) await followFact(context, fact);
}

/** The same for a fact that the reconciler has read. */
export async function followFact(context: FollowContext, fact: ExecutionEvent): Promise<void> {
  const owner = await appendForExecution(context, fact);
  if (!owner) return;
  if (fact.type === 'pipeline.changed' && fact.state === 'RESUMED') await reopen(context, owner, fact);
  await end(context, owner, fact);
  if (isSourceTaken(fact)) await recordRevision(context, owner);
}

/** A retried stage keeps the execution's id: what follows is the next attempt. */
async function reopen(context: FollowContext, owner: ExecutionOwner, fact: ExecutionEvent): Promise<void> {
  const { releaseId, service, traceId } = owner;
  const isKnown = owner.resumedAt !== undefined && owner.resumedAt >= fact.at;
  const attempt = isKnown ? owner.attempt : owner.attempt + 1;
  if (!isKnown) await beginAttempt(context.store, fact.pipelineExecutionId, { attempt, resumedAt: fact.at });
  await watchWait(context, waitKeys.pipelineExecution(fact.pipelineExecutionId, attempt));
  await recordEvent(context, {
    contract: 1,
    id: `${releaseId}/reopened/${fact.at}`,
    at: fact.at,
    type: 'release.reopened',
    releaseId,
    service,
    traceId,
    pipelineExecutionId: fact.pipelineExecutionId,
    attempt,
  });
}

async function end(context: FollowContext, owner: ExecutionOwner, fact: ExecutionEvent): Promise<void> {
  const outcome = endOf(fact);
  if (!outcome) return;
  // An end from before the retry, told late, is the end of the attempt before.
  const isEarlier = owner.resumedAt !== undefined && Date.parse(fact.at) < Date.parse(owner.resumedAt);
  const attempt = isEarlier ? owner.attempt - 1 : owner.attempt;
  // The workflow waits for the first attempt only; it has ended when a stage is retried. Finished first: once the outcome
  // is stored, nobody looks again.
  if (attempt > 1) await finishRelease(context, owner.releaseId, { kind: 'pipeline', state: outcome.state }, attempt);
  await resolveWait(context, waitKeys.pipelineExecution(fact.pipelineExecutionId, attempt), outcome);
}

function isSourceTaken(fact: ExecutionEvent): boolean {
  return fact.type === 'action.changed' && fact.category === 'Source' && fact.state === 'SUCCEEDED';
}

async function recordRevision(context: FollowContext, { releaseId }: ExecutionOwner): Promise<void> {
  const found = await readRelease(context.store, releaseId);
  if (found) await resolveRevision(context, context.pipelines, found.release);
}
