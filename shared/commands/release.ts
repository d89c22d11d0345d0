import * as z from 'zod/mini';
import { nowAt } from '../clock.ts';
import { Conflict } from '../errors.ts';
import { commitSchema, serviceNameSchema } from '../events/event.ts';
import { releaseIdOf } from '../events/release-id.ts';
import { requestEventId } from '../releases/request.ts';
import { requireService } from '../services/service.ts';
import { readRelease } from '../state/event-log.ts';
import { releaseCommand } from './define.ts';

/** Asks for a release; without a revision, of the latest source. */
export const release = releaseCommand({
  verb: 'release',
  summary: 'Release a service, at a commit or at its latest source.',
  allowed: ['releaser'],
  input: z.strictObject({
    service: serviceNameSchema,
    revision: z.optional(commitSchema),
    reason: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
    /** Asking again with the same id asks for the same release. */
    requestId: z.optional(z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/))),
  }),
  async run({ service, revision, reason, requestId = undefined }, context) {
    await requireService(context.services, service);
    const cause = { kind: 'command', requestId: requestId ?? context.newId() } as const;
    const releaseId = releaseIdOf(cause);
    const statusPath = `/api/releases/${releaseId}`;
    const known = await readRelease(context.store, releaseId);
    if (known && known.release.service !== service) {
      throw new Conflict(
        `request ${cause.requestId} asked for a release of ${known.release.service}; take another requestId for ${service}`,
      );
    }
    if (known) {
      return { isDone: false, body: { status: 'duplicate', releaseId, statusPath } };
    }
    await context.bus.publish({
      contract: 1,
      id: requestEventId(releaseId),
      at: nowAt(context.clock),
      type: 'release.requested',
      releaseId,
      service,
      traceId: context.traceId,
      cause,
      requestedBy: context.principal.id,
      ...(revision && { revision: { type: 'COMMIT_ID', value: revision } }),
      ...(reason && { reason }),
    });
    return { isDone: false, body: { status: 'accepted', releaseId, statusPath } };
  },
});
