import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { LocalCloudError } from './errors.ts';
import { isFullDisk } from './store/full-disk.ts';

/** Who holds a folder. */
export interface Holder {
  readonly pid: number;
  /** Absent until the port is open. */
  readonly port?: number | undefined;
  /** ISO 8601 UTC. */
  readonly since: string;
  /** What commands at the folder show to the running cloud. */
  readonly token?: string | undefined;
}

/** A folder that is ours until it is released. */
export interface FolderLock {
  /** Writes down who holds the folder, for whoever finds it locked. */
  announce(holder: Holder): void;
  /** Deletes everything in the folder but the lock. */
  clear(): void;
  release(): void;
}

const holderSchema = z.object({
  pid: z.number(),
  port: z.number().optional(),
  since: z.string(),
  token: z.string().optional(),
});

const lockFileName = 'lock.sqlite';

/** Long enough for a process that was just killed to be gone. */
const patienceMs = 1000;

/**
 * Takes a folder for this process. The lock is the operating system's on an open file (through SQLite, so on Windows
 * too): it ends with the process however that ends, so there is no stale one to clear.
 * @throws LocalCloudError saying who holds the folder, or that it cannot be written
 */
export function lockFolder(folder: string): FolderLock {
  const database = openLockFile(folder);
  const holderFile = join(folder, 'holder.json');
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw cannotWrite(folder, error);
    throw new LocalCloudError(describeHolder(folder, holderFile), { cause: error });
  }
  try {
    rmSync(holderFile, { force: true });
  } catch (error) {
    database.close();
    throw cannotWrite(folder, error);
  }
  return {
    announce: (holder) => writeFileSync(holderFile, `${JSON.stringify(holder)}\n`, { mode: 0o600 }),
    clear() {
      const others = readdirSync(folder).filter((name) => !name.startsWith(lockFileName));
      for (const name of others) rmSync(join(folder, name), { recursive: true, force: true });
    },
    release() {
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

function openLockFile(folder: string): DatabaseSync {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, lockFileName);
    // Made here first: SQLite would let everyone on this machine open it, and so hold the folder.
    closeSync(openSync(file, 'a', 0o600));
    return new DatabaseSync(file, { timeout: patienceMs });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** https://www.sqlite.org/rescode.html#busy: the one error that means that somebody else holds the lock. */
function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
}

function cannotWrite(folder: string, cause: unknown): LocalCloudError {
  if (isFullDisk(cause))
    return new LocalCloudError(
      `the folder ${folder} cannot be written: the disk is full; free some space and start again`,
      { cause },
    );
  const reason = cause instanceof Error ? cause.message : String(cause);
  const text = `the folder ${folder} cannot be written: ${reason}; make it writable, or choose another folder`;
  return new LocalCloudError(text, { cause });
}

function describeHolder(folder: string, holderFile: string): string {
  const holder = readHolder(holderFile);
  if (!holder) return `the folder ${folder} is held by another local cloud; stop it, or choose another folder`;
  const where = holder.port === undefined ? 'which is starting' : `on port ${holder.port}`;
  return (
    `the folder ${folder} is held by process ${holder.pid}, ${where}, since ${holder.since}; ` +
    'stop it, or choose another folder'
  );
}

/** Who holds a folder, or held it when it was killed. */
export function readHolderOf(folder: string): Holder | undefined {
  return readHolder(join(folder, 'holder.json'));
}

function readHolder(file: string): Holder | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Half written, or from another version: who holds the folder is then unknown.
    return undefined;
  }
}
