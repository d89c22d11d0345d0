import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Where the refs lie that `readRefs` tells: as files of their own, packed in one, or as tables. */
const files = ['packed-refs', 'reftable/tables.list'];
const folders = ['refs/heads', 'refs/tags', 'refs/pull'];

/**
 * A text that changes whenever a ref of a repository does, found without a process of git: looking at a repository that
 * nobody pushes to costs next to nothing. Undefined where the folder is not laid out as one; then ask git.
 */
export async function refsStamp(folder: string): Promise<string | undefined> {
  const gitFolder = await findGitFolder(folder);
  if (gitFolder === undefined) return undefined;
  const hash = createHash('sha256');
  for (const path of [...files, ...(await looseRefs(gitFolder))]) {
    hash.update(`${path}\0${(await textOf(join(gitFolder, path))) ?? ''}\0`);
  }
  return hash.digest('hex');
}

/** The folder that holds the refs: `.git`, what a `.git` file names (a work tree), or the folder itself (bare). */
async function findGitFolder(folder: string): Promise<string | undefined> {
  const inside = join(folder, '.git');
  const named = /^gitdir: (.+)$/m.exec((await textOf(inside)) ?? '')?.[1];
  const candidates = [...(named === undefined ? [] : [from(folder, named)]), inside, folder];
  for (const candidate of candidates) {
    if ((await textOf(join(candidate, 'HEAD'))) === undefined) continue;
    const common = await textOf(join(candidate, 'commondir'));
    return common === undefined ? candidate : from(candidate, common.trim());
  }
  return undefined;
}

function from(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

async function looseRefs(gitFolder: string): Promise<string[]> {
  const found = await Promise.all(folders.map((folder) => filesBelow(gitFolder, folder)));
  return found.flat().toSorted();
}

async function filesBelow(gitFolder: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(gitFolder, folder), { withFileTypes: true }).catch(() => []);
  const below = entries.map((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(gitFolder, path) : [path];
  });
  return (await Promise.all(below)).flat();
}

function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
