import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulate } from './simulation.ts';
import { tableOf } from './table.ts';

const help = `npm run simulate -- [kills] [jobs]: looks whether promises hold; all of it without a name.

  kills        kills a busy local cloud and compares what comes of it with a ledger (--kills 100)
  jobs         runs the functions of actions with a clock, faults and an order that a seed decides (--runs 10000)

  --seed N     the seed; else one by chance, which is printed`;
const { values, positionals } = parsed();
if (values.help) {
  console.log(help);
  process.exit();
}
const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('seed', values.seed);
/** By the name that follows `npm run simulate --`; without a name all, in this order. */
const simulations: Readonly<Record<string, () => Promise<void>>> = { kills: simulateKills, jobs: simulateJobs };
const unknown = positionals.find((name) => !Object.hasOwn(simulations, name));
if (unknown !== undefined) refuse(`there is no simulation "${unknown}"\n\n${help}`);
for (const [name, run] of Object.entries(simulations)) {
  if (positionals.length === 0 || positionals.includes(name)) await run();
}
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`);

function parsed() {
  try {
    return parseArgs({
      options: {
        kills: { type: 'string', default: '100' },
        runs: { type: 'string', default: '10000' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}

async function simulateKills(): Promise<void> {
  const killCount = wholeNumber('kills', values.kills);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-simulation-'));
  console.log(
    `${killCount} kills, seed ${seed} (again: npm run simulate -- kills --kills ${killCount} --seed ${seed})`,
  );
  const result = await simulate({ killCount, seed, folder, report: (line) => console.log(line) });
  console.log(`\n${tableOf(result)}\n`);
  if (result.problems.length === 0) return rmSync(folder, { recursive: true });
  console.log(`\n${result.problems.join('\n')}\n\nthe folder is kept: ${folder}`);
  process.exitCode = 1;
}

async function simulateJobs(): Promise<void> {
  const runCount = wholeNumber('runs', values.runs);
  console.log(
    `${runCount} jobs, seeds from ${seed} (again: npm run simulate -- jobs --runs ${runCount} --seed ${seed})`,
  );
  // Loaded last: from then on the clients of this process reach a simulated cloud alone.
  const jobs = await import('./jobs/simulation.ts');
  const report = (count: number, brokenCount: number): void => {
    if (count % 500 === 0) console.log(`${count} of ${runCount} jobs, ${brokenCount} broke a promise`);
  };
  const broken = await jobs.simulateJobs({ runCount, seed, report });
  for (const run of broken) console.log(`seed ${run.seed}: ${run.problems.join('; ')}`);
  if (broken.length > 0) process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : refuse(`--${name} must be a whole number, got "${text}"`);
}

function refuse(problem: string): never {
  console.error(problem);
  process.exit(1);
}
