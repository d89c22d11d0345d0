import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zipSync } from 'fflate';
import { startLocalCloud, type LocalCloud } from '../local/public.ts';
import { percentile, type Bench, type Table } from './bench.ts';
import { actionName, stackName, synthesize, type Row } from './long-jobs/app.ts';

/** How soon a pipeline goes on once the work of a long job has ended: told by the event, and by polling. */
export const longJobs: Bench = {
  name: 'long-jobs',
  question: "how long from the end of a long job's work to the start of the next action?",
  run: measureLongJobs,
};

const askedMs = { p50: 200, p99: 1000 };

/** A stage has at most 50 actions, so the pipeline runs several times. */
const pushed: Row = { pipeline: 'pushed', actionCount: 50, workSeconds: 1, wait: 'push' };
const pushedExecutionCount = 3;

/** Work that ends at eight moments between two looks of CodePipeline. */
const polled = Array.from({ length: 8 }, (_unused, index): Row => {
  return { pipeline: `polled-${index}`, actionCount: 2, workSeconds: 2 + 4 * index, wait: 'poll' };
});

async function measureLongJobs(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const app = await synthesize(folder, [pushed, ...polled]);
  const cloud = await startLocalCloud({ app, folder: join(folder, '.slipway'), report: () => undefined });
  try {
    const { BucketName: Bucket } = cloud.outputs(stackName);
    await cloud.call('s3', 'PutObject', { Bucket, Key: 'source.zip', Body: zipSync({}) });
    const loadBefore = load();
    const afterPush: Gap[] = [];
    for (let count = 0; count < pushedExecutionCount; count += 1) afterPush.push(...(await gapsOf(cloud, pushed)));
    const loadAfter = load();
    const afterPoll = (await Promise.all(polled.map((row) => gapsOf(cloud, row)))).flat();
    return table(afterPush, afterPoll, `${loadBefore} before the pushed jobs, ${loadAfter} after them`);
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function table(afterPush: readonly Gap[], afterPoll: readonly Gap[], loads: string): Table {
  const actionStarts = (gaps: readonly Gap[]): number[] => gaps.map(({ actionMs }) => actionMs);
  const workStarts = (gaps: readonly Gap[]): number[] => gaps.map(({ workMs }) => workMs);
  return {
    columns: ['from the end of the work to', 'jobs', 'p50 ms', 'p99 ms', 'most ms', 'asked p50', 'asked p99'],
    rows: [
      [...figures('the next action, by event', actionStarts(afterPush)), askedMs.p50, askedMs.p99],
      [...figures("the next action's own work, by event", workStarts(afterPush)), '', ''],
      [...figures('the next action, polled', actionStarts(afterPoll)), '', ''],
      [...figures("the next action's own work, polled", workStarts(afterPoll)), '', ''],
    ],
    notes: [
      'Actions of run-workflow, one after another in one stage, on a local cloud under the real clock. From the stopDate of',
      "one action's workflow to the next action's startTime in ListActionExecutions, and to its own workflow's startDate.",
      `By event: workflows of ${pushed.workSeconds} s, ${pushed.actionCount} actions, ${pushedExecutionCount} executions. Polled: wait 'poll', looked at every 30 s, workflows`,
      `of ${polled.map(({ workSeconds }) => workSeconds).join(', ')} s, all at once; with so few the p99 is the longest.`,
      `Load of the machine (1 minute): ${loads}.`,
    ],
  };
}

function figures(what: string, values: readonly number[]): (string | number)[] {
  const [p50, p99, most] = [0.5, 0.99, 1].map((ratio) => Math.round(percentile(values, ratio)));
  return [what, values.length, p50 ?? '', p99 ?? '', most ?? ''];
}

const load = (): string => (loadavg()[0] ?? Number.NaN).toFixed(1);

/** What passed between the end of one action's work and the next action's start, and the start of its work. */
interface Gap {
  readonly actionMs: number;
  readonly workMs: number;
}

async function gapsOf(cloud: LocalCloud, row: Row): Promise<Gap[]> {
  const { pipelineExecutionId } = (await cloud.call('codepipeline', 'StartPipelineExecution', {
    name: row.pipeline,
  })) as { pipelineExecutionId: string }; // what the operation documents
  await ended(cloud, row.pipeline, pipelineExecutionId);
  const actions = await actionsOf(cloud, row, pipelineExecutionId);
  return actions.slice(1).map((next, index) => {
    const endedMs = actions[index]?.workEndedMs ?? Number.NaN;
    return { actionMs: next.startedMs - endedMs, workMs: next.workStartedMs - endedMs };
  });
}

async function ended(cloud: LocalCloud, pipelineName: string, pipelineExecutionId: string): Promise<void> {
  for (;;) {
    await sleep(1000);
    // What the operation documents.
    const { pipelineExecution } = (await cloud.call('codepipeline', 'GetPipelineExecution', {
      pipelineName,
      pipelineExecutionId,
    })) as { pipelineExecution: { status: string } };
    const { status } = pipelineExecution;
    if (status === 'Succeeded') return;
    if (status !== 'InProgress') throw new Error(`pipeline ${pipelineName} ended ${status}, expected Succeeded`);
  }
}

/** What the bench reads of an action execution. */
interface ActionTimes {
  readonly startedMs: number;
  readonly workStartedMs: number;
  readonly workEndedMs: number;
}

/** In the order in which they ran. */
async function actionsOf(cloud: LocalCloud, row: Row, pipelineExecutionId: string): Promise<ActionTimes[]> {
  // What the operation documents.
  const { actionExecutionDetails: found } = (await cloud.call('codepipeline', 'ListActionExecutions', {
    pipelineName: row.pipeline,
    filter: { pipelineExecutionId },
  })) as { actionExecutionDetails: ActionDetail[] };
  const names = Array.from({ length: row.actionCount }, (_unused, index) => actionName(index));
  return Promise.all(names.map((name) => timesOf(cloud, name, found)));
}

interface ActionDetail {
  readonly actionName: string;
  readonly startTime: Date;
  readonly output: { readonly outputVariables?: Readonly<Record<string, string>> };
}

async function timesOf(cloud: LocalCloud, name: string, found: readonly ActionDetail[]): Promise<ActionTimes> {
  const action = found.find((one) => one.actionName === name);
  const executionArn = action?.output.outputVariables?.['executionArn'];
  if (!action || executionArn === undefined) throw new Error(`action ${name} has no workflow among its outputs`);
  // What the operation documents.
  const { startDate, stopDate } = (await cloud.call('states', 'DescribeExecution', { executionArn })) as {
    startDate: Date;
    stopDate: Date;
  };
  return {
    startedMs: action.startTime.getTime(),
    workStartedMs: startDate.getTime(),
    workEndedMs: stopDate.getTime(),
  };
}
