import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, read, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const readAt = promisify(read);

/** Where an object's bytes lie: immutable files with random names, so that no key ever becomes a path. */
export interface BodyFiles {
  /** Writes `chunks` one after the other to a new file that is safe on disk when this resolves, and names it. */
  write(chunks: readonly (Uint8Array | BodySlice)[]): Promise<string>;
  /**
   * Opens a body at once, so that a deletion in the next moment does not take it away, and reads the bytes from
   * `start` to `end` (exclusive).
   */
  read(slice: BodySlice): Promise<Uint8Array>;
  /** Deletes a body whose row is gone; one that is missing already is no error. */
  remove(name: string): void;
  /** Deletes what a killed process left: half-written files, and bodies that `isKnown` does not claim. */
  sweep(isKnown: (name: string) => boolean): void;
}

/** A part of a body, `end` exclusive. */
export interface BodySlice {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Opens, or makes, the body folder of one local cloud. */
export function openBodyFiles(folder: string): BodyFiles {
  const bodies = join(folder, 'bodies');
  const incoming = join(folder, 'incoming');
  for (const path of [bodies, incoming]) mkdirSync(path, { recursive: true, mode: 0o700 });
  return new DiskBodies(bodies, incoming);
}

const copyBlockBytes = 4 * 1024 * 1024;

class DiskBodies implements BodyFiles {
  readonly #bodies: string;
  readonly #incoming: string;

  constructor(bodies: string, incoming: string) {
    this.#bodies = bodies;
    this.#incoming = incoming;
  }

  async write(chunks: readonly (Uint8Array | BodySlice)[]): Promise<string> {
    const name = randomBytes(16).toString('hex');
    const temporary = join(this.#incoming, name);
    try {
      await this.#writeTemporary(temporary, chunks);
      const shard = join(this.#bodies, name.slice(0, 2));
      mkdirSync(shard, { recursive: true, mode: 0o700 });
      await rename(temporary, join(shard, name));
      await syncFolder(shard);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return name;
  }

  async read({ name, start, end }: BodySlice): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    const descriptor = openSync(this.#path(name), 'r');
    try {
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await readAt(descriptor, bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new Error(`the body ${name} ends at ${start + done}, before ${end}`);
        done += bytesRead;
      }
    } finally {
      closeSync(descriptor);
    }
    return bytes;
  }

  remove(name: string): void {
    try {
      unlinkSync(this.#path(name));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  sweep(isKnown: (name: string) => boolean): void {
    for (const name of readdirSync(this.#incoming)) rmSync(join(this.#incoming, name), { force: true });
    for (const shard of readdirSync(this.#bodies, { withFileTypes: true })) {
      if (!shard.isDirectory()) continue;
      for (const name of readdirSync(join(this.#bodies, shard.name))) if (!isKnown(name)) this.remove(name);
    }
  }

  #path(name: string): string {
    return join(this.#bodies, name.slice(0, 2), name);
  }

  async #writeTemporary(path: string, chunks: readonly (Uint8Array | BodySlice)[]): Promise<void> {
    const file = await open(path, 'wx', 0o600);
    try {
      for (const chunk of chunks) {
        if (chunk instanceof Uint8Array) await file.writeFile(chunk);
        else await this.#copy(chunk, file);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #copy(slice: BodySlice, to: FileHandle): Promise<void> {
    for (let start = slice.start; start < slice.end; start += copyBlockBytes) {
      const end = Math.min(start + copyBlockBytes, slice.end);
      await to.writeFile(await this.read({ name: slice.name, start, end }));
    }
  }
}

/** Makes a rename last over a power cut; systems that cannot open folders (Windows) keep it by themselves. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  if (!folder) return;
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
