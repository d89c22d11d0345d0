import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { addCloudOptions, positive, type CloudOptions } from './cloud-options.ts';

/** Adds the commands that belong to the local cloud. Their modules are heavy, and loaded when called. */
export function addLocalCommands(program: Command, context: CliContext): void {
  addCloudOptions(program.command('start'))
    .description('run Slipway on this machine and watch a release of the example')
    .option('--source <dir>', "the folder to release instead of the example's page")
    .option('--once', 'end after one release: exit code 0 if it succeeded, else 1', false)
    .option('--ask', 'leave approvals to you instead of approving after 10 s', false)
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
  const local = program.command('local');
  addCloudOptions(local)
    .description('run the local cloud over a CDK app of your own, and follow what it synthesizes')
    .option('--app <dir>', 'a cdk.out, or the folder of the app that has one', '.')
    .action(async ({ sourceRepo: sourceRepositories, ...rest }: LocalRunOptions) => {
      const { runLocal } = await import('../local/run-local.ts');
      const here = { folder: context.folder(), print: context.print };
      process.exitCode = await runLocal({ ...rest, sourceRepositories, ...here });
    });
  local
    .command('event <file>')
    .description(
      'put an event of an AWS service on the default bus of the local cloud that runs; - reads standard input',
    )
    // Those of `local` start a cloud.
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: () => [...program.options] })
    .addHelpText('after', exampleOfAnEvent)
    .action(async (file: string) => {
      const { putEvent } = await import('../local/put-event.ts');
      await putEvent({ file, folder: context.folder(), print: context.print });
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

const exampleOfAnEvent = `
The file holds one event as JSON, as AWS documents it; what the bus adds may be left out:
  {
    "source": "aws.ecr",
    "detail-type": "ECR Image Action",
    "detail": { "action-type": "PUSH", "result": "SUCCESS", "repository-name": "shop", "image-tag": "1" }
  }`;

interface LocalRunOptions extends CloudOptions {
  readonly app: string;
}

interface LocalStartOptions extends CloudOptions {
  readonly source?: string;
  readonly once: boolean;
  readonly ask: boolean;
}
