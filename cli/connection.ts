import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from './cli-error.ts';

/** Where Slipway's API is, and the token that it asks for. */
export interface Connection {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

const connectionSchema = z.object({ url: z.url(), token: z.string().min(1) });

const connectionFile = (folder: string): string => join(folder, 'connection.json');

/**
 * Finds the API: SLIPWAY_URL and SLIPWAY_TOKEN if set, else the local cloud that `slipway start` left in `folder`.
 * @throws CliError saying how to connect
 */
export function findConnection(folder: string, environment: NodeJS.ProcessEnv = process.env): Connection {
  const { SLIPWAY_URL: url, SLIPWAY_TOKEN: token } = environment;
  if (url !== undefined || token !== undefined) return readConnection({ url, token }, 'SLIPWAY_URL and SLIPWAY_TOKEN');
  const file = connectionFile(folder);
  if (!existsSync(file)) {
    throw new CliError(
      `no Slipway found: neither SLIPWAY_URL and SLIPWAY_TOKEN are set, nor is there a local cloud in ${folder}. ` +
        'Run "npm start", or set both variables (the stack Slipway-Engine puts out ApiUrl and ApiTokenSecretArn).',
    );
  }
  return readConnection(JSON.parse(readFileSync(file, 'utf8')), file);
}

/** Keeps the local cloud's connection for the other commands; readable by the user alone. */
export function keepConnection(folder: string, connection: Connection): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(connectionFile(folder), `${JSON.stringify(connection, undefined, 2)}\n`, { mode: 0o600 });
}

function readConnection(value: unknown, from: string): Connection {
  const read = connectionSchema.safeParse(value);
  if (!read.success)
    throw new CliError(`${from}: ${read.error.issues[0]?.path.join('.')} ${read.error.issues[0]?.message}`);
  return { url: read.data.url.replace(/\/$/, ''), token: read.data.token };
}
