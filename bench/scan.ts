import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { packageRoot } from '../infra/package-root.ts';
import { pack } from '../shared/actions/job-artifacts.ts';
import { median, type Bench, type Table } from './bench.ts';

/** How long `security-scan` takes to look for secrets in this repository, and what memory it needs. */
export const scan: Bench = {
  name: 'scan',
  question: "how long does it take to look for secrets in this repository's own source, and in how much memory?",
  run: measureScan,
};

const rounds = 5;
const [allowedMs, allowedMegabytes] = [5_000, 512];

const measuredSchema = z.object({
  milliseconds: z.number(),
  megabytes: z.number(),
  fileCount: z.number(),
  findingCount: z.number(),
});

async function measureScan(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const zip = join(folder, 'source.zip');
    writeFileSync(zip, pack(trackedFiles()));
    const measured = Array.from({ length: rounds }, () => scanOnce(zip));
    const milliseconds = measured.map((one) => one.milliseconds);
    const [worstMs, megabytes] = [Math.max(...milliseconds), Math.max(...measured.map((one) => one.megabytes))];
    const kept = worstMs < allowedMs && megabytes < allowedMegabytes;
    return {
      columns: ['files', 'findings', 'median ms', 'worst ms', 'memory MB'],
      rows: [
        [
          measured[0]?.fileCount ?? 0,
          measured[0]?.findingCount ?? 0,
          ...[median(milliseconds), worstMs, megabytes].map((figure) => figure.toFixed(0)),
        ],
      ],
      notes: [
        `${rounds} fresh processes: from the artifact's bytes to the findings, loading the rules included; memory is the whole process's largest.`,
        `${kept ? 'Within' : 'NOT within'} ${allowedMs} ms and ${allowedMegabytes} MB.`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function trackedFiles(): Map<string, Uint8Array> {
  const names = execFileSync('git', ['ls-files', '-z'], { cwd: packageRoot, encoding: 'utf8' }).split('\0');
  const files = names.filter((name) => name !== '' && existsSync(join(packageRoot, name)));
  return new Map(files.map((name) => [name, readFileSync(join(packageRoot, name))]));
}

const script = `
  import { readFileSync } from 'node:fs';
  const zip = readFileSync(process.argv[1]);
  const startedMs = performance.now();
  const { unpack } = await import('./shared/actions/job-artifacts.ts');
  const { scanForSecrets } = await import('./shared/actions/security-scan/secrets.ts');
  const { scannedCount, findings } = await scanForSecrets(await unpack(zip), [], new AbortController().signal);
  console.log(JSON.stringify({
    milliseconds: performance.now() - startedMs,
    megabytes: process.resourceUsage().maxRSS / 1024,
    fileCount: scannedCount,
    findingCount: findings.length,
  }));
`;

function scanOnce(zip: string): z.infer<typeof measuredSchema> {
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script, zip];
  const done = spawnSync(process.execPath, options, { cwd: packageRoot, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the scan failed: ${done.stderr.trim()}`);
  return measuredSchema.parse(JSON.parse(done.stdout));
}
