import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CloudSettings } from '../local/start-cloud.ts';

/** What every command that starts a local cloud takes. */
export interface CloudOptions extends Pick<CloudSettings, 'port' | 'speed' | 'reset' | 'notRun'> {
  readonly sourceRepo: CloudSettings['sourceRepositories'];
}

/** Adds the options of `CloudOptions` to a command. */
export function addCloudOptions(command: Command): Command {
  return command
    .option('--port <n>', 'the one port; default that of the last start, or a free one', portNumber)
    .option('--speed <factor>', 'let service time (waits, intervals, schedules) run this much faster', positive)
    .option('--reset', 'forget everything that earlier starts left behind', false)
    .addOption(
      new Option('--source-repo <owner/name=dir>', 'a folder that stands for a source repository; may be repeated')
        .argParser(repository)
        .default({}, 'none'),
    )
    .addOption(
      new Option('--not-run <provider>', 'show actions of this provider as not run locally; may be repeated')
        .argParser(oneMore)
        .default([], 'none'),
    );
}

/** A number above 0, from the command line. @throws InvalidArgumentError */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Allowed are numbers above 0.');
  return value;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('Allowed are 1 to 65535.');
  return port;
}

function repository(text: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, given] = /^([\w.-]+(?:\/[\w.-]+)*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || given === undefined) throw new InvalidArgumentError('Give it as owner/name=DIR.');
  if (Object.hasOwn(known, name)) throw new InvalidArgumentError(`${name} has a folder already.`);
  const folder = resolve(given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidArgumentError(`There is no folder ${folder}.`);
  }
  return { ...known, [name]: folder };
}

function oneMore(text: string, known: readonly string[]): readonly string[] {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError('Give the name of one provider, such as CodeBuild.');
  return [...known, text];
}
