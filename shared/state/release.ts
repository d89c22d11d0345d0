import * as z from 'zod/mini';
import { causeSchema, pipelineStates, revisionSchema, type EventOf, type SlipwayEvent } from '../events/event.ts';

const changed = { state: z.string(), changedAt: z.string() };

const actionSchema = z.object({
  name: z.string(),
  ...changed,
  summary: z.optional(z.string()),
  url: z.optional(z.string()),
});
const stageSchema = z.object({
  name: z.string(),
  ...changed,
  /** The time of the earliest event of it. */
  beganAt: z.optional(z.string()),
  actions: z.array(actionSchema),
});

/** What a release looks like now: its events, folded. The read API answers it as it is. */
export const releaseSchema = z.object({
  contract: z.literal(1),
  releaseId: z.string(),
  service: z.string(),
  status: z.enum(['requested', 'waiting-for-source', 'queued', 'running', 'awaiting-approval', 'succeeded', 'failed']),
  requestedAt: z.string(),
  requestedBy: z.string(),
  cause: causeSchema,
  traceId: z.string(),
  revision: z.optional(revisionSchema),
  reason: z.optional(z.string()),
  /** The workflow execution that owns the release. */
  workflow: z.optional(z.string()),
  startedAt: z.optional(z.string()),
  finishedAt: z.optional(z.string()),
  pipeline: z.optional(
    z.object({
      arn: z.string(),
      executionId: z.string(),
      attempt: z.number(),
      state: z.optional(z.enum(pipelineStates)),
      changedAt: z.optional(z.string()),
    }),
  ),
  /** As they began; within one second, which is as exact as their events are, as they were heard of. */
  stages: z.array(stageSchema),
  progress: z.optional(
    z.object({ action: z.string(), summary: z.string(), percentComplete: z.optional(z.number()), at: z.string() }),
  ),
  approval: z.optional(z.object({ stage: z.string(), action: z.string(), requestedAt: z.string() })),
  failure: z.optional(z.object({ error: z.string(), reason: z.string() })),
});
export type Release = z.infer<typeof releaseSchema>;

/** Whether nothing more is expected of this release, unless a stage of its pipeline execution is retried. */
export function isFinished(release: Release): boolean {
  return release.status === 'succeeded' || release.status === 'failed';
}

/** The view after an event. Events arrive in any order: what an earlier one says never undoes what a later one said. */
export function foldEvent(release: Release | undefined, event: SlipwayEvent): Release {
  if (!release) {
    if (event.type !== 'release.requested')
      throw new Error(`a release begins with release.requested, not ${event.type}`);
    return requested(event);
  }
  return { ...release, ...changesOf(release, event) };
}

function requested(event: EventOf<'release.requested'>): Release {
  const { contract, releaseId, service, requestedBy, cause, traceId, revision, reason, workflow } = event;
  return {
    contract,
    releaseId,
    service,
    status: 'requested',
    requestedAt: event.at,
    requestedBy,
    cause,
    traceId,
    revision,
    reason,
    workflow,
    stages: [],
  };
}

function changesOf(release: Release, event: SlipwayEvent): Partial<Release> {
  switch (event.type) {
    case 'release.requested':
      return {};
    case 'source.awaited':
      return atLeast(release, 'waiting-for-source');
    case 'release.queued':
      return atLeast(release, 'queued');
    case 'release.started': {
      const { pipelineArn: arn, pipelineExecutionId: executionId, attempt } = event;
      return { ...atLeast(release, 'running'), startedAt: event.at, pipeline: { arn, executionId, attempt } };
    }
    case 'revision.resolved':
      return { revision: event.revision };
    case 'pipeline.changed':
      return pipelineChanged(release, event);
    case 'stage.changed':
      return { stages: withStage(release.stages, event, (stage) => newer(stage, event)) };
    case 'action.changed':
      return actionChanged(release, event);
    case 'action.progressed':
      return progressed(release, event);
    case 'approval.requested':
      return approvalRequested(release, event);
    case 'approval.answered':
      return answered(release, event);
    case 'release.succeeded':
      if (isOfEarlierAttempt(release, event)) return {};
      return { status: 'succeeded', finishedAt: event.at, approval: undefined, progress: undefined };
    case 'release.failed': {
      if (isOfEarlierAttempt(release, event)) return {};
      const failure = { error: event.error, reason: event.reason };
      return { status: 'failed', finishedAt: event.at, failure, approval: undefined, progress: undefined };
    }
    case 'release.reopened': {
      const pipeline = release.pipeline && { ...release.pipeline, attempt: event.attempt };
      return { status: 'running', finishedAt: undefined, failure: undefined, pipeline };
    }
  }
}

/** The end of an attempt may be recorded when the next one has begun already. */
function isOfEarlierAttempt({ pipeline }: Release, { attempt }: { attempt: number }): boolean {
  return pipeline !== undefined && attempt < pipeline.attempt;
}

const progressOf = ['requested', 'waiting-for-source', 'queued', 'running'];

function atLeast(release: Release, status: Release['status']): Partial<Release> {
  const at = progressOf.indexOf(release.status);
  return at >= 0 && at < progressOf.indexOf(status) ? { status } : {};
}

function pipelineChanged(release: Release, event: EventOf<'pipeline.changed'>): Partial<Release> {
  const before = release.pipeline;
  if (!before) return {};
  if (before.state && !isNewer({ state: before.state, changedAt: before.changedAt ?? '' }, event)) return {};
  return { pipeline: { ...before, state: event.state, changedAt: event.at } };
}

function actionChanged(release: Release, event: EventOf<'action.changed'>): Partial<Release> {
  const { summary, url } = event;
  const stages = withStage(release.stages, event, (stage) => ({
    ...(stage ?? { name: event.stage, state: 'STARTED', changedAt: event.at, actions: [] }),
    actions: withNamed(stage?.actions ?? [], event.action, (action) =>
      action && !isNewer(action, event)
        ? action
        : { name: event.action, state: event.state, changedAt: event.at, summary, url },
    ),
  }));
  if (event.state === 'STARTED') return { stages };
  return { stages, progress: undefined, ...withoutApproval(release, event) };
}

function progressed(release: Release, event: EventOf<'action.progressed'>): Partial<Release> {
  if (isFinished(release) || (release.progress && release.progress.at > event.at)) return {};
  const { action, summary, percentComplete, at } = event;
  return { progress: { action, summary, percentComplete, at } };
}

function approvalRequested(release: Release, event: EventOf<'approval.requested'>): Partial<Release> {
  const action = release.stages
    .find((stage) => stage.name === event.stage)
    ?.actions.find((candidate) => candidate.name === event.action);
  const isOver = action !== undefined && action.state !== 'STARTED' && action.changedAt >= event.at;
  if (isOver || isFinished(release)) return {};
  return {
    status: 'awaiting-approval',
    approval: { stage: event.stage, action: event.action, requestedAt: event.at },
  };
}

function answered(release: Release, event: EventOf<'approval.answered'>): Partial<Release> {
  return withoutApproval(release, event);
}

function withoutApproval(release: Release, about: { stage: string; action: string }): Partial<Release> {
  const { approval } = release;
  if (approval?.stage !== about.stage || approval.action !== about.action) return {};
  return { approval: undefined, ...(release.status === 'awaiting-approval' ? { status: 'running' as const } : {}) };
}

/** Times are whole seconds: within one, the state that comes later in a life wins. */
function isNewer(before: { state: string; changedAt: string }, event: { state: string; at: string }): boolean {
  const [old, now] = [Date.parse(before.changedAt), Date.parse(event.at)];
  return now > old || (now === old && rank(event.state) >= rank(before.state));
}

function rank(state: string): number {
  if (state === 'STARTED') return 0;
  return state === 'RESUMED' || state === 'STOPPING' ? 1 : 2;
}

type Stage = Release['stages'][number];

function newer(stage: Stage | undefined, event: EventOf<'stage.changed'>): Stage {
  if (stage && !isNewer(stage, event)) return stage;
  return { name: event.stage, actions: [], ...stage, state: event.state, changedAt: event.at };
}

function withStage(
  stages: readonly Stage[],
  { stage: name, at }: { readonly stage: string; readonly at: string },
  change: (stage: Stage | undefined) => Stage,
): Stage[] {
  const changedStages = withNamed(stages, name, (stage) => {
    const { beganAt = at } = stage ?? {};
    return { ...change(stage), beganAt: Date.parse(beganAt) <= Date.parse(at) ? beganAt : at };
  });
  return changedStages.toSorted((one, other) => beganMs(one) - beganMs(other));
}

/** A view of an earlier version does not know. */
function beganMs({ beganAt }: Stage): number {
  return beganAt === undefined ? 0 : Date.parse(beganAt);
}

function withNamed<T extends { name: string }>(
  all: readonly T[],
  name: string,
  change: (one: T | undefined) => T,
): T[] {
  const at = all.findIndex((one) => one.name === name);
  return at < 0 ? [...all, change(undefined)] : all.map((one, index) => (index === at ? change(one) : one));
}
