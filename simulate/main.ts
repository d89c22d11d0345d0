import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulate } from './simulation.ts';
import { tableOf } from './table.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string' } },
});
const killCount = wholeNumber('kills', values.kills);
const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('seed', values.seed);
const folder = mkdtempSync(join(tmpdir(), 'slipway-simulation-'));
console.log(`${killCount} kills, seed ${seed} (again: npm run simulate -- --kills ${killCount} --seed ${seed})`);
const result = await simulate({ killCount, seed, folder, report: (line) => console.log(line) });
console.log(`\n${tableOf(result)}\n`);
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`);
if (result.problems.length === 0) {
  rmSync(folder, { recursive: true });
} else {
  console.log(`\n${result.problems.join('\n')}\n\nthe folder is kept: ${folder}`);
  process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    console.error(`--${name} must be a whole number, got "${text}"`);
    process.exit(1);
  }
  return Number(text);
}
