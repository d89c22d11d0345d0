import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CliError } from '../cli-error.ts';
import { packageRoot } from '../../infra/package-root.ts';

/** What the synthesized app depends on. */
const inputs = [
  'functions',
  'infra',
  'shared',
  'state-machines',
  'examples/checkout/checkout-stack.ts',
  'package-lock.json',
  'tsconfig.json',
];

/** Where the synthesized app lies. */
export const appFolder = join(packageRoot, 'cdk.out');

const stampFile = join(appFolder, '.inputs');

const longestBuildMs = 120_000;

/**
 * Bundles the functions and synthesizes the stacks, unless nothing that they depend on has changed since the last time.
 * @returns whether anything had to be done
 * @throws CliError with what the CDK app printed
 */
export async function synthesize(): Promise<boolean> {
  const unlock = lockBuild();
  try {
    const hash = hashInputs();
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return false;
    await runApp();
    writeFileSync(stampFile, hash);
    return true;
  } finally {
    unlock();
  }
}

/** One build at a time: two starts in different folders share this checkout. SQLite's lock ends with its process. */
function lockBuild(): () => void {
  const folder = join(packageRoot, 'build');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'synth-lock.sqlite'), { timeout: longestBuildMs });
  database.exec('BEGIN EXCLUSIVE');
  return () => database.close();
}

function hashInputs(): string {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesBelow(join(packageRoot, input)))) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .flatMap((entry) => filesBelow(join(path, entry.name)))
    .sort();
}

/** In a process of its own: the CDK library's memory is given back when it ends. */
function runApp(): Promise<void> {
  const app = spawn(process.execPath, [appEntry()], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The stacks are checked in the tests; here every second counts.
    env: { ...process.env, CDK_OUTDIR: appFolder, CDK_VALIDATION: 'false' },
  });
  let output = '';
  app.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  app.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    app.on('error', reject);
    app.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new CliError(`the CDK app could not be synthesized:\n${output.trim()}`));
    });
  });
}

/** The CDK app: the source in a checkout, what was built from it in an installed package. */
function appEntry(): string {
  const source = join(packageRoot, 'infra', 'app.ts');
  return existsSync(source) ? source : join(packageRoot, 'dist', 'infra', 'app.js');
}
