import * as z from 'zod/mini';
import { releaseIdPattern } from './release-id.ts';

/** A service's name, as in its parameter's name and in every key. */
export const serviceNameSchema = z.string().check(z.regex(/^[a-z][a-z0-9-]{1,38}$/));

/** A release's id, as `releaseIdOf` makes it. */
export const releaseIdSchema = z.string().check(z.regex(releaseIdPattern));

/** A commit's full id, as a person names it. */
export const commitSchema = z.string().check(z.regex(/^[0-9a-f]{40}$/, 'must be the 40 hex digits of a commit'));

/** What exactly is released. A commit is found in the service's bucket by its source record. */
export const revisionSchema = z.object({
  type: z.enum(['COMMIT_ID', 'S3_OBJECT_VERSION_ID', 'IMAGE_DIGEST']),
  value: z.string().check(z.minLength(1), z.maxLength(1500)),
});
export type Revision = z.infer<typeof revisionSchema>;

/** What asked for the release. */
export const causeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), trigger: z.string(), deliveryId: z.optional(z.string()) }),
  z.object({
    kind: z.literal('schedule'),
    schedule: z.string().check(z.minLength(1)),
    scheduledAt: z.string().check(z.minLength(1)),
  }),
  z.object({ kind: z.literal('command'), requestId: z.string().check(z.minLength(1)) }),
]);
export type Cause = z.infer<typeof causeSchema>;

/** What a request for a release says beside which service; the scheduler's has no more than this. */
const requestFields = {
  cause: causeSchema,
  /** Who or what asked: `github/octocat`, `schedule/nightly-checkout`, `token/admin`. */
  requestedBy: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Absent: the latest source. */
  revision: z.optional(revisionSchema),
  reason: z.optional(z.string().check(z.maxLength(500))),
};

const about = {
  contract: z.literal(1),
  /** Names the fact: appending an event of the same id twice appends it once. */
  id: z.string().check(z.minLength(1), z.maxLength(300)),
  at: z.iso.datetime(),
  releaseId: releaseIdSchema,
  service: serviceNameSchema,
  /** One id from the webhook to the last message. */
  traceId: z.string().check(z.minLength(1)),
};

const execution = { pipelineExecutionId: z.string().check(z.minLength(1)) };
const action = { ...execution, stage: z.string(), action: z.string() };

/** States as CodePipeline's events write them: upper case, CANCELED with one L. */
export const pipelineStates = [
  'STARTED',
  'SUCCEEDED',
  'FAILED',
  'RESUMED',
  'CANCELED',
  'SUPERSEDED',
  'STOPPING',
  'STOPPED',
] as const;
export type PipelineState = (typeof pipelineStates)[number];

/** States of a stage in its events. */
export const stageStates = ['STARTED', 'SUCCEEDED', 'FAILED', 'RESUMED', 'CANCELED', 'STOPPING', 'STOPPED'] as const;

/** States of an action in its events. */
export const actionStates = ['STARTED', 'SUCCEEDED', 'FAILED', 'CANCELED', 'ABANDONED'] as const;

/** Everything that can happen to a release. Readers drop members they do not know: changes are additive. */
export const eventSchema = z.discriminatedUnion('type', [
  /** `workflow` is the workflow execution that recorded the request, and so owns the release. */
  z.object({ ...about, type: z.literal('release.requested'), ...requestFields, workflow: z.optional(z.string()) }),
  z.object({ ...about, type: z.literal('source.awaited'), commit: z.string() }),
  z.object({ ...about, type: z.literal('release.queued'), behind: releaseIdSchema }),
  z.object({
    ...about,
    ...execution,
    type: z.literal('release.started'),
    pipelineArn: z.string(),
    attempt: z.int().check(z.gte(1)),
    /** The version of the source object, where the release asked for a revision. */
    sourceVersion: z.optional(z.string()),
  }),
  /** Which revision the pipeline took, when the release did not ask for one. */
  z.object({ ...about, ...execution, type: z.literal('revision.resolved'), revision: revisionSchema }),
  z.object({ ...about, ...execution, type: z.literal('pipeline.changed'), state: z.enum(pipelineStates) }),
  z.object({
    ...about,
    ...execution,
    type: z.literal('stage.changed'),
    stage: z.string(),
    state: z.enum(stageStates),
  }),
  z.object({
    ...about,
    ...action,
    type: z.literal('action.changed'),
    state: z.enum(actionStates),
    category: z.string(),
    provider: z.string(),
    summary: z.optional(z.string()),
    url: z.optional(z.string()),
    errorCode: z.optional(z.string()),
  }),
  /** A running action says how far it is; the pipeline sends no event for that. */
  z.object({
    ...about,
    ...execution,
    type: z.literal('action.progressed'),
    /** The action's id in the registry, such as `smoke-test`. */
    action: z.string(),
    summary: z.string().check(z.maxLength(2048)),
    percentComplete: z.optional(z.int().check(z.gte(0), z.lte(100))),
  }),
  z.object({ ...about, ...action, type: z.literal('approval.requested') }),
  z.object({
    ...about,
    ...action,
    type: z.literal('approval.answered'),
    decision: z.enum(['approved', 'rejected']),
    by: z.string(),
    comment: z.optional(z.string().check(z.maxLength(512))),
  }),
  z.object({ ...about, type: z.literal('release.succeeded'), attempt: z.int().check(z.gte(1)) }),
  /** `error` is a literal error name, or the pipeline's last state. */
  z.object({
    ...about,
    type: z.literal('release.failed'),
    attempt: z.int().check(z.gte(1)),
    error: z.string(),
    reason: z.string(),
  }),
  /** A stage of an execution that had ended was retried. */
  z.object({ ...about, ...execution, type: z.literal('release.reopened'), attempt: z.int().check(z.gte(2)) }),
]);

/** One fact about one release. */
export type SlipwayEvent = z.infer<typeof eventSchema>;

/** What kind of fact an event is: `release.requested`, `stage.changed`, … */
export type EventType = SlipwayEvent['type'];

/** An event of one type. */
export type EventOf<Type extends EventType> = Extract<SlipwayEvent, { type: Type }>;

type WithoutRelease<Event> = Event extends SlipwayEvent ? Omit<Event, 'releaseId' | 'service' | 'traceId'> : never;

/** An event of a pipeline execution before its release is known. */
export type ExecutionEvent = WithoutRelease<Extract<SlipwayEvent, { pipelineExecutionId: string }>>;

/** A request for a release as it travels on the bus: from the scheduler it names neither itself nor its release. */
export const releaseRequestSchema = z.object({
  contract: z.literal(1),
  type: z.literal('release.requested'),
  service: serviceNameSchema,
  ...requestFields,
  id: z.optional(about.id),
  at: z.optional(about.at),
  releaseId: z.optional(about.releaseId),
  traceId: z.optional(about.traceId),
});
export type ReleaseRequest = z.infer<typeof releaseRequestSchema>;
