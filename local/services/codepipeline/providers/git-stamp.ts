import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Where the refs lie that `readRefs` tells: as files of their own, packed in one, or as tables. */
const files = ['packed-refs', 'reftable/tables.list'];
const folders = ['refs/heads', 'refs/tags', 'refs/pull'];

/**
 * A text that changes whenever a ref of a repository does, found without a process of git: looking at a repository that
 * nobody pushes to costs next to nothing. Undefined where the folder is not laid out as one; then ask git. Reads at once:
 * a few dozen files of 41 bytes are read sooner than a thread is woken.
 */
export function refsStamp(folder: string): string | undefined {
  const gitFolder = findGitFolder(folder);
  if (gitFolder === undefined) return undefined;
  const hash = createHash('sha256');
  for (const path of [...files, ...folders.flatMap((name) => filesBelow(gitFolder, name)).toSorted()]) {
    hash.update(`${path}\0${textOf(join(gitFolder, path)) ?? ''}\0`);
  }
  return hash.digest('hex');
}

/** The folder that holds the refs: `.git`, what a `.git` file names (a work tree), or the folder itself (bare). */
function findGitFolder(folder: string): string | undefined {
  const inside = join(folder, '.git');
  const named = /^gitdir: (.+)$/m.exec(textOf(inside) ?? '')?.[1];
  const candidates = [...(named === undefined ? [] : [from(folder, named)]), inside, folder];
  const found = candidates.find((candidate) => textOf(join(candidate, 'HEAD')) !== undefined);
  const common = found === undefined ? undefined : textOf(join(found, 'commondir'));
  return found === undefined || common === undefined ? found : from(found, common.trim());
}

function from(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

function filesBelow(gitFolder: string, folder: string): string[] {
  return attempt(() => readdirSync(join(gitFolder, folder), { withFileTypes: true }), []).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(gitFolder, path) : [path];
  });
}

function textOf(file: string): string | undefined {
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile ? attempt(() => readFileSync(file, 'utf8'), undefined) : undefined;
}

/** What is not there, or goes while it is looked at, shows in the stamp; git says why. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
