import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Random } from '../random.ts';

/** What a run takes from the process that it runs in. */
export interface Surroundings {
  readonly random: Random;
  readonly nowMs: () => number;
  /** Every line that is written to the log. */
  readonly line: (text: string) => void;
}

/** Runs work whose time, random bytes and log are its own; nothing else may run in the process meanwhile. */
export async function inSeededProcess<T>({ random, nowMs, line }: Surroundings, work: () => Promise<T>): Promise<T> {
  const { randomBytes, randomUUID } = crypto;
  const { now } = Date;
  const { random: mathRandom } = Math;
  const { write } = process.stdout;
  const bytes = (size: number): Buffer => Buffer.from(Array.from({ length: size }, () => random.between(0, 255)));
  // The functions are overloaded; only these forms of them are called.
  crypto.randomBytes = bytes as typeof randomBytes;
  crypto.randomUUID = () => {
    const hex = bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  syncBuiltinESMExports();
  Date.now = nowMs;
  Math.random = () => random.next();
  process.stdout.write = ((text: unknown) => (line(String(text)), true)) as typeof write;
  try {
    return await work();
  } finally {
    Object.assign(crypto, { randomBytes, randomUUID });
    syncBuiltinESMExports();
    Date.now = now;
    Math.random = mathRandom;
    process.stdout.write = write;
  }
}
