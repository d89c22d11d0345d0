#!/usr/bin/env node
import { Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiRefusal, apiClient, ApiUnavailable } from './api-client.ts';
import type { CliContext } from './cli-context.ts';
import { CliError } from './cli-error.ts';
import { addReleaseCommands } from './commands/releases.ts';
import { addSourceCommands } from './commands/source.ts';
import { addLocalCommands } from './commands/local.ts';
import { findConnection } from './connection.ts';
import { packageRoot } from '../infra/package-root.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }; // our own file

const program = new Command('slipway')
  .description('Release automation for AWS CodePipeline, on AWS and on a laptop')
  .version(version)
  .addOption(
    new Option('--folder <dir>', 'the local cloud to talk to, unless SLIPWAY_URL and SLIPWAY_TOKEN are set').default(
      '.slipway',
    ),
  )
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

const context: CliContext = {
  api: () => apiClient(findConnection(context.folder())),
  folder: () => String(program.opts()['folder']),
  print: (line) => console.log(line),
};
addLocalCommands(program, context);
addReleaseCommands(program, context);
addSourceCommands(program, context);

try {
  await program.parseAsync();
} catch (error) {
  const isExpected =
    error instanceof CliError ||
    error instanceof ApiRefusal ||
    error instanceof ApiUnavailable ||
    (error instanceof Error && error.name === 'LocalCloudError');
  console.error(isExpected ? `slipway: ${(error as Error).message}` : error);
  process.exitCode = 1;
}
