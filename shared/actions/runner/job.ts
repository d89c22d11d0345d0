import type { JobContext } from './job-event.ts';
import type { Failure, Success, Until } from '../result.ts';
import type { Traceable } from '../traceable.ts';

/** What is known of a job when a delivery of it asks to run. */
export type Claim =
  /** Nobody ran it: this delivery does. */
  | { readonly state: 'claimed' }
  /** It has its result and CodePipeline knows: nothing to do. */
  | { readonly state: 'answered' }
  /** Another delivery runs it until `until`. */
  | { readonly state: 'running'; readonly until: string }
  /** Its action waits for work that goes on elsewhere; whoever ends the wait answers it. */
  | { readonly state: 'waiting' }
  /** A delivery began it and never came back; `answer` is there if only sending it was missing. */
  | { readonly state: 'interrupted'; readonly answer: Answer | undefined };

/** A job, and the first job of the action execution that it belongs to. */
export interface JobOfAction {
  readonly jobId: string;
  readonly firstJobId: string;
}

/** How far an action has come, for people who watch. */
export interface ActionProgress {
  /** The same for the same piece of news, however often it is told. */
  readonly id: string;
  readonly context: JobContext;
  readonly actionId: string;
  readonly at: string;
  readonly summary: string;
  readonly percentComplete: number | undefined;
}

/** The delivery that asks to run a job. */
export interface Lease {
  readonly now: string;
  /** When the delivery has ended at the latest, ISO 8601. */
  readonly until: string;
  /** Lambda's id of the request, the same each time it delivers an asynchronous event again. */
  readonly requestId: string;
  /** Running the job twice does no harm. */
  readonly isIdempotent: boolean;
  readonly firstJobId: string;
  /** When somebody has to look at the job if it has no answer by then, ISO 8601: no delivery comes back to it any more. */
  readonly checkAt: string;
}

/**
 * Remembers jobs. Every write is conditional: of two deliveries of one job that run at once, one wins.
 *
 * A job is claimed, answered, or its claim has expired. Only `answered` may be skipped on redelivery: a delivery that
 * died first has answered nobody.
 */
export interface JobStore {
  /**
   * Claims a job until `until`. A claim that has expired by `now` is taken over and reported as `interrupted`. So is a
   * live one of the same request, as Lambda delivers an event again when its last delivery has ended; but because it may
   * also deliver it twice at once, only if the job is idempotent or nothing but sending the answer is left.
   */
  claim(jobId: string, lease: Lease): Promise<Claim>;
  /** Reads a job without claiming it; undefined if no delivery ever claimed it. */
  inspect(jobId: string, now: string): Promise<Claim | undefined>;
  /** Keeps the answer before it is sent, so that whoever follows a death sends the same one. */
  keepAnswer(jobId: string, answer: Answer): Promise<void>;
  /** Keeps a claimed job open behind its delivery: its action waits for work elsewhere. */
  leaveOpen(jobId: string): Promise<void>;
  /** Marks a job as answered. */
  markAnswered(jobId: string): Promise<void>;
  /**
   * Keeps the state of step `step` of the action that began with job `firstJobId`; the first writer of a step wins.
   */
  keepState(step: ContinuationToken, state: StoredState): Promise<void>;
  /** Reads the state of a step. */
  readState(step: ContinuationToken): Promise<StoredState | undefined>;
  /**
   * Asks for a look at a job at `dueAt` (ISO 8601): its claim expires then, and nobody else may come back to it. A job that
   * nobody claimed is kept as one whose claim has expired.
   */
  leaveCheck(job: JobOfAction, dueAt: string): Promise<void>;
  /** Jobs whose check is due at `now`. */
  dueChecks(now: string): Promise<readonly JobOfAction[]>;
  removeCheck(jobId: string): Promise<void>;
}

/** How the checks of a wait go on that nobody pushes. */
export interface PolledCheck {
  readonly until: Until;
  /** How many were made. */
  readonly count: number;
  /** Since when no check has reached anybody, ISO 8601. */
  readonly unreachedSince?: string;
}

/** What lives from one invocation to the next. */
export interface StoredState extends Traceable {
  readonly state: unknown;
  /** A delivery before this time (ISO 8601) answers with the token again. */
  readonly notBefore: string;
  readonly summary: string;
  readonly percentComplete: number | undefined;
  /** There if the next invocation calls the action's `check` instead of its `run`. */
  readonly check: PolledCheck | undefined;
}

/** Points at a stored state: the action's first job, and the step. */
export interface ContinuationToken {
  readonly firstJobId: string;
  /** 1 for the state that the first job left. */
  readonly step: number;
}

/** The token as CodePipeline carries it, `v1:<first job>:<step>`: it holds no state and no secret. */
export function writeToken({ firstJobId, step }: ContinuationToken): string {
  return `v1:${firstJobId}:${step}`;
}

/** Reads a token; undefined if it is not one of ours. */
export function readToken(token: string): ContinuationToken | undefined {
  const match = /^v1:([0-9a-zA-Z-]{1,64}):([1-9][0-9]{0,5})$/.exec(token);
  return match?.[1] && match[2] ? { firstJobId: match[1], step: Number(match[2]) } : undefined;
}

/** What CodePipeline is told of a job: how it ended, or the token that points at the stored state. */
export type Answer =
  | Success
  | Failure
  | (Traceable & {
      readonly kind: 'continues';
      readonly token: string;
      readonly summary: string;
      readonly percentComplete: number | undefined;
    });

/** Tells CodePipeline the answer of a job. */
export interface JobAnswers {
  /**
   * Sends an answer.
   * @returns `refused` if CodePipeline has taken or given up the job already, which no retry can change;
   *   `unacceptable` with the reason if it can never take this answer, and still waits for one
   * @throws if CodePipeline could not be reached within the client's retries
   */
  send(jobId: string, answer: Answer): Promise<'taken' | 'refused' | { readonly unacceptable: string }>;
}
