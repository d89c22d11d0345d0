import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../infra/package-root.ts';
import type { Bench, Table } from './bench.ts';

/** One measured start. */
interface MeasuredStart {
  readonly what: string;
  /** From the command to the pipeline execution's start. */
  readonly toReleaseMs: number;
  /** Resident memory of the process that is everything, when the release has ended; undefined where /proc is not there. */
  readonly residentMegabytes: number | undefined;
}

/** How long a start takes on an installed checkout, and how much memory everything takes. */
export const start: Bench = {
  name: 'start',
  question: 'how long from `npm start` to the release started, and how much memory does everything take?',
  run: measureStarts,
};

async function measureStarts(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    rmSync(join(packageRoot, 'cdk.out'), { recursive: true, force: true });
    const first = await measure('first start (bundles and synthesizes)', folder);
    const second = await measure('second start, nothing changed', folder);
    return {
      columns: ['start', 'seconds', 'resident MB'],
      rows: [first, second].map(({ what, toReleaseMs, residentMegabytes }) => [
        what,
        (toReleaseMs / 1000).toFixed(1),
        residentMegabytes ?? 'not measured',
      ]),
      notes: [
        'seconds: until the pipeline execution started; under 15 at first and 6 at the second start are asked.',
        'resident MB: of the one process that is everything, at its end; under 600 are asked.',
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(what: string, folder: string): Promise<MeasuredStart> {
  const beganMs = performance.now();
  let toReleaseMs = Number.NaN;
  let residentMegabytes: number | undefined;
  const child = spawn(
    process.execPath,
    [join(packageRoot, 'scripts/set-up.mjs'), 'cli/main.ts', '--folder', folder, 'start', '--once'],
    {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (Number.isNaN(toReleaseMs) && /pipeline execution \S+ started/.test(text))
      toReleaseMs = performance.now() - beganMs;
    residentMegabytes = residentOfCloud(folder) ?? residentMegabytes;
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0 || Number.isNaN(toReleaseMs))
    throw new Error(`the start to measure failed with exit code ${String(code)}`);
  return { what, toReleaseMs, residentMegabytes };
}

/** What Linux says of the process that holds the folder. */
function residentOfCloud(folder: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8')) as { pid: number }; // written by the cloud's lock
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
