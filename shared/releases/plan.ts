import { nowAt, type Clock, type Pause } from '../clock.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import type { Revision } from '../events/event.ts';
import { readRelease } from '../state/event-log.ts';
import { recordEvent, type RecordContext } from '../state/record.ts';
import { findOrAwaitSource, type SourceRecord } from '../state/sources.ts';
import { waitKeys } from '../state/waits.ts';
import { requireService, type ServiceDirectory } from '../services/service.ts';

/** The source that a pipeline is to take: a version, the latest, or one that is not there yet. */
export type SourcePlan =
  | { readonly kind: 'latest' }
  | { readonly kind: 'version'; readonly versionId: string }
  | { readonly kind: 'missing'; readonly commit: string };

/** Decides which source a release takes. `record` is the source record of the revision's commit, if it is a commit. */
export function planSource(revision: Revision | undefined, record: SourceRecord | undefined): SourcePlan {
  if (!revision) return { kind: 'latest' };
  switch (revision.type) {
    case 'S3_OBJECT_VERSION_ID':
      return { kind: 'version', versionId: revision.value };
    case 'COMMIT_ID':
      return record?.versionId === undefined
        ? { kind: 'missing', commit: revision.value }
        : { kind: 'version', versionId: record.versionId };
    case 'IMAGE_DIGEST':
      throw new InvalidInput(
        `an image digest cannot be released from a source bucket: got ${revision.value}; allowed are COMMIT_ID and S3_OBJECT_VERSION_ID`,
      );
  }
}

/** What planning needs. */
export interface PlanContext extends RecordContext {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly services: ServiceDirectory;
}

/** The plan's answer to the workflow. `wait` is the key to wait for when the source is not there. */
export type PlanOutcome =
  { readonly isReady: true } | { readonly isReady: false; readonly wait: string; readonly commit: string };

/** Checks that the release can start, and whether its source is there; if not, says in the log that it waits. */
export async function planRelease(context: PlanContext, releaseId: string): Promise<PlanOutcome> {
  const found = await readRelease(context.store, releaseId);
  if (!found) throw new NotFound(`release ${releaseId} is not recorded`);
  const { release } = found;
  const service = await requireService(context.services, release.service);
  const record =
    release.revision?.type === 'COMMIT_ID'
      ? await findOrAwaitSource(context, { service: service.name, commit: release.revision.value, releaseId })
      : undefined;
  const plan = planSource(release.revision, record);
  if (plan.kind !== 'missing') return { isReady: true };
  await recordEvent(context, {
    contract: 1,
    id: `${releaseId}/source-awaited`,
    at: nowAt(context.clock),
    type: 'source.awaited',
    releaseId,
    service: service.name,
    traceId: release.traceId,
    commit: plan.commit,
  });
  return { isReady: false, wait: waitKeys.source(service.name, plan.commit, releaseId), commit: plan.commit };
}
