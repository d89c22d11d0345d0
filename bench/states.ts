import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalCloud, type LocalCloud } from '../local/cloud.ts';
import { median, type Bench, type Table } from './bench.ts';
import type { Told } from './states/cloud-process.ts';
import { makeMachine, manyStates, startMany, tenStates } from './states/machines.ts';

/** How many executions of a state machine a second, and what waiting ones cost. */
export const states: Bench = {
  name: 'states',
  question: 'how many executions of ten states a second, and what do 10,000 waiting ones cost?',
  run: measureStates,
};

type Row = readonly [what: string, measured: string, asked: string];

async function measureStates(): Promise<Table> {
  const inOneCloud = await inFolder(async (folder) => {
    const cloud = await startLocalCloud({ folder, report: () => undefined });
    try {
      return [...(await measureRate(cloud)), ...(await measureCompiling(cloud)), ...(await measureMap(cloud))];
    } finally {
      await cloud.stop();
    }
  });
  return {
    columns: ['what', 'measured', 'asked'],
    rows: [...inOneCloud, ...(await measureWaiting())],
    notes: [
      'executions: through the gateway and onto the disk, to the end and with all 22 events, 200 callers; the median of 7 rounds of 2,000.',
      'of one processor: the same by the processor time of this process, whatever else the machine does.',
      'compiled: CreateStateMachine with expressions never seen before; the median of 15.',
      'waiting: resident memory beyond that of an empty cloud, right after 50 callers have started all, garbage included; and',
      'processor time while nothing happens. Serving: from the start of the process; an empty cloud needs most of that, too.',
    ],
  };
}

async function measureRate(cloud: LocalCloud): Promise<Row[]> {
  const machine = await makeMachine(cloud, 'ten-states', tenStates);
  const wall: number[] = [];
  const ofProcessor: number[] = [];
  for (let round = 0; round <= 7; round += 1) {
    const [beganMs, began] = [performance.now(), process.cpuUsage()];
    const last = await startMany(cloud, machine, { count: 2_000 }, (order) => ({ order }));
    await cloud.settled();
    const [ms, { user, system }] = [performance.now() - beganMs, process.cpuUsage(began)];
    await checkSucceeded(cloud, last);
    // The first round warms up.
    if (round === 0) continue;
    wall.push(2_000_000 / ms);
    ofProcessor.push(2e9 / (user + system));
  }
  return [
    ['executions of 10 states a second', rounded(median(wall)), 'at least 2,000'],
    ['  of one processor', rounded(median(ofProcessor)), ''],
  ];
}

async function checkSucceeded(cloud: LocalCloud, executionArn: string): Promise<void> {
  const answer = await cloud.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1_000 });
  const { events } = answer as { events: { type: string }[] }; // checked by the gateway
  if (events.length === 22 && events.at(-1)?.type === 'ExecutionSucceeded') return;
  throw new Error(`an execution to measure ended with ${events.length} events, the last one ${events.at(-1)?.type}`);
}

async function measureCompiling(cloud: LocalCloud): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of [10, 30, 100]) {
    const times: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const beganMs = performance.now();
      await makeMachine(cloud, `compiled-${count}-${round}`, manyStates(count, count * 1_000 + round));
      times.push(performance.now() - beganMs);
    }
    rows.push([`a definition of ${count} states compiled, ms`, median(times).toFixed(1), 'under 10']);
  }
  return rows;
}

async function measureMap(cloud: LocalCloud): Promise<Row[]> {
  const States = { Next: { Type: 'Pass', Output: '{% $states.input + 1 %}', End: true } };
  const each = {
    Type: 'Map',
    Items: '{% $states.input.items %}',
    ItemProcessor: { StartAt: 'Next', States },
    End: true,
  };
  const machine = await makeMachine(cloud, 'map', { Each: each });
  const rows: Row[] = [];
  for (const count of [500, 5_000]) {
    const beganMs = performance.now();
    await startMany(cloud, machine, { count: 1 }, () => ({
      items: Array.from({ length: count }, (_unused, item) => item),
    }));
    await cloud.settled();
    const ms = performance.now() - beganMs;
    rows.push([`a Map of ${rounded(count)} items, ms an item`, (ms / count).toFixed(2), '']);
  }
  return rows;
}

async function measureWaiting(): Promise<Row[]> {
  const empty = await inFolder((folder) => runCloud(folder));
  const rows: Row[] = [['an empty cloud serving, ms', serving(empty), '']];
  for (const waitFor of ['a timestamp', 'a task token', 'an end']) {
    const [waiting, again] = await inFolder(async (folder) => [
      await runCloud(folder, waitFor, '10000'),
      await runCloud(folder),
    ]);
    const more = waiting.residentMegabytes - empty.residentMegabytes;
    if (waitFor === 'an end') {
      rows.push(['serving again with 10,000 that have ended, ms', serving(again), 'under 3,000']);
      continue;
    }
    const afterwards = again.residentMegabytes - empty.residentMegabytes;
    rows.push(
      [`10,000 waiting for ${waitFor}, MB more`, rounded(more), 'under 200'],
      ['  MB more after a restart', rounded(afterwards), 'under 200'],
      ['  ms of processor a second', waiting.idleMsPerSecond.toFixed(1), 'none'],
      ['  serving again, ms', serving(again), 'under 3,000'],
    );
  }
  return rows;
}

function serving({ servingMs, servingProcessorMs }: Told): string {
  return `${rounded(servingMs)} (of processor ${rounded(servingProcessorMs)})`;
}

/** Runs a cloud in a process of its own, so that its memory and start are its own. */
async function runCloud(...args: readonly string[]): Promise<Told> {
  const program = join(import.meta.dirname, 'states', 'cloud-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return JSON.parse(stdout) as Told; // written by that program
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString('en');
}
