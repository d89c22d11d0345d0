import { messageOf } from '../../errors.ts';
import { memoryStore } from '../../state/memory-store.ts';
import type { Action } from '../action.ts';
import type { ArtifactFiles } from '../artifacts.ts';
import { giveUp, heardEvent } from '../runner/end-waits.ts';
import type { ActionEdge } from '../runner/guard.ts';
import type { ActionProgress, Answer } from '../runner/job.ts';
import { writeRenewalToken, type LongJobs, type NextStep } from '../runner/long-job.ts';
import { createLongJobStore } from '../runner/long-job-store.ts';
import type { Failure, Success } from '../result.ts';
import { runAction } from '../runner/run-action.ts';
import { stepLongJob } from '../runner/run-long-job.ts';
import { testJobEvent, type TestJobOptions } from './test-job.ts';
import { traceOf } from '../traceable.ts';

/** A time span, its parts added up. */
export interface Duration {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
}

/** An action execution in memory, from its first job to its one result. */
export interface ActionRun {
  /** What CodePipeline was told in the end; undefined while the action continues or waits. */
  readonly result: Success | Failure | undefined;
  /** Everything that CodePipeline was told, tokens included. */
  readonly answers: readonly { readonly jobId: string; readonly answer: Answer }[];
  /** Output artifacts by name. */
  readonly outputs: ReadonlyMap<string, ArtifactFiles>;
  readonly progress: readonly ActionProgress[];
  /** Moves time on: continuations, checks and renewals happen when they fall due. */
  advance(duration: Duration): Promise<void>;
  /** Says that the event that `startJob(…, { until: { event } })` waits for has come. */
  tell(event: string): Promise<void>;
  /** Abandons the action, as a pipeline that is stopped does: its `cancel` runs, and no result is taken any more. */
  giveUp(): Promise<void>;
}

/** What a run leaves behind; it grows. */
export interface Seen {
  readonly answers: { readonly jobId: string; readonly answer: Answer }[];
  readonly outputs: Map<string, ArtifactFiles>;
  readonly progress: ActionProgress[];
}

/** CodePipeline comes back to a job that continues after about this long. */
const continuationSeconds = 30;

/** How often the workflow of a long job calls a step again that has thrown, and after how long (`job.asl.json`). */
const stepAttempts = 6;
const stepRetrySeconds = 30;

interface RunParts {
  readonly action: Action;
  readonly job: TestJobOptions;
  readonly seen: Seen;
  readonly clock: { atMs: number };
  readonly edgeOf: (job: TestJobOptions) => ActionEdge;
}

/** Begins an action execution in memory. */
export async function startRun(parts: RunParts): Promise<ActionRun> {
  const run = new MemoryRun(parts);
  await run.deliver(undefined);
  return run;
}

class MemoryRun implements ActionRun {
  readonly #parts: RunParts;
  readonly #context;
  readonly #due: { readonly atMs: number; readonly run: () => Promise<void> }[] = [];
  /** The one step of the workflow that is due, for an event to bring forward. */
  #step: { readonly firstJobId: string; isDone: boolean } | undefined;
  readonly #longJobs: LongJobs;
  #jobCount = 0;
  #isGivenUp = false;
  #result: Success | Failure | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const place = { pipelineExecutionId: 'test-execution', pipeline: 'test', stage: 'Test', action: 'Test' };
    this.#context = parts.job.context ?? place;
    this.#longJobs = {
      store: createLongJobStore(memoryStore(), { nowMs: () => parts.clock.atMs }),
      workflow: {
        start: async (firstJobId, first) => {
          if (!this.#step) this.#plan(firstJobId, first);
        },
      },
      functionArn: 'the action in memory',
      reopen: async () => undefined,
      resume: async (firstJobId) => this.#plan(firstJobId, { next: 'check', seconds: 0 }),
    };
  }

  get result(): Success | Failure | undefined {
    return this.#result;
  }
  get answers(): Seen['answers'] {
    return this.#parts.seen.answers;
  }
  get outputs(): Seen['outputs'] {
    return this.#parts.seen.outputs;
  }
  get progress(): Seen['progress'] {
    return this.#parts.seen.progress;
  }

  async advance({ hours = 0, minutes = 0, seconds = 0 }: Duration): Promise<void> {
    const { clock } = this.#parts;
    const untilMs = clock.atMs + ((hours * 60 + minutes) * 60 + seconds) * 1000;
    for (let next = this.#takeDue(untilMs); next; next = this.#takeDue(untilMs)) {
      clock.atMs = Math.max(clock.atMs, next.atMs);
      await next.run();
    }
    clock.atMs = untilMs;
  }

  async tell(event: string): Promise<void> {
    await heardEvent(event, this.#longJobs);
    await this.advance({});
  }

  async giveUp(): Promise<void> {
    this.#isGivenUp = true;
    const at = new Date(this.#parts.clock.atMs).toISOString();
    await giveUp({ execution: this.#context, at }, this.#longJobs);
    await this.advance({});
  }

  async deliver(continuationToken: string | undefined): Promise<void> {
    if (this.#isGivenUp) return;
    this.#jobCount += 1;
    const id = `11111111-abcd-1111-abcd-${String(this.#jobCount).padStart(12, '0')}`;
    const job = {
      ...{ id, context: this.#context, ...this.#parts.job },
      ...(continuationToken !== undefined && { continuationToken }),
    };
    await runAction(this.#parts.action, testJobEvent({ ...job, id })['CodePipeline.job'], this.#edge());
  }

  #edge(): ActionEdge & { readonly longJobs: LongJobs } {
    const edge = this.#parts.edgeOf(this.#parts.job);
    return {
      ...edge,
      answers: {
        send: async (jobId, answer) => {
          if (this.#isGivenUp || this.#result) return 'refused';
          await edge.answers.send(jobId, answer);
          if (answer.kind === 'continues') this.#after(continuationSeconds, () => this.deliver(answer.token));
          else this.#result = answer;
          return 'taken';
        },
      },
      longJobs: this.#longJobs,
    };
  }

  #plan(firstJobId: string, next: NextStep, attempt = 1): void {
    if (this.#step) this.#step.isDone = true;
    if (next.next === 'end') return;
    const step = { firstJobId, isDone: false };
    this.#step = step;
    this.#after(next.seconds, async () => {
      if (step.isDone) return;
      step.isDone = true;
      if (next.next === 'event') await this.#renew(firstJobId, next.everySeconds);
      else await this.#take(firstJobId, attempt);
    });
  }

  /** No event has come for so long: the workflow itself answers the job with the token that brings the next. */
  async #renew(firstJobId: string, everySeconds: number): Promise<void> {
    const { store } = this.#longJobs;
    const job = (await store.beginToRenew(firstJobId)) ? await store.read(firstJobId) : undefined;
    if (!job) return this.#take(firstJobId, 1);
    const { summary, percentComplete, currentJobId } = job;
    const token = writeRenewalToken(firstJobId);
    await this.#edge().answers.send(currentJobId, {
      kind: 'continues',
      token,
      summary,
      percentComplete,
      ...traceOf(job),
    });
    this.#plan(firstJobId, { next: 'event', seconds: everySeconds, everySeconds });
  }

  async #take(firstJobId: string, attempt: number): Promise<void> {
    try {
      this.#plan(firstJobId, await stepLongJob(this.#parts.action, firstJobId, this.#edge()));
    } catch (cause) {
      if (attempt >= stepAttempts)
        throw new Error(`the cancel of the action throws, again and again: ${messageOf(cause)}`, { cause });
      this.#plan(firstJobId, { next: 'check', seconds: stepRetrySeconds }, attempt + 1);
    }
  }

  #after(seconds: number, run: () => Promise<void>): void {
    this.#due.push({ atMs: this.#parts.clock.atMs + seconds * 1000, run });
    this.#due.sort((one, other) => one.atMs - other.atMs);
  }

  #takeDue(untilMs: number): { readonly atMs: number; readonly run: () => Promise<void> } | undefined {
    return this.#due[0] && this.#due[0].atMs <= untilMs ? this.#due.shift() : undefined;
  }
}
