import { format } from 'node:util';

/** Where a line goes. */
export type WriteLine = (text: string) => void;

const levels = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/**
 * Sends what the thread prints to `write`, in the runtime's format: console lines carry their level (`INFO\ttext`; in
 * JSON format an object), what is written to stdout or stderr goes as it is.
 */
export function capturePrinting(write: WriteLine, logFormat: 'Text' | 'JSON', requestId: () => string): void {
  for (const [method, level] of Object.entries(levels)) {
    const print = (...values: unknown[]): void =>
      write(logFormat === 'JSON' ? toJsonLine(level, requestId(), values) : `${level}\t${format(...values)}`);
    Object.assign(console, { [method]: print });
  }
  captureStream(process.stdout, write);
  captureStream(process.stderr, write);
}

function toJsonLine(level: string, requestId: string, values: unknown[]): string {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  const [only] = values;
  const message = values.length === 1 && !(only instanceof Error) ? only : format(...values);
  try {
    return JSON.stringify({ ...line, message });
  } catch {
    return JSON.stringify({ ...line, message: format(...values) });
  }
}

type Written = (problem?: Error | null) => void;

function captureStream(stream: NodeJS.WriteStream, write: WriteLine): void {
  stream.write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Written, then?: Written): boolean => {
    write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const written = typeof encoding === 'function' ? encoding : then;
    if (written) queueMicrotask(() => written());
    return true;
  };
}
