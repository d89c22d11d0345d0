import type { Plugin } from 'esbuild';
import { rewriting } from './rewrite.ts';
import { exportedNames, refusing } from './unreached.ts';

/**
 * Leaves out of zod what the functions never ask: JSON schemas, and the formats as methods of strings that zod has
 * deprecated (`z.string().email()`; write `z.email()`). A method of a class cannot be shaken, and each of them holds a
 * format's class and expression. It can go when zod drops the methods.
 */
export function slimZod(): Plugin {
  return rewriting('zod', [
    {
      files: /zod\/v4\/classic\/schemas\.js$/,
      change: (source) => withoutStringFormats(withoutJsonSchemas(namesWithoutNamespace(source))),
    },
    {
      files: /zod\/v4\/core\/to-json-schema\.js$/,
      change: (source) => refusing(exportedNames(source), 'JSON schemas'),
    },
  ]);
}

/** esbuild sees through `import * as`, and keeps every export behind a namespace that is exported again. */
function namesWithoutNamespace(source: string): string {
  return source
    .replace('import { util } from "../core/index.js";', 'import * as util from "../core/util.js";')
    .replaceAll('core.util.', 'util.');
}

function withoutJsonSchemas(source: string): string {
  return source.replace(/^ {4}inst\._zod\.processJSONSchema = .*;$/gm, '');
}

function withoutStringFormats(source: string): string {
  const methods = /(export const ZodString = .*\n(?: {4}.*\n)*?\}), \{\n(?: {4}.*\n)*\}\);/;
  if (!methods.test(source))
    throw new Error('zod: ZodString has no table of methods any more; see infra/bundling/zod.ts');
  return source.replace(methods, '$1);');
}
