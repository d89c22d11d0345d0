import { nowAt, type Clock } from '../clock.ts';
import { Conflict, NotFound } from '../errors.ts';
import { readRelease } from '../state/event-log.ts';
import { recordEvent, type RecordContext } from '../state/record.ts';

/** An approval action that waits for an answer. The token names this very wait; it goes nowhere but back. */
export interface PendingApproval {
  readonly stage: string;
  readonly action: string;
  readonly token: string;
}

/** CodePipeline's approvals. `shared/aws/codepipeline.ts` implements it. */
export interface Approvals {
  pending(pipelineArn: string, executionId: string): Promise<readonly PendingApproval[]>;
  /** `late`: somebody has answered, or the approval has expired. */
  answer(
    pipelineArn: string,
    pending: PendingApproval,
    answer: { readonly isApproved: boolean; readonly summary: string },
  ): Promise<'answered' | 'late'>;
}

/** What answering needs. */
export interface AnswerContext extends RecordContext {
  readonly clock: Clock;
  readonly approvals: Approvals;
}

/** A person's answer. `action` is needed only when several approvals wait. */
export interface Answer {
  readonly releaseId: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly comment?: string | undefined;
  readonly action?: string | undefined;
}

/**
 * Answers the approval that a release waits for, and records who did.
 * @throws NotFound for an unknown release, Conflict when nothing waits or it is not clear which one
 */
export async function answerApproval(
  context: AnswerContext,
  answer: Answer,
): Promise<{ readonly stage: string; readonly action: string }> {
  const { releaseId, decision, by, comment } = answer;
  const found = await readRelease(context.store, releaseId);
  if (!found) throw new NotFound(`release ${releaseId} is unknown; slipway list shows those there are`);
  const { pipeline, service, traceId, status } = found.release;
  if (!pipeline) throw new Conflict(`release ${releaseId} is ${status} and waits for no approval`);
  const pending = pick(await context.approvals.pending(pipeline.arn, pipeline.executionId), answer);
  const summary = `${by}: ${comment ?? decision}`.slice(0, 512);
  const outcome = await context.approvals.answer(pipeline.arn, pending, {
    isApproved: decision === 'approved',
    summary,
  });
  const { stage, action } = pending;
  if (outcome === 'late')
    throw new Conflict(`${stage}/${action} of ${releaseId} has been answered already, or expired`);
  await recordEvent(context, {
    contract: 1,
    id: `${releaseId}/answered/${pipeline.attempt}/${stage}/${action}`,
    at: nowAt(context.clock),
    type: 'approval.answered',
    releaseId,
    service,
    traceId,
    pipelineExecutionId: pipeline.executionId,
    stage,
    action,
    decision,
    by,
    comment,
  });
  return { stage, action };
}

function pick(all: readonly PendingApproval[], { releaseId, action }: Answer): PendingApproval {
  const candidates = action === undefined ? all : all.filter((pending) => pending.action === action);
  const [first, second] = candidates;
  const names = all.map((pending) => pending.action).join(', ');
  if (!first) {
    const wanted = action === undefined ? '' : ` named ${action}`;
    throw new Conflict(`release ${releaseId} waits for no approval${wanted}${names ? `; waiting: ${names}` : ''}`);
  }
  if (second) throw new Conflict(`several approvals of ${releaseId} wait: ${names}; name one as action`);
  return first;
}
