import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Slipway's own folder, from the sources and from `dist/`. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Where Slipway's own modules lie and how their files end: the sources, or what an installed package has in their place. */
export const ownModules: { readonly folder: string; readonly ending: '.ts' | '.js' } = existsSync(
  join(packageRoot, 'functions'),
)
  ? { folder: packageRoot, ending: '.ts' }
  : { folder: join(packageRoot, 'dist'), ending: '.js' };

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package.json above this module');
  return findRoot(parent);
}
