import { availableParallelism, cpus, totalmem } from 'node:os';
import { render, type Bench } from './bench.ts';
import { benches } from './registry.ts';

const [asked, ...more] = process.argv.slice(2);

if (asked === '--help' || asked === '-h') {
  console.log(help());
} else {
  const chosen = benches.filter(({ name }) => asked === undefined || name === asked);
  if (chosen.length === 0 || more.length > 0) {
    console.error(`there is no bench "${process.argv.slice(2).join(' ')}"\n\n${help()}`);
    process.exit(1);
  }
  console.log(machine());
  for (const bench of chosen) await print(bench);
}

async function print(bench: Bench): Promise<void> {
  console.log(`\n${bench.name}: ${bench.question}\n`);
  console.log(render(await bench.run()));
}

function help(): string {
  const lines = benches.map(({ name, question }) => `  ${name.padEnd(12)} ${question}`);
  return ['npm run bench [NAME]: answers one question, or all of them.', '', ...lines].join('\n');
}

/** Figures mean nothing without the machine they were seen on. */
function machine(): string {
  const [{ model } = { model: 'unknown processor' }] = cpus();
  const memoryGigabytes = Math.round(totalmem() / 1e9);
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores (${model.trim()}), ${memoryGigabytes} GB`;
}
