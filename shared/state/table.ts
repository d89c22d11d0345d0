/** The key of an item in the one table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The global secondary index: items that a sweep or a list must find, by what they are and when. */
export const sweepIndex = { name: 'gsi1', partition: 'gsi1pk', sort: 'gsi1sk' } as const;

/** The attribute that DynamoDB's time to live reads. Readers compare it with now; TTL only tidies up. */
export const expiryAttribute = 'expiresAtEpochSeconds';

/** Partitions of the sweep index. */
export const sweeps = {
  /** Every release, by the time it was asked for. */
  releases: 'releases',
  /** Waits whose workflow has not been resumed, by the time they were registered. */
  waits: 'waits',
  /** Slots that are held or queued for, by service. */
  slots: 'slots',
  /** Jobs whose claim runs out with nobody left to answer, by the time to look at them. */
  jobChecks: 'job-checks',
  /** Long jobs whose work may go on, by the time their last job or workflow began. */
  longJobs: 'long-jobs',
  /** Jobs of custom actions that a worker was given and has not started, by the time to look at them. */
  handOuts: 'hand-outs',
} as const;

const digits = (n: number): string => String(n).padStart(8, '0');

/** Keys of everything that the table holds; no other file builds one. */
export const keys = {
  /** A release's current view. */
  release: (releaseId: string): Key => ({ pk: `release/${releaseId}`, sk: 'view' }),
  /** Event `n` of a release, from 1. */
  event: (releaseId: string, n: number): Key => ({ pk: `release/${releaseId}`, sk: `event/${digits(n)}` }),
  /** Says that an event's id has been appended, and as which number. */
  marker: (releaseId: string, eventId: string): Key => ({ pk: `release/${releaseId}`, sk: `marker/${eventId}` }),
  wait: (key: string): Key => ({ pk: `wait/${key}`, sk: 'wait' }),
  slot: (service: string): Key => ({ pk: `slot/${service}`, sk: 'slot' }),
  /** Which release a pipeline execution belongs to. */
  execution: (executionId: string): Key => ({ pk: `pipeline-execution/${executionId}`, sk: 'release' }),
  /** An event of a pipeline execution, kept whether or not the execution's release is known yet. */
  executionEvent: (executionId: string, eventId: string): Key => ({
    pk: `pipeline-execution/${executionId}`,
    sk: `event/${eventId}`,
  }),
  /** The stored version of a service's source for a commit. */
  source: (service: string, commit: string): Key => ({ pk: `source/${service}`, sk: `commit/${commit}` }),
  /** A CodePipeline job: claimed, answered or expired. */
  job: (jobId: string): Key => ({ pk: `job/${jobId}`, sk: 'job' }),
  /** A job of a custom action that was given to a worker. */
  handOut: (jobId: string, nonce: string): Key => ({ pk: `job/${jobId}`, sk: `hand-out/${nonce}` }),
  /** The state that a long action left behind at a step, from 1. */
  continuation: (firstJobId: string, step: number): Key => ({
    pk: `long-job/${firstJobId}`,
    sk: `state/${digits(step)}`,
  }),
  /** A wait of a long action, by the action's first job. */
  longJob: (firstJobId: string): Key => ({ pk: `long-job/${firstJobId}`, sk: 'wait' }),
  /** Finds the long jobs of an action execution. */
  longJobOf: (
    { pipelineExecutionId, stage, action }: { pipelineExecutionId: string; stage: string; action: string },
    firstJobId: string,
  ): Key => ({ pk: `pipeline-execution/${pipelineExecutionId}/long-jobs`, sk: `${stage}/${action}/${firstJobId}` }),
  /** Something that an action has done, or has begun to do. */
  effect: (scope: string, name: string): Key => ({ pk: `effects/${scope}`, sk: name }),
  /** An event that a long job waits for, whether it came first or the job did. */
  longJobEvent: (key: string): Key => ({ pk: `long-job-event/${key}`, sk: 'event' }),
} as const;

/** What precedes the number in the sort keys of a release's events. */
export const eventSortPrefix = 'event/';
