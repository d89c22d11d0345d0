import type { CloudClock } from '../../local/clock/clock.ts';
import type { ServiceEvent } from '../../local/services/service-module.ts';
import { randomOf } from '../random.ts';
import { actionOf, isLong, workKey } from './behaviours.ts';
import { callElsewhere } from './clients.ts';
import { account, functionsOf, tableName } from './handlers.ts';
import { faultyCalls, openLambda, type LambdaSide } from './lambda.ts';
import { jumpingClock } from './jumping-clock.ts';
import { lambdaRules, openPipeline, workerRules, type PipelineSide, type SeenJob } from './pipeline.ts';
import type { Plan } from './plan.ts';
import {
  attemptsOf,
  executionId,
  executionsOf,
  itemsOf,
  owner,
  place,
  tableOf,
  type AttemptSeen,
  type ItemSeen,
} from './seen.ts';
import { inSeededProcess } from './seeded-process.ts';
import { takingOut, type TakenOut } from './taken-out.ts';
import { openTurns, type Turns } from './turns.ts';
import { openWork } from './work.ts';
import { openWorld, type World } from './world.ts';

/** What a run came to. */
export interface RunSeen {
  readonly plan: Plan;
  /** The action, and the one that a retry of its stage has brought. */
  readonly attempts: readonly AttemptSeen[];
  /** How often the action's `run` was called, by job. */
  readonly runs: ReadonlyMap<string, number>;
  /** Whether nothing was left to happen in the end. */
  readonly isQuiet: boolean;
  /** Everything that the table holds, as text. */
  readonly table: string;
  /** Every item of it. */
  readonly items: readonly ItemSeen[];
  readonly log: string;
  readonly problems: readonly string[];
}

/** Stands for every secret that a job brings. */
export const canary = 'canary-credential';

const startMs = Date.UTC(2026, 0, 5, 9);
/** Longer than any workflow of a long job may take, and another that takes over from it. */
const longestMs = 40 * 3_600_000;

/** One run of the shipped functions and the shipped workflow, in which all that is chosen comes from the plan. */
export async function runJob(plan: Plan, without?: TakenOut): Promise<RunSeen> {
  const clock = jumpingClock(startMs);
  const lines: string[] = [];
  const surroundings = {
    random: randomOf(plan.seed),
    nowMs: () => clock.nowMs(),
    line: (text: string) => lines.push(text),
  };
  return inSeededProcess(surroundings, () => run(plan, { clock, lines, without }));
}

interface Setting {
  readonly clock: CloudClock;
  readonly lines: string[];
  readonly without: TakenOut | undefined;
}

async function run(plan: Plan, { clock, lines, without }: Setting): Promise<RunSeen> {
  const { random } = plan;
  const nowMs = (): number => clock.nowMs();
  const problems: string[] = [];
  const turns = openTurns(clock, random, (thrown) => problems.push(String(thrown)));
  const someMs = (most: number): number => random.between(1, most);
  const call = faultyCalls(turns, { faults: plan.faults, latencyMs: () => someMs(plan.callMs) });
  const handle = takingOut(without, (...made) => world.handle(...made));
  const lambda = openLambda({
    ...{ turns, nowMs, call, handle },
    functions: () => functions,
    isDeliveredTwice: () => (plan.isDeliveredTwice && random.next() < 0.3 ? someMs(120_000) : undefined),
  });
  /** An event that comes so many times, each at its own time. */
  const tell = (count: number, name: string, event: unknown): void => {
    for (let copy = 0; copy < count; copy += 1)
      turns.at(nowMs() + someMs(plan.eventMs), () => lambda.deliver(name, event));
  };
  const hear = (event: ServiceEvent): void => {
    const { status, name } = event.detail as { readonly status: string; readonly name: string }; // of an execution
    // Each rule matches the ends of this one workflow that are no success.
    if (['FAILED', 'TIMED_OUT', 'ABORTED'].includes(status))
      tell(plan.brokenEventCount, 'settle', { detail: { name, status } });
  };
  const rules = plan.isOfWorker ? workerRules : lambdaRules;
  const pipeline = openPipeline({ nowMs, rules, at: turns.at, deliver: (job) => deliverJob(job) });
  const deliverJob = (job: SeenJob): void =>
    lambda.deliver('run', jobEvent(plan, job), () => lambda.deliver('answer', deadInvocation(plan, job)));
  const world: World = await openWorld({
    ...{ clock, turns, hear },
    report: (line) => problems.push(line),
    fromWorkflow: (make) => call(make, () => undefined),
    others: async (service, operation, input) => {
      if (service === 'action') return (input as { effect: () => unknown }).effect();
      if (service === 'codepipeline') return pipeline.handle(operation, input as Record<string, unknown>); // a request's members
      if (service === 'lambda') return invoked(await lambda.invoke('run', payloadOf(input)));
      if (service === 'events') return { FailedEntryCount: 0, Entries: [{}] };
      throw new Error(`nobody answers ${service}:${operation}`);
    },
  });
  const work = openWork({
    ...{ seconds: plan.workSeconds, nowMs, call: callElsewhere },
    outcome: plan.seed % 5 === 0 ? 'bad' : 'good',
    isOut: () => isOut(plan, nowMs()),
    begun: (jobId, endsAtMs) =>
      turns.at(endsAtMs, () => tell(plan.workEventCount, 'resume', { detail: { key: workKey(jobId) } })),
  });
  const functions = functionsOf(actionOf(plan.behaviour, plan.isIdempotent, work));
  await world.handle('dynamodb', 'PutItem', { TableName: tableName, Item: owner });

  pipeline.begin();
  planEnd(plan, { turns, pipeline, tell });
  planAbort(plan, { turns, world });
  planSweeps({ turns, nowMs, pipeline, lambda, firstMs: startMs + someMs(300_000) });
  const isQuiet = await turns.run(startMs + longestMs);
  const attempts = await attemptsOf({ pipeline, work, world });
  const left = { table: tableOf(world), items: await itemsOf(world) };
  world.store.close();
  return { plan, attempts, runs: work.runs, isQuiet, problems, ...left, log: lines.join('') };
}

function isOut({ outage }: Plan, nowMs: number): boolean {
  const seconds = (nowMs - startMs) / 1000;
  return outage !== undefined && seconds >= outage.fromSeconds && seconds < outage.toSeconds;
}

/** The pipeline gives the action up, for which both rules of the function that cancels match; its stage may be retried. */
function planEnd(
  plan: Plan,
  {
    turns,
    pipeline,
    tell,
  }: {
    readonly turns: Turns;
    readonly pipeline: PipelineSide;
    readonly tell: (count: number, name: string, event: unknown) => void;
  },
): void {
  if (plan.abandonAtSeconds === undefined) return;
  const atMs = startMs + plan.abandonAtSeconds * 1000;
  const { stage, action } = place;
  // In whole seconds, as EventBridge has it.
  const time = new Date(Math.floor((atMs + plan.skewMs) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  const tellEnd = (count: number): void => {
    tell(count, 'cancel', { time, detail: { 'execution-id': executionId, stage, action } });
    tell(count, 'cancel', { time, detail: { 'execution-id': executionId } });
  };
  turns.at(atMs, () => {
    if (pipeline.end()) return;
    pipeline.abandon();
    tellEnd(plan.endEventCount);
    if (plan.retryAfterSeconds === undefined) return;
    const retriedAtMs = atMs + plan.retryAfterSeconds * 1000;
    turns.at(retriedAtMs, pipeline.begin);
    for (let count = 0; count < plan.lateEventCount; count += 1)
      turns.at(retriedAtMs + plan.random.between(1, 1_200_000), () => tellEnd(1));
  });
}

/** Somebody aborts the workflow. */
function planAbort({ abortAtSeconds }: Plan, { turns, world }: { readonly turns: Turns; readonly world: World }): void {
  if (abortAtSeconds === undefined) return;
  const abort = async (): Promise<void> => {
    for (const { executionArn, status } of await executionsOf(world))
      if (status === 'RUNNING') await world.handle('states', 'StopExecution', { executionArn });
  };
  turns.at(startMs + abortAtSeconds * 1000, () => turns.begin(abort));
}

/** The reconciler comes every five minutes, and some times more when all is over. */
function planSweeps(options: {
  readonly turns: Turns;
  readonly nowMs: () => number;
  readonly pipeline: PipelineSide;
  readonly lambda: LambdaSide;
  readonly firstMs: number;
}): void {
  const { turns, nowMs, pipeline, lambda } = options;
  const sweep = (): void => {
    lambda.deliver('reconcile', {});
    const end = pipeline.end();
    if (!end || nowMs() < end.atMs + 6 * 3_600_000) turns.at(nowMs() + 300_000, sweep);
  };
  turns.at(options.firstMs, sweep);
}

/** The documented event (AWS Lambda developer guide, "CodePipeline"). */
function jobEvent({ wait, behaviour, isOfWorker }: Plan, { id, token }: SeenJob): unknown {
  const parameters = JSON.stringify({ parameters: {}, context: place, ...(isLong(behaviour) && { wait }) });
  const data = {
    actionConfiguration: { configuration: { FunctionName: 'run', UserParameters: parameters } },
    inputArtifacts: [],
    outputArtifacts: [],
    artifactCredentials: { accessKeyId: canary, secretAccessKey: canary, sessionToken: canary },
    ...(token !== undefined && { continuationToken: token }),
  };
  return { 'CodePipeline.job': { id, accountId: account, ...(isOfWorker && { isOfWorker }), data } };
}

/** Lambda's record of an invocation that failed for good; it carries the event. */
function deadInvocation(plan: Plan, job: SeenJob): unknown {
  return {
    requestContext: { condition: 'RetriesExhausted' },
    requestPayload: jobEvent(plan, job),
    responsePayload: { errorType: 'Runtime.ExitError' },
  };
}

function payloadOf(input: object): unknown {
  const { Payload: payload } = input as { readonly Payload: Uint8Array }; // as the interpreter invokes a function
  return JSON.parse(new TextDecoder().decode(payload));
}

function invoked(ended: { readonly value: unknown } | { readonly errorType: string }): object {
  const isFailed = 'errorType' in ended;
  const body = isFailed ? { errorType: ended.errorType, errorMessage: 'it failed' } : (ended.value ?? null);
  const Payload = new TextEncoder().encode(JSON.stringify(body));
  return { StatusCode: 200, Payload, ...(isFailed && { FunctionError: 'Unhandled' }) };
}
