import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../infra/bundle.ts';
import { median, type Bench, type Table } from './bench.ts';

/** How large each function's bundle is, and how long Node takes to load it, beside a handler that does nothing. */
export const bundles: Bench = {
  name: 'bundles',
  question: 'how large are the bundles, and how long does a cold process take to load one?',
  run: measureBundles,
};

const rounds = 15;
const largestBytes = 400_000;

/** What the functions read while they load. */
const environment = {
  PATH: process.env['PATH'],
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'an example',
  SLIPWAY_TABLE: 'table',
  SLIPWAY_BUS: 'bus',
  SLIPWAY_SERVICES_PREFIX: '/slipway/services/',
  SLIPWAY_WEBHOOK_SECRET: 'arn:secret',
  SLIPWAY_API_TOKEN_SECRET: 'arn:token',
};

async function measureBundles(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const made = await bundleFunctions(folder);
    const subjects = [{ name: bareName, bytes: writeBare(folder) }, ...made.toSorted(byBytes)];
    const times = loadTimes(
      folder,
      subjects.map(({ name }) => name),
    );
    const bareMs = median(times.get(bareName) ?? []);
    return {
      columns: ['bundle', 'bytes', 'load ms', 'times bare'],
      rows: subjects.map(({ name, bytes }) => {
        const loadMs = median(times.get(name) ?? []);
        return [name, bytes, loadMs.toFixed(1), (loadMs / bareMs).toFixed(1)];
      }),
      notes: [
        `load ms: the median of require() in ${rounds} fresh processes, in turn; the process's own start is not in it.`,
        verdict(made),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const bareName = '(bare handler)';

function writeBare(folder: string): number {
  const source = 'exports.handler=async()=>{};';
  mkdirSync(join(folder, bareName));
  writeFileSync(join(folder, bareName, 'index.js'), source);
  return source.length;
}

/** Milliseconds by bundle. One round loads each bundle once, so that a busy moment hits all of them. */
function loadTimes(folder: string, names: readonly string[]): Map<string, number[]> {
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times.get(name)?.push(loadOnce(join(folder, name, 'index.js')));
  }
  return times;
}

/** Node's own file modules are there already, as in Lambda's runtime, which has read the handler's name by then. */
const script = `
  const startedMs = performance.now();
  require(process.argv[1]);
  console.log(performance.now() - startedMs);
  process.exit();
`;

function loadOnce(file: string): number {
  const done = spawnSync(process.execPath, ['--eval', script, file], { env: environment, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${file} does not load: ${done.stderr.trim()}`);
  return Number(done.stdout);
}

function byBytes(left: { readonly bytes: number }, right: { readonly bytes: number }): number {
  return right.bytes - left.bytes;
}

function verdict(made: readonly { readonly name: string; readonly bytes: number }[]): string {
  const tooLarge = made.filter(({ bytes }) => bytes > largestBytes).map(({ name }) => name);
  const limit = `${largestBytes.toLocaleString('en')} bytes`;
  return tooLarge.length === 0 ? `None is over ${limit}.` : `Over ${limit}: ${tooLarge.join(', ')}.`;
}
