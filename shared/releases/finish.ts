import * as z from 'zod/mini';
import { nowAt, type Clock, type Pause } from '../clock.ts';
import { NotFound } from '../errors.ts';
import type { SlipwayEvent } from '../events/event.ts';
import { parseJson } from '../parse-json.ts';
import { readRelease } from '../state/event-log.ts';
import { recordEvent, type RecordContext } from '../state/record.ts';
import type { Release } from '../state/release.ts';
import type { TaskTokens } from '../state/waits.ts';
import { passSlotOn } from './hand-over.ts';
import type { Pipelines } from './pipelines.ts';
import { resolveRevision } from './revision.ts';

/** What finishing needs; without `pipelines` the revision of a release that named none stays unresolved. */
export interface FinishContext extends RecordContext {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly tasks: TaskTokens;
  readonly pipelines?: Pipelines;
}

/** How an attempt ended: with a pipeline's terminal state, or with an error of the workflow. */
export type Ending =
  | { readonly kind: 'pipeline'; readonly state: string }
  | { readonly kind: 'error'; readonly error: string; readonly cause: string };

/**
 * Records how a release ended, gives its slot to the next, and lets the bus tell people. The first ending of an attempt
 * stays; repeating it, or ending it otherwise, only passes the slot on.
 */
export async function finishRelease(
  context: FinishContext,
  releaseId: string,
  ending: Ending,
  attempt = 1,
): Promise<{ readonly status: Release['status'] }> {
  const found = await readRelease(context.store, releaseId);
  if (!found) throw new NotFound(`release ${releaseId} is not recorded, so it cannot be finished`);
  if (context.pipelines) await resolveRevision(context, context.pipelines, found.release);
  const event = endingEvent(found.release, ending, { attempt, at: nowAt(context.clock) });
  const { release } = await recordEvent(context, event);
  await passSlotOn(context, release.service, releaseId);
  return { status: release.status };
}

/** The event that an ending becomes. */
export function endingEvent(
  release: Release,
  ending: Ending,
  { attempt, at }: { attempt: number; at: string },
): SlipwayEvent {
  const { releaseId, service, traceId } = release;
  const about = {
    contract: 1,
    id: `${releaseId}/finished/${attempt}`,
    at,
    releaseId,
    service,
    traceId,
    attempt,
  } as const;
  if (ending.kind === 'pipeline') {
    if (ending.state === 'SUCCEEDED') return { ...about, type: 'release.succeeded' };
    return { ...about, type: 'release.failed', error: ending.state, reason: pipelineReason(release, ending.state) };
  }
  return { ...about, type: 'release.failed', error: ending.error, reason: reasonOf(ending.cause) };
}

function pipelineReason(release: Release, state: string): string {
  for (const stage of release.stages) {
    const failed = stage.actions.find((action) => action.state === 'FAILED');
    if (failed) return `${stage.name}/${failed.name}${failed.summary ? `: ${failed.summary}` : ' failed'}`;
  }
  return `the pipeline ended ${state}`;
}

const lambdaCause = z.object({ errorMessage: z.string() });

/** Lambda's cause is JSON with a stack trace; people are told the message. One that is not JSON is told as it is. */
function reasonOf(cause: string): string {
  const parsed = lambdaCause.safeParse(parseJson(cause));
  return (parsed.success ? parsed.data.errorMessage : cause).slice(0, 1000);
}
