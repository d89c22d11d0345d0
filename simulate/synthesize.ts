import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { BusyStack } from './stack.ts';

/** The name of the one stack. */
export const stackName = 'Busy';

/** Writes the busy app as a `cdk.out` below `folder`. @returns where it lies */
export function synthesize(folder: string): string {
  // CDK's own validation of templates takes longer than the rest.
  process.env['CDK_VALIDATION'] = 'false';
  const code = join(folder, 'code');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'handler.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outfile: join(code, 'index.js'),
  });
  const outdir = join(folder, 'cdk.out');
  const app = new App({ outdir, analyticsReporting: false });
  new BusyStack(app, stackName, code);
  app.synth();
  return outdir;
}
