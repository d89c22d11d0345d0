import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalCloudError } from '../errors.ts';

const settingsSchema = z.object({ output: z.string().optional() });

/**
 * Finds the `cdk.out` of an app: the folder itself, or the one in it, wherever its cdk.json puts it.
 * @throws LocalCloudError saying how to make one
 */
export function findAssembly(app: string): string {
  const output = outputOf(app);
  const found = [app, join(app, output ?? 'cdk.out')].find((folder) => existsSync(join(folder, 'manifest.json')));
  if (found !== undefined) return found;
  if (output === undefined) {
    throw new LocalCloudError(
      `no CDK output in ${app}: it has no manifest.json, no cdk.out and no cdk.json; name the folder of a CDK app`,
    );
  }
  throw new LocalCloudError(
    `the CDK app in ${app} has no ${output} yet; synthesize it first: (cd ${app} && npx cdk synth --quiet)`,
  );
}

/** Where the app's settings put the output; undefined without a cdk.json. */
function outputOf(app: string): string | undefined {
  const file = join(app, 'cdk.json');
  if (!existsSync(file)) return undefined;
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).output ?? 'cdk.out';
  } catch {
    // CDK itself says what is wrong with its settings.
    return 'cdk.out';
  }
}
