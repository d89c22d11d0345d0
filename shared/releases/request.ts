import { nowAt, type Clock } from '../clock.ts';
import { Misconfigured } from '../errors.ts';
import type { EventOf, ReleaseRequest } from '../events/event.ts';
import { releaseIdOf } from '../events/release-id.ts';
import { appendEvent, readEntries, type EventLogContext } from '../state/event-log.ts';

/** What recording a request needs. */
export interface RequestContext extends EventLogContext {
  readonly clock: Clock;
}

/** Who goes on with the release: this workflow, or none because another has it. */
export interface RequestOutcome {
  readonly isDuplicate: boolean;
  readonly releaseId: string;
  readonly service: string;
  readonly traceId: string;
}

/**
 * Appends event 1 of a release, and alone decides whether this workflow owns it: the first one does, also when its task is
 * tried again; every other one is a duplicate.
 */
export async function requestRelease(
  context: RequestContext,
  request: ReleaseRequest,
  workflow: string,
): Promise<RequestOutcome> {
  const event = requestEvent(request, workflow, nowAt(context.clock));
  const { releaseId, service, traceId } = event;
  const { isNew } = await appendEvent(context, event);
  const isDuplicate = !isNew && (await ownerOf(context, releaseId)) !== workflow;
  return { isDuplicate, releaseId, service, traceId };
}

/** The event that a request becomes; the scheduler's names neither itself nor its release, so its cause does. */
export function requestEvent(request: ReleaseRequest, workflow: string, at: string): EventOf<'release.requested'> {
  const releaseId = request.releaseId ?? idFromCause(request);
  return {
    ...request,
    workflow,
    releaseId,
    id: request.id ?? requestEventId(releaseId),
    at: request.at ?? at,
    traceId: request.traceId ?? releaseId,
  };
}

/** The id of a release's first event. */
export function requestEventId(releaseId: string): string {
  return `${releaseId}/requested`;
}

function idFromCause({ cause }: ReleaseRequest): string {
  switch (cause.kind) {
    case 'schedule':
      return releaseIdOf(cause);
    case 'command':
      return releaseIdOf(cause);
    case 'webhook':
      throw new Misconfigured(`a request by trigger ${cause.trigger} must carry the release id of its signed bytes`);
  }
}

async function ownerOf(context: RequestContext, releaseId: string): Promise<string | undefined> {
  const [first] = await readEntries(context.store, releaseId, { after: 0, limit: 1 });
  return first?.event.type === 'release.requested' ? first.event.workflow : undefined;
}
