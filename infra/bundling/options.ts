import type { BuildOptions, Plugin } from 'esbuild';
import { endpointsByName } from './endpoints.ts';
import { sdkSchemas } from './sdk-schemas.ts';
import { unreached, unusedPackages } from './unreached.ts';

/**
 * How a function is bundled: as CommonJS, which loads in three quarters of the time of ESM, with the SDK inside, since
 * leaving it to the runtime loads slower.
 */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // The ES modules of the SDK can be shaken: bundles are 40 per cent smaller than from its CommonJS files.
  mainFields: ['module', 'main'],
  // Built-in modules are required: `import('node:http')`, as the SDK's HTTP handler has it, reads every export of it, and one
  // loads all of undici, 20 ms of a first invocation.
  supported: { 'dynamic-import': false },
  minify: true,
  legalComments: 'none',
  metafile: true,
  external: [...unusedPackages],
  logLevel: 'warning',
} satisfies BuildOptions;

/** Leaves out of the SDK what Slipway's own code never reaches. */
export function smallerSdk(): Plugin[] {
  return [sdkSchemas(), endpointsByName(), unreached()];
}
