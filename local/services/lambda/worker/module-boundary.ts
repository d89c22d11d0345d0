import { realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The runtime on AWS brings the SDK along; everything else must be in the function's code. */
const broughtByRuntime = /^(@aws-sdk|@smithy|@aws-crypto)\//;

/**
 * Hides from the function's code the packages that happen to lie in the folders above it: on AWS there is nothing above
 * the task root.
 */
export function hidePackagesAbove(taskRoot: string): void {
  const root = `${pathToFileURL(realpathSync(taskRoot)).href}/`;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      const isOutside = resolved.url.startsWith('file:') && !resolved.url.startsWith(root);
      const isAsked = context.parentURL?.startsWith(root) === true;
      if (!isOutside || !isAsked || broughtByRuntime.test(specifier)) return resolved;
      const error = new Error(`Cannot find module '${specifier}'\nRequire stack:\n- ${context.parentURL}`);
      throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
    },
  });
}
