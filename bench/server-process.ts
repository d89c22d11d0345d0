import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where a server is, and what opens it: what an SDK client is made with. */
export interface ServerPlace {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Names of what it holds. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A server in a process of its own, until it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  readonly place: ServerPlace;
  /** Processor time that all its threads have used so far, in milliseconds; NaN where there is no /proc. */
  processorMs(): number;
}

/** Starts a file, named from `servers/` on. @throws Error with what it printed if it ends before it serves */
export async function startServer(name: string, args: readonly string[] = []): Promise<ServerProcess> {
  const file = join(import.meta.dirname, 'servers', name);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const closed = once(child, 'close').finally(() => process.off('exit', end));
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const place = await new Promise<ServerPlace>((resolve, reject) => {
    // Written by the files of servers/.
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as ServerPlace));
    void closed.then(() => reject(new Error(`${name} ended before it served:\n${errors.join('\n')}`)));
  });
  return {
    place,
    processorMs: () => processorMsOf(child.pid),
    async [Symbol.asyncDispose]() {
      end();
      await closed;
    },
  };
}

/** What the kernel counts in: hundredths of a second on every Linux that Node runs on. */
const msPerTick = 10;

function processorMsOf(pid: number | undefined): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  // The second field, a name in brackets, may hold blanks; user and system time are the 14th and the 15th.
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}
