import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AwsCredentials } from '../local/public.ts';
import { stackName } from './synthesize.ts';

/** Where the cloud of a process is, as `serve.ts` prints it. */
export interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A local cloud in a process of its own. */
export interface CloudProcess {
  /** Resolves when it serves. @throws Error with what it printed if it ends before that */
  readonly serving: Promise<Place>;
  /** What it told the person at the laptop. */
  readonly reported: readonly string[];
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
}

const thisCheckout = join(import.meta.dirname, '..');

/** Starts a cloud over the folder, with the code of a checkout. It ends with this process at the latest. */
export function startCloud(folder: string, app: string, checkout = thisCheckout): CloudProcess {
  const serve = join(checkout, 'simulate', 'serve.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', serve, folder, app, stackName], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const closed = once(child, 'close').finally(() => process.off('exit', end));
  const reported: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => reported.push(line));
  const serving = new Promise<Place>((resolve, reject) => {
    // Written by serve.ts, next to this file.
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Place));
    void closed.then(() => reject(new Error(`the cloud ended before it served:\n${reported.join('\n')}`)));
  });
  serving.catch(() => undefined);
  return {
    serving,
    reported,
    async kill() {
      end();
      await closed;
    },
  };
}
