import { nowAt, type Clock } from '../clock.ts';
import { recordEvent, type RecordContext } from '../state/record.ts';
import type { Release } from '../state/release.ts';
import type { Pipelines } from './pipelines.ts';

/** Records which revision the pipeline took, for a release that asked for the latest; once it is known, it stays. */
export async function resolveRevision(
  context: RecordContext & { readonly clock: Clock },
  pipelines: Pipelines,
  release: Release,
): Promise<void> {
  const { pipeline, releaseId, service, traceId } = release;
  if (release.revision || !pipeline) return;
  const execution = await pipelines.findExecution(pipeline.arn, pipeline.executionId);
  const [revision] = execution?.revisions ?? [];
  if (!revision) return;
  await recordEvent(context, {
    contract: 1,
    id: `${releaseId}/revision`,
    at: nowAt(context.clock),
    type: 'revision.resolved',
    releaseId,
    service,
    traceId,
    pipelineExecutionId: pipeline.executionId,
    revision,
  });
}
