import type { Clock } from '../clock.ts';
import { silentLog, type Log } from '../log.ts';
import type { Release } from '../state/release.ts';
import type { Action } from './action.ts';
import { pack, unpack, type ArtifactFiles, type ArtifactStorage } from './artifacts.ts';
import type { ActionGateways } from './gateways.ts';
import type { ActionEdge } from './guard.ts';
import {
  writeToken,
  type ActionProgress,
  type Answer,
  type Claim,
  type JobStore,
  type Lease,
  type StoredState,
} from './job.ts';
import type { Job, JobContext } from './job-event.ts';
import type { EffectKey, EffectRecord, EffectStore } from './once.ts';
import { runAction } from './run-action.ts';
import { waiting } from './waiting.ts';
import type { StoredParameters } from './stored-parameters.ts';

/** What a job for a test is made of; everything has a default. */
export interface TestJobOptions {
  readonly id?: string;
  /** The parameters as the pipeline would pass them. */
  readonly parameters?: unknown;
  /** Replaces the whole UserParameters text. */
  readonly userParameters?: string;
  readonly context?: JobContext;
  /** Input artifacts by name: files, path to text or bytes. */
  readonly inputs?: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
  /** Names of the output artifacts. */
  readonly outputs?: readonly string[];
  readonly continuationToken?: string;
}

/** The event with which CodePipeline would invoke the action's function. */
export function testJobEvent(options: TestJobOptions = {}): { readonly 'CodePipeline.job': Job } {
  const location = (name: string): Job['data']['inputArtifacts'][number] => ({
    name,
    location: { s3Location: { bucketName: 'test-artifacts', objectKey: `test/${name}` } },
  });
  const userParameters =
    options.userParameters ??
    JSON.stringify({ parameters: options.parameters ?? {}, ...(options.context && { context: options.context }) });
  return {
    'CodePipeline.job': {
      id: options.id ?? '11111111-abcd-1111-abcd-111111abcdef',
      accountId: '123456789012',
      data: {
        actionConfiguration: { configuration: { FunctionName: 'test', UserParameters: userParameters } },
        inputArtifacts: Object.keys(options.inputs ?? {}).map(location),
        outputArtifacts: (options.outputs ?? []).map(location),
        artifactCredentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 'test' },
        ...(options.continuationToken !== undefined && { continuationToken: options.continuationToken }),
      },
    },
  };
}

/** What an action answered in a test. */
export interface TestRun {
  /** Every answer that was sent; a correct action sends exactly one for a job. */
  readonly answers: readonly { readonly jobId: string; readonly answer: Answer }[];
  /** What the action left for its continuation. */
  readonly state: unknown;
  /** Output artifacts by name. */
  readonly outputs: ReadonlyMap<string, ArtifactFiles>;
  readonly progress: readonly ActionProgress[];
}

/** An in-memory world for actions: jobs, artifacts and answers of one action over as many deliveries as you like. */
export interface ActionBench {
  /** Delivers a job as CodePipeline does. */
  deliver(job?: TestJobOptions): Promise<TestRun>;
  readonly jobs: JobStore;
}

/** What surrounds the action. */
export interface ActionBenchOptions {
  /** What stands for the gateways that the action's declaration asks for. */
  readonly gateways?: Partial<ActionGateways>;
  /** What Parameter Store holds; default: nothing. */
  readonly storedParameters?: StoredParameters;
  /** The release of every pipeline execution; default: none belongs to a release. */
  readonly release?: Release;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Milliseconds until the function would be killed; default 60,000. */
  readonly remainingMs?: number;
}

/** Runs an action in memory, with the same runner that runs it on AWS. */
export function actionBench(action: Action, options: ActionBenchOptions = {}): ActionBench {
  const clock = options.clock ?? { nowMs: () => Date.now() };
  const jobs = memoryJobs();
  const effects = memoryEffects();
  let deliveryCount = 0;
  return {
    jobs: jobs.store,
    async deliver(jobOptions = {}) {
      const job = testJobEvent(jobOptions)['CodePipeline.job'];
      const answers: TestRun['answers'][number][] = [];
      const progress: ActionProgress[] = [];
      const uploaded = new Map<string, ArtifactFiles>();
      deliveryCount += 1;
      const edge: ActionEdge = {
        requestId: `delivery-${deliveryCount}`,
        jobs: jobs.store,
        answers: {
          async send(jobId, answer) {
            answers.push({ jobId, answer });
            return 'taken';
          },
        },
        artifacts: () => memoryArtifacts(jobOptions.inputs ?? {}, uploaded),
        gateways: options.gateways ?? {},
        ...(options.storedParameters && { storedParameters: options.storedParameters }),
        releaseOf: async () => options.release,
        effects,
        tellProgress: async (news) => void progress.push(news),
        clock,
        log: options.log ?? silentLog,
        remainingMs: () => options.remainingMs ?? 60_000,
        // Nothing pushes here: what waits is delivered again with its token, and checked.
        waiting,
      };
      await runAction(action, job, edge);
      return { answers, outputs: uploaded, progress, state: jobs.lastState()?.state };
    },
  };
}

function memoryArtifacts(
  inputs: NonNullable<TestJobOptions['inputs']>,
  uploaded: Map<string, ArtifactFiles>,
): ArtifactStorage {
  return {
    async download({ name }) {
      const files = Object.entries(inputs[name] ?? {}).map(([path, content]): [string, Uint8Array] => [
        path,
        typeof content === 'string' ? new TextEncoder().encode(content) : content,
      ]);
      return pack(new Map(files));
    },
    async upload({ name }, zip) {
      uploaded.set(name, unpack(zip));
    },
  };
}

function memoryEffects(): EffectStore {
  const records = new Map<string, EffectRecord>();
  const keyOf = ({ scope, name }: EffectKey): string => JSON.stringify([scope, name]);
  return {
    read: async (key) => records.get(keyOf(key)),
    async begin(key, begunAt) {
      if (!records.has(keyOf(key))) records.set(keyOf(key), { begunAt, result: undefined });
    },
    async finish(key, result) {
      records.set(keyOf(key), { begunAt: '', ...records.get(keyOf(key)), result });
    },
  };
}

interface MemoryJob {
  status: 'claimed' | 'waiting' | 'answered';
  until: string;
  by?: string;
  answer?: Answer;
  checkAt?: string;
}

/** Jobs in memory, for tests of actions and of the runner itself. */
export function memoryJobs(): { readonly store: JobStore; lastState(): StoredState | undefined } {
  const jobs = new Map<string, MemoryJob>();
  const states = new Map<string, StoredState>();
  const known = (job: MemoryJob, { now, requestId, isIdempotent }: Pick<Lease, 'now'> & Partial<Lease>): Claim => {
    if (job.status === 'answered' || job.status === 'waiting') return { state: job.status };
    const isRedelivered = requestId !== undefined && job.by === requestId && (isIdempotent || job.answer !== undefined);
    return job.until > now && !isRedelivered
      ? { state: 'running', until: job.until }
      : { state: 'interrupted', answer: job.answer };
  };
  const store: JobStore = {
    async claim(jobId, lease) {
      const job = jobs.get(jobId);
      const claim: Claim = job ? known(job, lease) : { state: 'claimed' };
      if (claim.state === 'claimed' || claim.state === 'interrupted')
        jobs.set(jobId, { ...job, status: 'claimed', until: lease.until, by: lease.requestId });
      return claim;
    },
    async inspect(jobId, now) {
      const job = jobs.get(jobId);
      return job && known(job, { now });
    },
    async keepAnswer(jobId, answer) {
      const job = jobs.get(jobId);
      if (job && job.status !== 'answered') job.answer = answer;
    },
    async leaveOpen(jobId) {
      const job = jobs.get(jobId);
      if (job?.status === 'claimed') job.status = 'waiting';
    },
    async markAnswered(jobId) {
      jobs.set(jobId, { status: 'answered', until: '' });
    },
    async keepState(token, state) {
      const key = writeToken(token);
      if (!states.has(key)) states.set(key, structuredClone(state));
    },
    readState: async (token) => states.get(writeToken(token)),
    async leaveCheck(jobId, dueAt) {
      const job = jobs.get(jobId);
      if (job) job.checkAt = dueAt;
    },
    async dueChecks(now) {
      return [...jobs].filter(([, { checkAt }]) => checkAt !== undefined && checkAt <= now).map(([jobId]) => jobId);
    },
    async removeCheck(jobId) {
      delete jobs.get(jobId)?.checkAt;
    },
  };
  return { store, lastState: () => [...states.values()].at(-1) };
}
