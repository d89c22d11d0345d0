import type { Clock } from '../../clock.ts';
import { silentLog, type Log } from '../../log.ts';
import type { Release } from '../../state/release.ts';
import type { Action, ActionDeclaration } from '../action.ts';
import { undeclaredArtifacts, type ArtifactFiles } from '../artifacts.ts';
import { startRun, type ActionRun, type Seen } from './bench-run.ts';
import type { ActionGateways } from '../gateways/gateways.ts';
import type { ActionEdge } from '../runner/guard.ts';
import type { ActionProgress, Answer, JobStore } from '../runner/job.ts';
import { artifactsIn } from '../job-artifacts.ts';
import { memoryEffects, memoryJobs } from './memory-jobs.ts';
import { runAction } from '../runner/run-action.ts';
import type { StoredParameters } from '../runner/stored-parameters.ts';
import { memoryArtifacts, testJobEvent, type TestJobOptions } from './test-job.ts';
import { waiting } from '../runner/waiting.ts';

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
  /**
   * Delivers the first job of an action execution, and goes on as CodePipeline and the workflow of long jobs do: what
   * continues or waits is looked at when `advance` moves time on.
   */
  start(job?: TestJobOptions): Promise<ActionRun>;
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
  /** Default: a clock that only `advance` moves. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Milliseconds until the function would be killed; default 60,000. */
  readonly remainingMs?: number;
}

/**
 * Runs an action in memory, with the same runner that runs it on AWS, and with what its declaration asks for: as there, an action
 * that declares no artifacts has none, and one that does not declare that it may wait may not.
 * @throws TypeError if a gateway is given that the declaration does not name
 */
export function actionBench(action: Action, options: ActionBenchOptions = {}): ActionBench {
  const { declaration } = action;
  refuseUndeclared(declaration, options.gateways ?? {});
  const hasArtifacts = declaration.inputArtifacts.max + declaration.outputArtifacts.max > 0;
  const ownClock = { atMs: Date.now() };
  const clock = options.clock ?? { nowMs: () => ownClock.atMs };
  const jobs = memoryJobs();
  const effects = memoryEffects();
  let deliveryCount = 0;
  const edgeOf = (job: TestJobOptions, seen: Seen): ActionEdge => {
    deliveryCount += 1;
    const storedParameters = job.stored
      ? { read: async (name: string) => job.stored?.[name] }
      : options.storedParameters;
    return {
      requestId: `delivery-${deliveryCount}`,
      jobs: jobs.store,
      answers: {
        async send(jobId, answer) {
          seen.answers.push({ jobId, answer });
          return 'taken';
        },
      },
      artifacts: (of) =>
        hasArtifacts ? artifactsIn(memoryArtifacts(job.inputs ?? {}, seen.outputs), of) : undeclaredArtifacts,
      gateways: options.gateways ?? {},
      ...(storedParameters && { storedParameters }),
      releaseOf: async () => options.release,
      effects,
      tellProgress: async (news) => void seen.progress.push(news),
      clock,
      log: options.log ?? silentLog,
      remainingMs: () => options.remainingMs ?? 60_000,
      // What waits is delivered again with its token, and checked; `start` pushes it.
      ...(declaration.mayWait && { waiting }),
    };
  };
  const fresh = (): Seen => ({ answers: [], outputs: new Map(), progress: [] });
  return {
    jobs: jobs.store,
    async deliver(job = {}) {
      const seen = fresh();
      await runAction(action, testJobEvent(job)['CodePipeline.job'], edgeOf(job, seen));
      return { ...seen, state: jobs.lastState()?.state };
    },
    async start(job = {}) {
      if (options.clock) throw new TypeError('start moves time itself; leave the option "clock" out');
      const seen = fresh();
      return startRun({ action, job, seen, clock: ownClock, edgeOf: (next) => edgeOf(next, seen) });
    },
  };
}

function refuseUndeclared({ id, gateways }: ActionDeclaration, given: Partial<ActionGateways>): void {
  for (const name of Object.keys(given)) {
    if (!gateways.some((declared) => declared === name))
      throw new TypeError(`action ${id} does not declare the gateway "${name}"; name it in the declaration's gateways`);
  }
}
