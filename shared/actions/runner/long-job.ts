import type { JobContext } from './job-event.ts';
import { readToken } from './job.ts';
import { answerLimits, cut, fail, type Failure, type RunAgain, type Success, type Until } from '../result.ts';
import type { Traceable } from '../traceable.ts';

/** How the work of a long job ended. */
export type LongJobResult = Success | Failure | RunAgain;

/** What a long job ends with. */
export interface Ending {
  readonly result: LongJobResult;
  /** Nobody has seen the end of the work, so it is cancelled behind the result. */
  readonly isWorkLeft: boolean;
}

/**
 * One wait of one action execution. CodePipeline gives the execution a new job at each renewal; the record is keyed by the
 * first of them, and each token carries that key.
 */
export interface LongJob extends Traceable {
  /** The execution's first job, without a token. */
  readonly firstJobId: string;
  /** The job that waits for its result, or waited last. */
  readonly currentJobId: string;
  /**
   * `renewing`: the current job was, or is about to be, answered with a token, so that the next job brings the result;
   * `finished`: the current job has been given the result, or is being given it.
   */
  readonly phase: 'waiting' | 'renewing' | 'finished';
  /** When the wait was opened, by our clock, ISO 8601; empty in a record of an earlier version. */
  readonly openedAt: string;
  /** When the current job came, ISO 8601. */
  readonly adoptedAt: string;
  /** The action's function, for whoever has to start a workflow; a record of an earlier version names none. */
  readonly functionArn: string | undefined;
  /** Which of its workflows is the last, from 1. */
  readonly attempt: number;
  /**
   * CodePipeline gives the job up after 20 minutes without an answer, so it is renewed. One that a worker was given, of a custom
   * action type, has no such limit (CodePipeline user guide, "Quotas": 24 hours).
   */
  readonly isRenewed: boolean;
  /** The text that the pipeline passed. */
  readonly userParameters: string;
  readonly context: JobContext | undefined;
  readonly state: unknown;
  /** The step of the token that came before the wait; 0 if it was the first job. */
  readonly step: number;
  readonly until: Until;
  readonly checkCount: number;
  readonly summary: string;
  readonly percentComplete: number | undefined;
  /** Since when no check has reached the service that knows of the work, ISO 8601; undefined if the last one has. */
  readonly unreachedSince: string | undefined;
  /** There once the work has ended. */
  readonly result: LongJobResult | undefined;
  /** The job has its result, and its work is still to be cancelled. */
  readonly isWorkLeft: boolean;
  /** The pipeline has given the action up. */
  readonly isCancelled: boolean;
}

/** A wait that begins. */
export type NewLongJob = Pick<
  LongJob,
  | 'firstJobId'
  | 'currentJobId'
  | 'adoptedAt'
  | 'functionArn'
  | 'isRenewed'
  | 'userParameters'
  | 'context'
  | 'state'
  | 'step'
  | 'until'
  | 'summary'
  | 'percentComplete'
  | 'externalExecutionId'
>;

/** Remembers long jobs. Every write is conditional, so that two who come at once do not undo each other. */
export interface LongJobStore {
  /**
   * Keeps a wait that begins; one that is there already stays as it is.
   * @returns the record, and whether the event that it waits for has come before it
   */
  open(job: NewLongJob): Promise<{ readonly job: LongJob; readonly hasHappened: boolean }>;
  read(firstJobId: string): Promise<LongJob | undefined>;
  /** The job of a renewal has come: it is the one that waits from now on, unless the wait has finished. */
  adopt(firstJobId: string, jobId: string, adoptedAt: string): Promise<LongJob | undefined>;
  /** Keeps what check number `checkCount` has seen of work that goes on, unless another has seen it at the same time. */
  keepProgress(
    firstJobId: string,
    news: Pick<LongJob, 'state' | 'checkCount' | 'summary' | 'percentComplete' | 'externalExecutionId'>,
  ): Promise<void>;
  /** Keeps since when no check has reached anybody; `keepProgress` forgets it. */
  keepUnreached(firstJobId: string, since: string): Promise<void>;
  /** Keeps the result, and the state only if work is left; the first ending stays. */
  keepEnding(firstJobId: string, ending: Ending): Promise<void>;
  /** The work has ended, or is cancelled, or can't be: nobody comes back to it. */
  forgetWork(firstJobId: string): Promise<void>;
  /** Keeps which workflow is the last, and when it begins to work, ISO 8601. */
  keepAttempt(firstJobId: string, attempt: number, beginsAt: string): Promise<void>;
  /** First jobs whose work may go on, and whose last job or workflow began at `before` or earlier. */
  findOverdue(before: string): Promise<readonly string[]>;
  /** From waiting to renewing; false if it does not wait. */
  beginToRenew(firstJobId: string): Promise<boolean>;
  /** From waiting to finished; false if a renewal is under way, whose job is answered instead. */
  finish(firstJobId: string): Promise<boolean>;
  markCancelled(firstJobId: string): Promise<void>;
  /** First jobs of the action executions of a pipeline execution, of one action if it is named. */
  findByExecution(execution: Pick<JobContext, 'pipelineExecutionId'> & Partial<JobContext>): Promise<readonly string[]>;
  /** Says that an event has come. @returns the first job that waits for it, if it is known yet */
  keepEvent(key: string): Promise<string | undefined>;
}

/** What the workflow of a long job does next. */
export type NextStep =
  | { readonly next: 'end' }
  /** Waits for the event; renews the job when `seconds` have passed, then each time when `everySeconds` have. */
  | { readonly next: 'event'; readonly seconds: number; readonly everySeconds: number }
  /** Calls the check when `seconds` have passed, or the wait is resumed. */
  | { readonly next: 'check'; readonly seconds: number };

/** What a workflow is started with, and keeps. */
export interface LongJobWorkflow {
  /** Starts `job.asl.json` for a long job; starting it again changes nothing. */
  start(firstJobId: string, first: NextStep): Promise<void>;
}

/** A workflow of a long job: the first waits, each later one takes over from one that broke. */
export interface JobWorkflow {
  readonly firstJobId: string;
  readonly attempt: number;
}

/** Starts the workflows of long jobs; `shared/aws/job-workflow.ts` implements it. */
export interface JobWorkflows {
  /** Starts the workflow that calls `functionArn` back; one that was started before goes on as it is. */
  start(workflow: JobWorkflow & { readonly functionArn: string; readonly first: NextStep }): Promise<void>;
  isRunning(workflow: JobWorkflow): Promise<boolean>;
}

/** The name of a workflow: the first job, and behind it which of several it is. */
export function workflowName({ firstJobId, attempt }: JobWorkflow): string {
  return attempt === 1 ? firstJobId : `${firstJobId}_${attempt}`;
}

/** The workflow of a name. */
export function readWorkflowName(name: string): JobWorkflow {
  // The id of a job has no such character.
  const [firstJobId = name, attempt = '1'] = name.split('_');
  return { firstJobId, attempt: Number(attempt) };
}

/** What waiting for the end of a long job needs. */
export interface LongJobs {
  readonly store: LongJobStore;
  readonly workflow: LongJobWorkflow;
  /** The function that runs here. */
  readonly functionArn: string;
  /** Lets the workflow's wait be registered again. */
  readonly reopen: (firstJobId: string) => Promise<void>;
  /** Resumes the workflow's wait. */
  readonly resume: (firstJobId: string) => Promise<void>;
}

/** A job is renewed when it has waited so long: CodePipeline gives it up after 20 minutes without an answer. */
export const renewalSeconds = 15 * 60;

/**
 * A job this old that no other has followed is over: CodePipeline gives it up after 20 minutes, and the next one after a
 * renewal comes at once, or within the 10 minutes in which Lambda tries to deliver it.
 */
export const followedWithinSeconds = 30 * 60;

/** CodePipeline ends every action after a day (user guide, "Quotas"). */
export const longestSeconds = 24 * 3600;

/** How long to wait before check number `checkCount` + 1. */
export function nextCheckSeconds(until: Until, checkCount: number): number {
  if ('event' in until) return renewalSeconds;
  const { firstSeconds, backoffRate, maxSeconds } = until.checks;
  return Math.max(1, Math.ceil(Math.min(maxSeconds, firstSeconds * backoffRate ** checkCount)));
}

/** A check that reaches nobody is made again for so long; then the job fails. */
const unreachedForSeconds = 3600;

/**
 * When to check again after nobody was reached for so long already: in as long again, 5 seconds to 5 minutes. Undefined
 * when it has been too long.
 */
export function nextTrySeconds(secondsUnreached: number): number | undefined {
  return secondsUnreached < unreachedForSeconds ? Math.min(300, Math.max(5, Math.ceil(secondsUnreached))) : undefined;
}

/** What a job fails with whose work nobody could be asked about: the service's own words. */
export function tooLongUnreached({ message }: Failure): Failure {
  const end = '; its work could not be checked for an hour, retry the stage';
  return fail('SystemUnavailable', cut(message, answerLimits.messageCharacters - end.length) + end);
}

/** The token of a renewal: it names the first job and no step. */
export function writeRenewalToken(firstJobId: string): string {
  return `v1:${firstJobId}:renewed`;
}

/** The first job that a renewal's token names; undefined for any other token. */
export function readRenewalToken(token: string): string | undefined {
  return /^v1:([0-9a-zA-Z-]{1,64}):renewed$/.exec(token)?.[1];
}

/** The first job of an action execution, by any job of it. */
export function firstJobOf(jobId: string, continuationToken: string | undefined): string {
  const token = continuationToken ?? '';
  return readRenewalToken(token) ?? readToken(token)?.firstJobId ?? jobId;
}
