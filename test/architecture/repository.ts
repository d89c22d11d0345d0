import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every file that Git keeps or would keep, as a path from the root with `/`. */
export function repositoryFiles(): readonly string[] {
  const args = ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter(Boolean);
  // A file that is deleted and not yet committed is still in the index.
  return files.filter((file) => existsSync(join(root, file)));
}
