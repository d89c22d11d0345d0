import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';

/** One change to the source of a package on its way into the bundles. */
export interface Rewrite {
  /** The files, by the end of their path, with `/` between folders. */
  readonly files: RegExp;
  readonly change: (source: string, path: string) => string;
  /** Default `js`. */
  readonly loader?: 'js' | 'json';
}

/**
 * An esbuild plugin that changes files of pinned packages while they are bundled. A rewrite that changes nothing fails the
 * build: the package has another form by now, and whoever raised its version must look again.
 */
export function rewriting(name: string, rewrites: readonly Rewrite[]): Plugin {
  return {
    name,
    setup(pass) {
      for (const { files, change, loader = 'js' } of rewrites) {
        const filter = new RegExp(files.source.replaceAll('\\/', '[\\\\/]'), files.flags);
        pass.onLoad({ filter }, async ({ path }) => {
          const source = await readFile(path, 'utf8');
          const contents = change(source, path);
          if (contents === source) {
            throw new Error(`${name}: ${path} has not the form that is rewritten; see infra/bundling/${name}.ts`);
          }
          return { contents, loader };
        });
      }
    },
  };
}
