import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import { connect, type Aws } from './aws.ts';
import { startCloud, type CloudProcess } from './cloud-process.ts';
import { openHeard, type Heard } from './heard.ts';
import { openLedger, type Entry, type Ledger } from './ledger.ts';
import { untilWhole } from './quiet.ts';
import { randomOf, type Random } from './random.ts';
import { works } from './registry.ts';
import { synthesize } from './synthesize.ts';

/** What a simulation is asked for. */
export interface SimulationOptions {
  readonly killCount: number;
  /** Decides the mix and the moments. What exactly is under way at a moment depends on the machine. */
  readonly seed: number;
  /** An empty folder. */
  readonly folder: string;
  /** One line for each kill. */
  readonly report: (line: string) => void;
}

/** What came of it. */
export interface SimulationResult {
  readonly entries: readonly Entry[];
  /** What never came, and what was wrong: nothing, if all is well. */
  readonly problems: readonly string[];
  /** From each last kill until everything was finished, in milliseconds. */
  readonly recoveryMs: readonly number[];
}

interface Run {
  readonly random: Random;
  readonly ledger: Ledger;
  readonly heard: Heard;
  readonly start: () => CloudProcess;
}

const laneCount = 6;
const mostPiecesAtOnce = 80;

/** Kills a busy cloud again and again, and looks each time that nothing is lost and nothing happens twice. */
export async function simulate({ killCount, seed, folder, report }: SimulationOptions): Promise<SimulationResult> {
  const app = synthesize(folder);
  const start = (): CloudProcess => startCloud(join(folder, '.slipway'), app);
  const run: Run = { random: randomOf(seed), ledger: openLedger(), heard: openHeard(), start };
  const problems: string[] = [];
  const recoveryMs: number[] = [];
  let cloud = start();
  try {
    await prepare(connect(await cloud.serving));
    for (let kill = 1; kill <= killCount; kill += 1) {
      const before = run.ledger.entries.length;
      await killBusy(run, cloud);
      const isKilledTwice = kill < killCount && run.random.next() < 0.25;
      if (isKilledTwice) await killStarting(run);
      if (isKilledTwice) kill += 1;
      const killedMs = performance.now();
      cloud = start();
      const begun = run.ledger.entries.slice(before);
      const found = await untilWhole(begun, { aws: connect(await cloud.serving), heard: run.heard });
      for (const problem of found) report(problem);
      problems.push(...found);
      recoveryMs.push(performance.now() - killedMs);
      report(progress(kill, killCount, begun, recoveryMs.at(-1) ?? 0));
    }
    problems.push(...(await untilWhole(run.ledger.entries, { aws: connect(await cloud.serving), heard: run.heard })));
  } finally {
    await cloud.kill();
  }
  return { entries: run.ledger.entries, problems: [...new Set(problems)], recoveryMs };
}

/** What the pipelines read. */
async function prepare({ s3, output }: Aws): Promise<void> {
  await s3.putObject({
    Bucket: output('Bucket'),
    Key: 'source.zip',
    Body: zipSync({ 'read-me.txt': strToU8('source') }),
  });
}

/** Lanes begin one piece after another until the cloud is dead. */
async function killBusy({ random, ledger, heard }: Run, cloud: CloudProcess): Promise<void> {
  const aws = connect(await cloud.serving);
  const atMs = performance.now() + random.between(50, 1_200);
  const most = ledger.entries.length + mostPiecesAtOnce;
  const isAlive = (): boolean => performance.now() < atMs;
  const lanes = Array.from({ length: laneCount }, async () => {
    while (isAlive() && ledger.entries.length < most) {
      const work = random.pick(works);
      await ledger.begin(work, (piece) => work.begin(aws, piece));
    }
  });
  // The kill interrupts it.
  const listening = (async () => {
    while (isAlive()) await heard.listen(aws);
  })().catch(() => undefined);
  await sleep(Math.max(0, atMs - performance.now()));
  await cloud.kill();
  await Promise.all([...lanes, listening]);
}

/** A kill in the middle of what follows a kill. */
async function killStarting({ random, start }: Run): Promise<void> {
  const cloud = start();
  await sleep(random.between(100, 2_000));
  await cloud.kill();
}

function progress(kill: number, killCount: number, begun: readonly Entry[], ms: number): string {
  const acknowledgedCount = begun.filter(({ isAcknowledged }) => isAcknowledged).length;
  const numbers = `${begun.length} begun, ${acknowledgedCount} acknowledged`;
  return `kill ${kill} of ${killCount}: ${numbers}, all finished after ${(ms / 1000).toFixed(1)} s`;
}
