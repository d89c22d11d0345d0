import { undeclaredArtifacts } from '../../shared/actions/artifacts.ts';
import type { Action } from '../../shared/actions/action.ts';
import { answerDeadJob, answerExpiredJobs } from '../../shared/actions/runner/answer-job.ts';
import type { ActionEdge } from '../../shared/actions/runner/guard.ts';
import type { Answer } from '../../shared/actions/runner/job.ts';
import { createJobStore } from '../../shared/actions/runner/job-store.ts';
import { runAction } from '../../shared/actions/runner/run-action.ts';
import { testJobEvent } from '../../shared/actions/testing/testing.ts';
import { answerLimits } from '../../shared/actions/result.ts';
import type { Store } from '../../shared/state/store.ts';
import { memoryStore } from './memory-store.ts';

/** What happens at the n-th call that a function makes; `dies` lets nothing of that invocation have an effect any more. */
export interface Fault {
  readonly call: number;
  readonly kind: 'fails' | 'fails after its effect' | 'dies';
}

/** One job as CodePipeline saw it. */
export interface JobResult {
  readonly kind: Answer['kind'] | undefined;
  readonly takenCount: number;
  readonly tookSeconds: number;
}

interface KnownJob {
  readonly id: string;
  readonly token?: string;
  readonly createdMs: number;
  answers: Answer[];
  answeredMs?: number;
}

/**
 * CodePipeline, Lambda's retry and on-failure destination, and the reconciler around an action's function, on a clock of
 * its own, with faults where the test puts them.
 */
export function lambdaWorld(
  action: Action,
  plan: { faults: readonly Fault[]; isDeliveredTwice: boolean; remainingMs: number },
) {
  const canary = 'canary-credential';
  const clock = { time: Date.UTC(2026, 0, 5, 9), nowMs: () => clock.time };
  const table = memoryStore();
  const known = new Map<string, KnownJob>();
  const runs = new Map<string, number>();
  const lines: unknown[] = [];
  let callCount = 0;

  /** One invocation: the calls it makes, any of which may fail or be its last. */
  const invocation = () => {
    let isDead = false;
    return async <T>(effect: () => Promise<T>): Promise<T> => {
      if (isDead) throw new Error('a dead function does nothing');
      const fault = plan.faults.find(({ call }) => call === callCount);
      callCount += 1;
      if (!fault) return effect();
      if (fault.kind === 'fails after its effect') await effect();
      isDead = fault.kind === 'dies';
      throw new Error(`call ${fault.call} ${fault.kind}`);
    };
  };

  const edgeOf = (requestId: string, call: ReturnType<typeof invocation>): ActionEdge => {
    const store: Store = {
      read: (key) => call(() => table.read(key)),
      write: (write) => call(() => table.write(write)),
      writeAll: (writes) => call(() => table.writeAll(writes)),
      query: (query) => call(() => table.query(query)),
    };
    const log = (...parts: unknown[]): void => void lines.push(parts.map(String), parts);
    return {
      jobs: createJobStore(store, clock),
      answers: { send: (jobId, answer) => call(async () => take(jobId, answer)) },
      artifacts: () => undeclaredArtifacts,
      gateways: {},
      tellProgress: () => call(async () => {}),
      clock,
      log: { info: log, warn: log, error: log },
      requestId,
      remainingMs: () => plan.remainingMs,
    };
  };

  /** CodePipeline's side: documented bounds first, then one result for each job. */
  const take = (jobId: string, answer: Answer) => {
    const problem = unacceptable(answer);
    if (problem) return { unacceptable: problem };
    const job = known.get(jobId)!;
    if (job.answeredMs !== undefined) return 'refused' as const;
    job.answers.push(answer);
    job.answeredMs = clock.time;
    if (answer.kind === 'continues') addJob(answer.token);
    return 'taken' as const;
  };
  const addJob = (token?: string): void => {
    const id = `job-${known.size + 1}`;
    known.set(id, { id, createdMs: clock.time, answers: [], ...(token && { token }) });
  };

  const counting: Action = {
    ...action,
    run: (input) => {
      const id = [...known.keys()].at(-1)!;
      runs.set(id, (runs.get(id) ?? 0) + 1);
      return action.run(input);
    },
  };

  const attempt = async (requestId: string, work: (edge: ActionEdge) => Promise<unknown>): Promise<boolean> => {
    try {
      await work(edgeOf(requestId, invocation()));
      return true;
    } catch (thrown) {
      lines.push(String(thrown));
      return false;
    }
  };

  /** Lambda's asynchronous invocation: one retry after a minute, then the destination's own invocation with two. */
  const deliver = async ({ id, token }: KnownJob, options: object): Promise<void> => {
    const job = testJobEvent({ ...options, id, ...(token && { continuationToken: token }) })['CodePipeline.job'];
    job.data.artifactCredentials = { accessKeyId: canary, secretAccessKey: canary, sessionToken: canary };
    const run = (edge: ActionEdge) => runAction(counting, job, edge);
    if (await attempt(`request-of-${id}`, run)) return;
    clock.time += 60_000;
    if (await attempt(`request-of-${id}`, run)) return;
    for (const afterMs of [0, 60_000, 120_000]) {
      clock.time += afterMs;
      const dead = { jobId: id, firstJobId: id };
      if (await attempt('destination', (edge) => answerDeadJob(dead, 'RetriesExhausted', { ...edge, giveUpWork })))
        return;
    }
  };

  return {
    canary,
    logged: () => JSON.stringify(lines),
    mostRunsOfOneJob: () => Math.max(0, ...runs.values()),
    /** Delivers jobs until CodePipeline has nothing more to deliver; the reconciler comes every five minutes. */
    async runPipelineAction(options: object): Promise<readonly JobResult[]> {
      addJob();
      for (const job of known.values()) {
        clock.time += 30_000;
        await deliver(job, options);
        if (plan.isDeliveredTwice) await deliver(job, options);
        for (let sweep = 0; sweep < 5 && job.answeredMs === undefined; sweep += 1) {
          clock.time += 300_000;
          await attempt('sweep', (edge) => answerExpiredJobs({ ...edge, giveUpWork }));
        }
      }
      return [...known.values()].map(({ answers, createdMs, answeredMs = Infinity }) => ({
        kind: answers.at(-1)?.kind,
        takenCount: answers.length,
        tookSeconds: (answeredMs - createdMs) / 1000,
      }));
    },
  };
}

/** None of the actions waits for work elsewhere. */
const giveUpWork = async (): Promise<void> => undefined;

/** The bounds of PutJobSuccessResult and PutJobFailureResult, as the API's model has them. */
function unacceptable(answer: Answer): string | undefined {
  if (answer.kind === 'failed') return answer.message === '' ? 'ValidationException: message' : undefined;
  const { percentComplete } = answer.kind === 'continues' ? answer : { percentComplete: 100 };
  if (percentComplete !== undefined && !(Number.isInteger(percentComplete) && percentComplete <= 100))
    return 'ValidationException: percentComplete';
  return answer.summary.length > answerLimits.summaryCharacters ? 'ValidationException: summary' : undefined;
}
