import { join } from 'node:path';
import { styleText } from 'node:util';
import { findAssembly, type LocalCloud } from '../../local/public.ts';
import type { Print } from '../output.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { exportLine, startCloud, type CloudSettings } from './start-cloud.ts';
import { watchSynth } from './watch-synth.ts';

/** How `local` was called. */
export interface LocalOptions extends CloudSettings {
  /** A `cdk.out`, or the folder of a CDK app. */
  readonly app: string;
}

/**
 * Runs the local cloud over somebody's CDK app, and follows what is synthesized anew, until it is told to stop.
 * @returns the exit code
 */
export async function runLocal(options: LocalOptions): Promise<number> {
  const { app, print } = options;
  const assembly = findAssembly(app);
  const cloud = await startCloud(assembly, options);
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
  print('');
  print(styleText('bold', `The local cloud serves ${cloud.endpoint}`));
  print(`  ${exportLine(cloud)}`);
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
