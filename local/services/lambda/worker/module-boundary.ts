import { realpathSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The runtime on AWS brings the SDK along; everything else must be in the function's code. */
const broughtByRuntime = /^(@aws-sdk|@smithy|@aws-crypto)\//;

/**
 * Hides from the function's code the packages that happen to lie in the folders above it: on AWS there is nothing above
 * the task root. The SDK, where no folder above has it, is the one that `runtimeFile` finds.
 */
export function hidePackagesAbove(taskRoot: string, runtimeFile?: string): void {
  const root = `${pathToFileURL(realpathSync(taskRoot)).href}/`;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const isAsked = context.parentURL?.startsWith(root) === true;
      if (isAsked && broughtByRuntime.test(specifier)) {
        return orOf(runtimeFile, specifier, () => nextResolve(specifier, context));
      }
      const resolved = nextResolve(specifier, context);
      const isOutside = resolved.url.startsWith('file:') && !resolved.url.startsWith(root);
      if (!isOutside || !isAsked) return resolved;
      const error = new Error(`Cannot find module '${specifier}'\nRequire stack:\n- ${context.parentURL}`);
      throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
    },
  });
}

interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean | undefined;
}

/** What is found from the function, or else from the runtime. The SDK's packages have one file for both module systems. */
function orOf<T extends Resolved>(runtimeFile: string | undefined, specifier: string, find: () => T): T | Resolved {
  try {
    return find();
  } catch (error) {
    if (runtimeFile === undefined) throw error;
    try {
      return { url: pathToFileURL(createRequire(runtimeFile).resolve(specifier)).href, shortCircuit: true };
    } catch {
      throw error;
    }
  }
}
