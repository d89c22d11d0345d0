import * as z from 'zod/mini';
import type { Log } from '../log.ts';
import { releaseRequestSchema } from '../events/event.ts';
import { readRelease } from '../state/event-log.ts';
import { isFinished } from '../state/release.ts';
import { finishRelease, type FinishContext } from './finish.ts';
import { passSlotOn } from './hand-over.ts';
import { requestEvent } from './request.ts';

/** The fields that Slipway uses of Step Functions' status event; `input` is absent when it is too large. */
export const workflowEventSchema = z.object({
  time: z.iso.datetime(),
  detail: z.object({
    executionArn: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    input: z.nullish(z.string()),
  }),
});
export type WorkflowEvent = z.infer<typeof workflowEventSchema>;

/** What settling needs. */
export interface SettleContext extends FinishContext {
  readonly log: Log;
}

/** Ends the release of a workflow that ended by itself: an aborted one must not keep its service's slot. */
export async function settleWorkflow(context: SettleContext, { time, detail }: WorkflowEvent): Promise<void> {
  const { executionArn: workflow, status, input } = detail;
  const request = releaseRequestSchema.safeParse(input ? JSON.parse(input) : undefined);
  if (!request.success) {
    context.log.warn('a workflow ended whose release cannot be told from its input; the reconciler frees its slot', {
      workflow,
    });
    return;
  }
  const { releaseId } = requestEvent(request.data, workflow, time);
  await settleRelease(context, releaseId, workflow, status);
}

/**
 * Ends a release whose workflow is no more, and sees that it keeps no slot. Nothing happens when the workflow was not the
 * release's own.
 */
export async function settleRelease(
  context: SettleContext,
  releaseId: string,
  workflow: string,
  status: string,
): Promise<void> {
  const found = await readRelease(context.store, releaseId);
  if (found?.release.workflow !== workflow) return;
  // A workflow that fails has mostly said so itself; what people were told once is not told again.
  if (isFinished(found.release)) return passSlotOn(context, found.release.service, releaseId);
  context.log.warn('a workflow ended before its release', { releaseId, workflow, status });
  await finishRelease(context, releaseId, { kind: 'error', error: status, cause: `the workflow ended ${status}` });
}
