import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';

/** The name of the one stack. */
export const stackName = 'Bench';

/** Writes a `cdk.out` below `folder`, of one stack that has what `build` puts in and puts out what it answers. */
export function synthesize(folder: string, build: (stack: Stack) => Readonly<Record<string, string>>): string {
  // CDK's own validation of templates takes longer than the rest.
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = join(folder, 'cdk.out');
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, stackName);
  for (const [name, value] of Object.entries(build(stack)))
    new CfnOutput(stack, `Out${name}`, { value }).overrideLogicalId(name);
  app.synth();
  return outdir;
}
