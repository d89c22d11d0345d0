import { join } from 'node:path';
import { styleText } from 'node:util';
import { findAssembly, startLocalCloud, type LocalCloud } from '../../local/public.ts';
import type { Print } from '../output.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { watchSynth } from './watch-synth.ts';

/** How `local` was called. */
export interface LocalOptions {
  /** A `cdk.out`, or the folder of a CDK app. */
  readonly app: string;
  readonly folder: string;
  readonly port?: number;
  /** Cloud seconds in a real second; service timers only. */
  readonly speed?: number;
  /** Forgets everything first. */
  readonly reset: boolean;
  /** The folder of each source repository, by `owner/name`. */
  readonly sourceRepositories: Readonly<Record<string, string>>;
  /** Providers whose actions are not run. */
  readonly notRun: readonly string[];
  readonly print: Print;
}

/**
 * Runs the local cloud over somebody's CDK app, and follows what is synthesized anew, until it is told to stop.
 * @returns the exit code
 */
export async function runLocal(options: LocalOptions): Promise<number> {
  const { app, folder, port, speed, reset, print, sourceRepositories, notRun } = options;
  const assembly = findAssembly(app);
  // As on AWS; threads share the time zone of their process.
  process.env['TZ'] = 'UTC';
  const cloud = await startLocalCloud({
    app: assembly,
    folder,
    reset,
    report: print,
    codePipeline: { sourceRepositories, notRun },
    ...(port !== undefined && { port }),
    ...(speed !== undefined && { clock: { kind: 'scaled', speed } }),
  });
  const interrupted = stopOnSignals();
  printCloud(cloud, print);
  const stopWatching = watchSynth(join(assembly, 'manifest.json'), {
    apply: () => applyAnew(cloud, assembly, print),
    onError: (error) => print(`not applied: ${error instanceof Error ? error.message : String(error)}`),
  });
  print('Follows each new synth. Stop with Ctrl+C.');
  if (!interrupted.aborted) await new Promise((resolve) => interrupted.addEventListener('abort', resolve));
  await stopWatching();
  await cloud.stop();
  print('Stopped. Everything is kept: the same command goes on with it.');
  return 130;
}

async function applyAnew(cloud: LocalCloud, assembly: string, print: Print): Promise<void> {
  print('');
  print(styleText('dim', 'A new synth:'));
  // The cloud reports what it does with each stack.
  await cloud.apply(assembly);
  printOutputs(cloud, print);
}

function printCloud(cloud: LocalCloud, print: Print): void {
  const environment = Object.entries(cloud.environment).map(([name, value]) => `export ${name}=${value}`);
  print('');
  print(styleText('bold', `The local cloud serves ${cloud.endpoint}`));
  print(`  ${environment.join('; ')}`);
  print('');
  printOutputs(cloud, print);
}

function printOutputs(cloud: LocalCloud, print: Print): void {
  for (const stackName of cloud.stackNames()) {
    // CDK's own, through which stacks refer to each other, say nothing to a person.
    const outputs = Object.entries(cloud.outputs(stackName)).filter(([name]) => !name.startsWith('ExportsOutput'));
    if (outputs.length === 0) continue;
    print(`Outputs of ${stackName}:`);
    for (const [name, value] of outputs)
      print(`  ${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
}
