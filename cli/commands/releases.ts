import { InvalidArgumentError, type Command } from 'commander';
import * as z from 'zod';
import { randomUUID } from 'node:crypto';
import { releaseSchema } from '../../shared/state/release.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../cli-error.ts';
import { describeRelease, releaseLine } from '../output.ts';
import { watchRelease, type WatchOptions } from '../watch.ts';

const acceptedSchema = z.object({ status: z.string(), releaseId: z.string() });
const listSchema = z.object({ releases: z.array(releaseSchema) });
const statusSchema = z.object({ release: releaseSchema });

/** Adds the commands that translate into the API's verbs, and `watch` over its read side. */
export function addReleaseCommands(program: Command, context: CliContext): void {
  const { print } = context;
  program
    .command('release <service>')
    .description('ask for a release of a service')
    .option('--revision <sha>', 'the commit to release; without it the latest source')
    .option('--reason <text>', 'why, for the record')
    .option('--no-watch', 'return as soon as the request is accepted')
    .action(async (service: string, options: { revision?: string; reason?: string; watch: boolean }) => {
      const { revision, reason } = options;
      const body = { service, requestId: randomUUID(), ...(revision && { revision }), ...(reason && { reason }) };
      const accepted = acceptedSchema.parse(await context.api().command('release', body));
      print(`${accepted.status}: ${accepted.releaseId}`);
      if (options.watch) await watchToTheEnd(context, accepted.releaseId);
    });
  program
    .command('status <release-or-service>')
    .description('show a release, or the newest one of a service')
    .action(async (name: string) => {
      const body = isReleaseId(name) ? { release: name } : { service: name };
      const { release } = statusSchema.parse(await context.api().command('status', body));
      describeRelease(release).forEach(print);
    });
  program
    .command('list')
    .description('list releases, newest first')
    .option('--service <name>', 'only of this service')
    .option('--limit <n>', 'how many, 1 to 100', countUpTo100, 20)
    .action(async (options: { service?: string; limit: number }) => {
      const { releases } = listSchema.parse(await context.api().command('list', options));
      if (releases.length === 0) print('no releases yet');
      releases.map(releaseLine).forEach(print);
    });
  program
    .command('watch <release>')
    .description('show what happens to a release until it is finished; exit code 1 if it fails')
    .option('--all', 'every event, also those of the pipeline and its stages', false)
    .action(async (releaseId: string, { all }: { all: boolean }) => {
      if (!isReleaseId(releaseId))
        throw new CliError(`${releaseId} is no release id (r- and 32 hex digits); "slipway list" shows what there is`);
      await watchToTheEnd(context, releaseId, { all, patienceMs: 5000 });
    });
  addAnswers(program, context);
}

function addAnswers(program: Command, { api, print }: CliContext): void {
  for (const verb of ['approve', 'reject'] as const) {
    program
      .command(`${verb} <release>`)
      .description(`${verb} what a release waits for`)
      .option('--comment <text>', 'why, for the record')
      .option('--action <name>', 'which approval, when several wait')
      .action(async (release: string, options: { comment?: string; action?: string }) => {
        const answered = z
          .object({ status: z.string(), stage: z.string(), action: z.string() })
          .parse(await api().command(verb, { release, ...options }));
        print(`${answered.status}: ${answered.stage}/${answered.action} of ${release}`);
      });
  }
}

async function watchToTheEnd(
  context: CliContext,
  releaseId: string,
  options: Pick<WatchOptions, 'all' | 'patienceMs'> = {},
): Promise<void> {
  const release = await watchRelease(context.api(), releaseId, { print: context.print, ...options });
  if (release.status === 'failed') process.exitCode = 1;
}

function isReleaseId(text: string): boolean {
  return /^r-[0-9a-f]{32}$/.test(text);
}

function countUpTo100(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 100) throw new InvalidArgumentError('Allowed are 1 to 100.');
  return count;
}
