import { AwsError } from '../../local/errors.ts';

/** One job, as CodePipeline keeps it. */
export interface SeenJob {
  readonly id: string;
  readonly token: string | undefined;
  readonly createdMs: number;
  answeredMs?: number;
  /** Every answer that was sent, the first of which was taken if the action still ran. */
  readonly answers: string[];
}

/** How the action execution ended. */
export interface ActionEnd {
  readonly status: 'Succeeded' | 'Failed' | 'Abandoned' | 'timed out';
  readonly atMs: number;
}

/** One action execution: the first, or that of a retry. */
export interface Attempt {
  readonly jobs: readonly SeenJob[];
  readonly end: ActionEnd | undefined;
}

/** CodePipeline's side of one action, which may be retried (user guide, "AWS Lambda invoke action"; API reference, PutJobSuccessResult). */
export interface PipelineSide {
  readonly attempts: () => readonly Attempt[];
  /** How the last attempt ended. */
  readonly end: () => ActionEnd | undefined;
  /** Begins the action, also when its stage is retried. */
  begin(): void;
  abandon(): void;
  /** PutJobSuccessResult, PutJobFailureResult and GetPipelineExecution. @throws AwsError as documented */
  handle(operation: string, input: Readonly<Record<string, unknown>>): object;
}

/** How CodePipeline deals with the jobs of an action. */
export interface JobRules {
  /** The longest that the job of a continuation is under way. */
  readonly continuationMs: number;
  /** A job without an answer is given up. */
  readonly replyLimitMs: number;
}

/** Of a Lambda action. */
export const lambdaRules: JobRules = { continuationMs: 30_000, replyLimitMs: 20 * 60_000 };

/** Of a custom action type, whose worker looks every five minutes. */
export const workerRules: JobRules = { continuationMs: 300_000, replyLimitMs: 24 * 3_600_000 };

interface OwnAttempt {
  readonly jobs: SeenJob[];
  end: ActionEnd | undefined;
}

/** A pipeline whose one action gets a job at once, and another for each token. */
export function openPipeline(options: {
  readonly nowMs: () => number;
  readonly at: (atMs: number, go: () => void) => void;
  readonly deliver: (job: SeenJob) => void;
  readonly rules: JobRules;
}): PipelineSide {
  const { nowMs, at, deliver, rules } = options;
  const attempts: OwnAttempt[] = [];
  let jobCount = 0;
  const addJob = (own: OwnAttempt, token?: string): void => {
    const job: SeenJob = { id: idOf((jobCount += 1)), token, createdMs: nowMs(), answers: [] };
    own.jobs.push(job);
    const comesMs = nowMs() + (token === undefined ? 0 : rules.continuationMs);
    at(comesMs, () => own.end ?? deliver(job));
    at(comesMs + rules.replyLimitMs, () => {
      if (job.answeredMs === undefined) own.end ??= { status: 'timed out', atMs: nowMs() };
    });
  };
  const answer = (jobId: unknown, text: string): OwnAttempt => {
    const own = attempts.find(({ jobs }) => jobs.some(({ id }) => id === jobId));
    const job = own?.jobs.find(({ id }) => id === jobId);
    if (!own || !job) throw new AwsError('JobNotFoundException', `Job with id '${String(jobId)}' does not exist`);
    job.answers.push(text);
    if (own.end || job.answeredMs !== undefined)
      throw new AwsError('InvalidJobStateException', `Job '${job.id}' is in a state that takes no result`);
    job.answeredMs = nowMs();
    return own;
  };
  const last = (): OwnAttempt | undefined => attempts.at(-1);
  return {
    attempts: () => attempts,
    end: () => last()?.end,
    begin() {
      const own = { jobs: [], end: undefined };
      attempts.push(own);
      addJob(own);
    },
    abandon() {
      const own = last();
      if (own) own.end ??= { status: 'Abandoned', atMs: nowMs() };
    },
    handle(operation, input) {
      if (operation === 'GetPipelineExecution') return { pipelineExecution: { status: statusOf(last()?.end) } };
      if (operation === 'PutJobFailureResult') {
        answer(input['jobId'], 'failed').end = { status: 'Failed', atMs: nowMs() };
        return {};
      }
      if (operation !== 'PutJobSuccessResult') throw new Error(`the pipeline knows no ${operation}`);
      const { percentComplete = 0 } = (input['executionDetails'] ?? {}) as { readonly percentComplete?: number }; // as above
      if (!Number.isInteger(percentComplete))
        throw new AwsError('SerializationException', 'percentComplete is no integer');
      const token = input['continuationToken'] as string | undefined; // the client's own type
      const own = answer(input['jobId'], token === undefined ? 'succeeded' : 'continues');
      if (token === undefined) own.end = { status: 'Succeeded', atMs: nowMs() };
      else addJob(own, token);
      return {};
    },
  };
}

/** The execution's, which has no other action. */
function statusOf(end: ActionEnd | undefined): string {
  if (!end) return 'InProgress';
  if (end.status === 'Abandoned') return 'Stopped';
  return end.status === 'timed out' ? 'Failed' : end.status;
}

function idOf(jobNumber: number): string {
  return `00000000-0000-4000-8000-${String(jobNumber).padStart(12, '0')}`;
}
