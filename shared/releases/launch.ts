import { nowAt, type Clock } from '../clock.ts';
import { NotFound, SlipwayError } from '../errors.ts';
import { requireService, type Service, type ServiceDirectory } from '../services/service.ts';
import { readRelease } from '../state/event-log.ts';
import { adoptExecution } from '../state/execution-log.ts';
import { recordEvent, type RecordContext } from '../state/record.ts';
import type { Release } from '../state/release.ts';
import { readSource } from '../state/sources.ts';
import type { Store } from '../state/store.ts';
import { resolveWait, waitKeys, type TaskTokens } from '../state/waits.ts';
import { endOf } from './pipeline-event.ts';
import type { Pipelines, StartRequest } from './pipelines.ts';
import { planSource } from './plan.ts';

/** A commit has no source in the service's bucket. */
export class NoSource extends SlipwayError {
  override readonly name = 'NoSource';
  override readonly kind = 'conflict';
}

/** What launching needs. */
export interface LaunchContext extends RecordContext {
  readonly clock: Clock;
  readonly services: ServiceDirectory;
  readonly pipelines: Pipelines;
  readonly tasks: TaskTokens;
}

/** The started pipeline execution, and the key to wait for. */
export interface LaunchOutcome {
  readonly pipelineExecutionId: string;
  readonly wait: string;
}

/**
 * Starts the pipeline of a release. Safe to repeat at any point: the release id is the start's idempotency token, and the
 * execution's events that came before its release was known are appended once.
 */
export async function launchRelease(context: LaunchContext, releaseId: string): Promise<LaunchOutcome> {
  const found = await readRelease(context.store, releaseId);
  if (!found) throw new NotFound(`release ${releaseId} is not recorded`);
  const { release } = found;
  const { arn: pipelineArn, executionId, attempt } = release.pipeline ?? (await start(context, release));
  const { service, traceId } = release;
  const early = await adoptExecution(context, executionId, { releaseId, service, traceId, pipelineArn, attempt });
  const wait = waitKeys.pipelineExecution(executionId, attempt);
  const end = early.map(endOf).find((outcome) => outcome !== undefined);
  if (end && attempt === 1) await resolveWait(context, wait, end);
  return { pipelineExecutionId: executionId, wait };
}

async function start(context: LaunchContext, release: Release) {
  const service = await requireService(context.services, release.service);
  const source = await sourceOf(context.store, service, release);
  const { arn } = service.pipeline;
  const { releaseId, traceId } = release;
  const executionId = await context.pipelines.start(arn, { token: releaseId, ...(source && { source }) });
  await recordEvent(context, {
    contract: 1,
    id: `${releaseId}/started`,
    at: nowAt(context.clock),
    type: 'release.started',
    releaseId,
    service: service.name,
    traceId,
    pipelineArn: arn,
    pipelineExecutionId: executionId,
    attempt: 1,
    sourceVersion: source?.versionId,
  });
  return { arn, executionId, attempt: 1 };
}

async function sourceOf(store: Store, service: Service, { revision }: Release): Promise<StartRequest['source']> {
  const isCommit = revision?.type === 'COMMIT_ID';
  const plan = planSource(revision, isCommit ? await readSource(store, service.name, revision.value) : undefined);
  if (plan.kind === 'missing') throw new NoSource(noSource(plan.commit));
  return plan.kind === 'latest' ? undefined : { action: service.source.action, versionId: plan.versionId };
}

/** What a person is told when a commit has no source; the state machine's time-out says the same. */
function noSource(commit: string): string {
  return `no source for ${commit}; run slipway source put`;
}
