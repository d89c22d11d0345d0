import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { packSource, putSource } from '../source.ts';

/** Adds `source put`: what a user's CI runs after its build, and `start` for the example. */
export function addSourceCommands(program: Command, context: CliContext): void {
  program
    .command('source')
    .description('the sources that pipelines take')
    .command('put <dir>')
    .description("upload a folder as a service's source and record which commit it is")
    .requiredOption('--service <name>', 'the service')
    .option('--revision <sha>', 'take the folder as Git has it at this commit, instead of as it lies there')
    .action(async (folder: string, options: { service: string; revision?: string }) => {
      const source = packSource(folder, options.revision);
      context.print(`uploading ${folder}: ${Math.ceil(source.zip.length / 1024)} kB …`);
      const { commit, isNew } = await putSource(context.api(), options.service, source);
      context.print(isNew ? `recorded: ${commit}` : `already recorded: ${commit}; the first upload of it stays`);
    });
}
