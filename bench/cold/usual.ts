import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Entry } from '../../infra/bundle.ts';
import { packageRoot } from '../../infra/package-root.ts';

/**
 * Bundles entries the way that most functions in TypeScript are: ES modules, minified, `import { z } from 'zod'`, a tracer around
 * the handler, and the SDK with all that it imports, credential providers too. @returns bytes by bundle; each is `<folder>/<bundle>/index.mjs`
 */
export async function bundleUsually(entries: readonly Entry[], folder: string): Promise<Map<string, number>> {
  const { metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: Object.fromEntries(entries.map(({ bundle }) => [`${bundle}/index`, `entry:${bundle}`])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    metafile: true,
    logLevel: 'error',
    // CommonJS packages inside ask for `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [tracedEntries(entries), wholeZod],
  });
  return new Map(Object.entries(metafile.outputs).map(([file, { bytes }]) => [basename(dirname(file)), bytes]));
}

/** Every entry's handler in the middleware of Powertools' tracer, as its documentation shows it for middy. */
function tracedEntries(entries: readonly Entry[]): Plugin {
  const sources = new Map(entries.map(({ bundle, source }) => [bundle, source]));
  return {
    name: 'traced-entries',
    setup(pass) {
      const rule = { filter: /^(entry|untraced):/ };
      pass.onResolve(rule, ({ path }) => {
        const [namespace = '', bundle = ''] = path.split(':');
        return { path: bundle, namespace };
      });
      const load = { loader: 'ts', resolveDir: packageRoot } as const;
      pass.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({ contents: traced(path), ...load }));
      pass.onLoad({ filter: /.*/, namespace: 'untraced' }, ({ path }) => ({
        contents: sources.get(path) ?? '',
        ...load,
      }));
    },
  };
}

const traced = (bundle: string): string => `import middy from '@middy/core';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { handler as untraced } from 'untraced:${bundle}';
export const handler = middy(untraced).use(captureLambdaHandler(new Tracer({ serviceName: 'slipway' })));`;

/** What zod/mini has and zod has as methods or under another name, for the same sources to run with both. */
const zodShim = `import { z as zod } from 'zod';
  const extend = (schema, shape) => schema.extend(shape);
  export const z = { ...zod, minimum: zod.gte, maximum: zod.lte, extend };`;

/** `import { z } from 'zod'` in our own sources: `z` as a name of its own cannot be shaken. */
const wholeZod: Plugin = {
  name: 'whole-zod',
  setup(pass) {
    const ownSources = new RegExp(`^${join(packageRoot, '(shared|functions)')}/.*\\.ts$`);
    pass.onLoad({ filter: ownSources }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        "import * as z from 'zod/mini'",
        "import { z } from 'whole:zod'",
      ),
      loader: 'ts',
    }));
    pass.onResolve({ filter: /^whole:zod$/ }, ({ path }) => ({ path, namespace: 'whole', sideEffects: false }));
    pass.onLoad({ filter: /.*/, namespace: 'whole' }, () => ({ contents: zodShim, resolveDir: packageRoot }));
  },
};
