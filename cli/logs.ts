import { existsSync, readdirSync, readFileSync, statSync, watchFile, openSync, readSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './cli-error.ts';
import type { Print } from './output.ts';

/** Which log to show, and how much of it. */
export interface LogRequest {
  readonly folder: string;
  readonly name?: string;
  readonly lines: number;
  readonly follow: boolean;
  readonly print: Print;
}

/**
 * Shows the end of a function's log. A part of the name is enough if it is only one function's:
 * `smoke-test` finds `…ActionsRunSmokeTest…`.
 * @throws CliError naming the logs there are, if none or several fit
 */
export async function showLog({ folder, name, lines, follow, print }: LogRequest): Promise<void> {
  const logs = join(folder, 'logs');
  const names = existsSync(logs)
    ? readdirSync(logs)
        .filter((file) => file.endsWith('.log'))
        .map((file) => file.slice(0, -4))
    : [];
  if (name === undefined) return names.forEach((one) => print(one));
  const file = join(logs, `${pick(names, name)}.log`);
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .forEach((line) => print(line));
  if (follow) followFile(file, print);
}

function pick(names: readonly string[], wanted: string): string {
  const plain = (text: string): string => text.replaceAll('-', '').toLowerCase();
  const found = names.filter((name) => name === wanted || plain(name).includes(plain(wanted)));
  const exact = found.find((name) => name === wanted) ?? (found.length === 1 ? found[0] : undefined);
  if (exact !== undefined) return exact;
  const choice = (found.length > 0 ? found : names).join(', ') || 'none yet; start the local cloud first';
  throw new CliError(
    `${found.length > 0 ? 'several functions fit' : 'no function fits'} "${wanted}"; logs there are: ${choice}`,
  );
}

function followFile(file: string, print: Print): void {
  let position = statSync(file).size;
  watchFile(file, { interval: 300 }, ({ size }) => {
    // A rotated log begins anew.
    if (size < position) position = 0;
    const bytes = Buffer.alloc(size - position);
    const descriptor = openSync(file, 'r');
    readSync(descriptor, bytes, 0, bytes.length, position);
    closeSync(descriptor);
    position = size;
    bytes
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .forEach((line) => print(line));
  });
}
