import { readFileSync } from 'node:fs';
// Not by way of the public module, which loads every service.
import { sendEvent } from '../../local/control/send-event.ts';
import { CliError } from '../cli-error.ts';
import type { Print } from '../output.ts';

/** How `local event` was called. */
export interface PutEventOptions {
  /** A file with one event, or `-` for standard input. */
  readonly file: string;
  readonly folder: string;
  readonly print: Print;
}

/** Puts an event from a file on the default bus of the local cloud that runs. @throws CliError for what is not JSON */
export async function putEvent({ file, folder, print }: PutEventOptions): Promise<void> {
  const event = await sendEvent(folder, parse(file));
  print(`put on the default bus: ${event['detail-type']} of ${event.source}`);
}

function parse(file: string): unknown {
  const name = file === '-' ? 'standard input' : file;
  const text = read(file, name);
  try {
    // Windows begins a file of UTF-8 with a mark that is no JSON.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`${name} is not JSON: ${reason}; "slipway local event --help" shows an event`);
  }
}

function read(file: string, name: string): string {
  try {
    // 0 is standard input.
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`${name} cannot be read: ${reason}`);
  }
}
