import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

/** Adds the commands that belong to the local cloud. Their modules are heavy, and loaded when called. */
export function addLocalCommands(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('run Slipway on this machine and watch a release of the example')
    .option('--port <n>', 'the one port; default that of the last start, or a free one', portNumber)
    .option('--source <dir>', "the folder to release instead of the example's page")
    .option('--once', 'end after one release: exit code 0 if it succeeded, else 1', false)
    .option('--ask', 'leave approvals to you instead of approving after 10 s', false)
    .option('--reset', 'forget everything that earlier starts left behind', false)
    .option('--speed <factor>', 'let service time (waits, intervals, schedules) run this much faster', positive)
    .option(
      '--source-repo <owner/name=dir>',
      'a folder that stands for a source repository; may be repeated',
      repository,
      {},
    )
    .option('--not-run <provider>', 'show actions of this provider as not run locally; may be repeated', oneMore, [])
    .action(async (options: LocalStartOptions) => {
      const { start, exampleSource } = await import('../start/start.ts');
      const { source = exampleSource, sourceRepo: sourceRepositories, ...rest } = options;
      process.exitCode = await start({
        ...rest,
        sourceRepositories,
        source,
        folder: context.folder(),
        print: context.print,
      });
    });
  program
    .command('local')
    .description('run the local cloud over a CDK app of your own, and follow what it synthesizes')
    .option('--app <dir>', 'a cdk.out, or the folder of the app that has one', '.')
    .option('--port <n>', 'the one port; default that of the last start, or a free one', portNumber)
    .option('--speed <factor>', 'let service time (waits, intervals, schedules) run this much faster', positive)
    .option('--reset', 'forget everything that earlier starts left behind', false)
    .action(async (options: LocalRunOptions) => {
      const { runLocal } = await import('../local/run-local.ts');
      process.exitCode = await runLocal({ ...options, folder: context.folder(), print: context.print });
    });
  program
    .command('logs [function]')
    .description('show what a function of the local cloud has logged; without a name, the functions there are')
    .option('--lines <n>', 'how many lines from the end', positive, 100)
    .option('--follow', 'go on showing what comes', false)
    .action(async (name: string | undefined, options: { lines: number; follow: boolean }) => {
      const { showLog } = await import('../logs.ts');
      await showLog({
        folder: context.folder(),
        print: context.print,
        ...options,
        ...(name !== undefined && { name }),
      });
    });
}

interface LocalRunOptions {
  readonly app: string;
  readonly port?: number;
  readonly speed?: number;
  readonly reset: boolean;
}

interface LocalStartOptions {
  readonly port?: number;
  readonly source?: string;
  readonly once: boolean;
  readonly ask: boolean;
  readonly reset: boolean;
  readonly speed?: number;
  readonly sourceRepo: Readonly<Record<string, string>>;
  readonly notRun: readonly string[];
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('Allowed are 1 to 65535.');
  return port;
}

function repository(text: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, folder] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || folder === undefined) throw new InvalidArgumentError('Give it as owner/name=DIR.');
  return { ...known, [name]: resolve(folder) };
}

function oneMore(text: string, known: readonly string[]): readonly string[] {
  return [...known, text];
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Allowed are numbers above 0.');
  return value;
}
