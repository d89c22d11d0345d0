import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeIfSpace } from '../../store/full-disk.ts';

/** One thing that a function printed, or that Lambda says of it (START, END, REPORT). */
export interface LogEntry {
  /** ISO 8601. */
  readonly at: string;
  /** Empty for what was printed while the function was initialized. */
  readonly requestId: string;
  /** May have several lines. */
  readonly message: string;
}

/** Writes what functions print to `<folder>/logs/<function>.log`. */
export interface FunctionLogs {
  append(functionName: string, entry: LogEntry): void;
  close(): void;
}

const maxFileBytes = 5_000_000;

/** Opens the logs of a cloud's folder. A file that has grown past 5 MB becomes `<function>.1.log`, in place of the last. */
export function openFunctionLogs(folder: string): FunctionLogs {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const open = new Map<string, { file: number; sizeBytes: number }>();
  const openFile = (name: string): { file: number; sizeBytes: number } => {
    const file = openSync(join(logs, `${name}.log`), 'a', 0o600);
    const opened = { file, sizeBytes: fstatSync(file).size };
    open.set(name, opened);
    return opened;
  };
  return {
    append: (name, entry) => {
      const current = open.get(name) ?? openFile(name);
      writeIfSpace(() => (current.sizeBytes += writeSync(current.file, formatLogEntry(entry))));
      if (current.sizeBytes < maxFileBytes) return;
      closeSync(current.file);
      open.delete(name);
      renameSync(join(logs, `${name}.log`), join(logs, `${name}.1.log`));
    },
    close: () => {
      for (const { file } of open.values()) closeSync(file);
      open.clear();
    },
  };
}

/** `at`, request id and message between tabs; further lines of a message are indented by a tab. */
function formatLogEntry({ at, requestId, message }: LogEntry): string {
  return `${at}\t${requestId}\t${message.replace(/\n+$/, '').replaceAll('\n', '\n\t')}\n`;
}

/**
 * Reads a function's log: the current file, from `fromByte` on (0 if absent, or if the file has become shorter since).
 * Ask again with `nextByte` to follow it. A function that has printed nothing has no entries.
 */
export function readLog(folder: string, functionName: string, fromByte = 0): { entries: LogEntry[]; nextByte: number } {
  const path = join(folder, 'logs', `${functionName}.log`);
  if (!existsSync(path)) return { entries: [], nextByte: 0 };
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('\n') + 1;
  const start = fromByte > end ? 0 : fromByte;
  const text = bytes.toString('utf8', start, end).slice(0, -1);
  const entries = text === '' ? [] : text.split(/\n(?!\t)/).map(parseLogEntry);
  return { entries, nextByte: end };
}

function parseLogEntry(text: string): LogEntry {
  const [at = '', requestId = '', ...message] = text.split('\t');
  return { at, requestId, message: message.join('\t').replaceAll('\n\t', '\n') };
}
