import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { actionBundle, bundleEntries, functionEntries } from '../infra/bundle.ts';
import { actions } from '../shared/actions/registry.ts';
import { median, type Bench, type Table } from './bench.ts';
import { jobEvent } from './cold/jobs.ts';
import { jobMachineArn, startStandIn, type StandIn } from './cold/stand-in.ts';
import { bundleUsually } from './cold/usual.ts';

/** What an action's first job costs in a new process, beside the same action built as most functions are. */
export const cold: Bench = {
  name: 'cold',
  question: "how long do an action's cold load and first invocation take, beside the same handler built the usual way?",
  run: measureCold,
};

const rounds = 9;
const askedRatio = 0.5;
const smallBytes = 300_000;

async function measureCold(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const standIn = await startStandIn();
  try {
    const ids = actions.map(({ id }) => id);
    const bundles = new Set(ids.map(actionBundle));
    const entries = functionEntries().filter(({ bundle }) => bundles.has(bundle));
    const made = await bundleEntries(entries, join(folder, 'ours'));
    const usualBytes = await bundleUsually(entries, join(folder, 'usual'));
    const seen = new Map<string, Seen>(ids.map((id) => [id, { oursMs: [], usualMs: [], end: '' }]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [id, one] of seen) await measureOnce({ id, folder, standIn, isOursFirst: round % 2 === 0 }, one);
    }
    return table(
      [...seen].map(([id, one]): Measured => {
        const bundle = actionBundle(id);
        const bytes = made.find(({ name }) => name === bundle)?.bytes ?? Number.NaN;
        return { id, ...one, bytes, usualBytes: usualBytes.get(bundle) ?? Number.NaN };
      }),
    );
  } finally {
    await standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of both builds, by round, and how the job ended in both. */
interface Seen {
  readonly oursMs: number[];
  readonly usualMs: number[];
  end: string;
}

interface Measured extends Seen {
  readonly id: string;
  readonly bytes: number;
  readonly usualBytes: number;
}

interface Turn {
  readonly id: string;
  readonly folder: string;
  readonly standIn: StandIn;
  readonly isOursFirst: boolean;
}

async function measureOnce({ id, folder, standIn, isOursFirst }: Turn, seen: Seen): Promise<void> {
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify(jobEvent(id, standIn.url)));
  const bundle = actionBundle(id);
  const sides = [
    { file: join(folder, 'ours', bundle, 'index.js'), times: seen.oursMs },
    { file: join(folder, 'usual', bundle, 'index.mjs'), times: seen.usualMs },
  ];
  for (const { file, times } of isOursFirst ? sides : sides.toReversed()) {
    times.push(await invokeCold(file, event, standIn.url));
    const end = standIn.takeEnd();
    if (end === undefined || (seen.end !== '' && seen.end !== end))
      throw new Error(`the job of ${id} ended ${end ?? 'without a result'} in ${file}, expected ${seen.end || 'one'}`);
    seen.end = end;
  }
}

/** Loads as Lambda's runtime does: `require` for CommonJS, `import` for ES modules. */
const script = `
  const [file, event] = process.argv.slice(1);
  const context = { awsRequestId: 'r-1', invokedFunctionArn: 'arn:f', getRemainingTimeInMillis: () => 30_000 };
  const job = JSON.parse(require('node:fs').readFileSync(event, 'utf8'));
  (async () => {
    const startedMs = performance.now();
    const { handler } = file.endsWith('.mjs') ? await import(file) : require(file);
    await handler(job, context);
    process.stdout.write('\\n' + (performance.now() - startedMs), () => process.exit());
  })();
`;

async function invokeCold(file: string, event: string, url: string): Promise<number> {
  const env = { PATH: process.env['PATH'], ...environment, AWS_ENDPOINT_URL: url };
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', script, file, event], { env });
  return Number(stdout.split('\n').at(-1));
}

/** What Lambda and the stack give the functions. */
const environment = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'an example',
  AWS_SESSION_TOKEN: 'an example',
  SLIPWAY_TABLE: 'table',
  SLIPWAY_JOB_MACHINE_ARN: jobMachineArn,
};

function table(measured: readonly Measured[]): Table {
  const smallCount = measured.filter(({ bytes }) => bytes < smallBytes).length;
  const slow = measured.filter((one) => ratioOf(one) > askedRatio).map(({ id }) => id);
  return {
    columns: ['action', 'bytes', 'usual bytes', 'ms', 'usual ms', 'ratio', 'asked', 'the job'],
    rows: measured.map((one) => {
      const { id, bytes, usualBytes, oursMs, usualMs, end } = one;
      const times = [median(oursMs).toFixed(0), median(usualMs).toFixed(0), ratioOf(one).toFixed(2)];
      return [id, bytes, usualBytes, ...times, askedRatio, end];
    }),
    notes: [
      `The medians of ${rounds} rounds of fresh processes, both builds in turn: from before the bundle is loaded until its handler has`,
      'given the first job its result or its wait, against a loopback server in the place of AWS; the start of Node is not in it.',
      'ratio: the median of those of the rounds. load-test ends at a secret that is not there, since a load takes its seconds.',
      "The usual way: the same sources by esbuild to minified ES modules, `import { z } from 'zod'`, Powertools' tracer, and the SDK",
      'with every credential provider. The tracer is loaded and made but traces nothing, as it does outside Lambda.',
      `Under ${smallBytes.toLocaleString('en')} bytes: ${smallCount} of ${measured.length}. Over ${askedRatio}: ${slow.join(', ') || 'none'}.`,
      `Load of the machine (1 minute) at the end: ${(loadavg()[0] ?? Number.NaN).toFixed(1)}.`,
    ],
  };
}

function ratioOf({ oursMs, usualMs }: Seen): number {
  return median(oursMs.map((ms, round) => ms / (usualMs[round] ?? Number.NaN)));
}
