import type { Plugin } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownModules } from '../package-root.ts';
import { rewriting } from './rewrite.ts';

/**
 * Lets esbuild drop the shapes of the SDK's operations that nobody calls. A client has all of them in one file, as arrays
 * whose members have computed keys (`[_hE]: 400`), which counts as a side effect, and registers the class of every error
 * it knows, 23 kB of classes in the Systems Manager client. Here arrays become pure calls, and only the errors whose
 * classes our code imports are registered; any other arrives as its service's base class with its own name, message and
 * members, so `error.name` is what code tells errors apart by. It can go when the clients mark their shapes as pure.
 */
export function sdkSchemas(): Plugin {
  const imported = importedClasses(join(ownModules.folder, 'shared', 'aws'));
  return rewriting('sdk-schemas', [
    {
      files: /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_\d+\.js$/,
      change: (source) => registerOnly(pureArrays(source), imported),
    },
    {
      // A client reads its own version here, and with it came the whole file.
      files: /@aws-sdk\/client-[a-z0-9-]+\/package\.json$/,
      change: (source) => JSON.stringify({ version: versionIn(source) }),
      loader: 'json',
    },
  ]);
}

function pureArrays(source: string): string {
  return source.replace(
    /^(export )?(var|const) (\w+\$?) = (\[.*\]|\[[\s\S]*?\n\]);$/gm,
    '$1$2 $3 = /* @__PURE__ */ (() => ($4))();',
  );
}

/** The base class of each service stays: what is not registered arrives as it. */
function registerOnly(source: string, imported: ReadonlySet<string>): string {
  return source.replace(/^\w+\.registerError\(\w+\$, (\w+)\);$/gm, (registration, name: string) =>
    imported.has(name) || name.endsWith('ServiceException') ? registration : '',
  );
}

/** Everything that our code imports from SDK clients as a value. */
function importedClasses(folder: string): Set<string> {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const lists = sources.flatMap((source) => [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-/g)]);
  return new Set(lists.flatMap(([, names = '']) => names.split(',').map((name) => name.trim())));
}

function versionIn(packageFile: string): unknown {
  const read: unknown = JSON.parse(packageFile);
  return typeof read === 'object' && read !== null && 'version' in read ? read.version : undefined;
}
