import { build, type Plugin } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { actions } from '../shared/actions/registry.ts';
import { triggerDeclarations } from '../shared/triggers/registry.ts';
import { packageRoot as root } from './package-root.ts';

/** Where the bundles lie: `build/functions/<bundle>/index.js`. */
export const bundlesFolder = join(root, 'build', 'functions');

/** The bundle that runs an action. */
export const actionBundle = (actionId: string): string => `actions-run-${actionId}`;

/** The bundle that receives a trigger's webhooks. */
export const triggerBundle = (triggerId: string): string => `triggers-receive-${triggerId}`;

/** Entry templates: one bundle for each id of a registry, so that it holds that one implementation. */
const templates: Readonly<Record<string, readonly Entry[]>> = {
  'actions/run.ts': actions.map(({ id }) => ({
    bundle: actionBundle(id),
    source: `import action from './shared/actions/${id}/run.ts';
import { actionHandler } from './functions/actions/run.ts';
export const handler = actionHandler(action);`,
  })),
  'triggers/receive.ts': triggerDeclarations.map(({ id }) => ({
    bundle: triggerBundle(id),
    source: `import { trigger } from './shared/triggers/${id}/${id}.ts';
import { receiver } from './functions/triggers/receive.ts';
export const handler = receiver(trigger);`,
  })),
};

interface Entry {
  readonly bundle: string;
  readonly source: string;
}

/**
 * Bundles every Lambda function in one esbuild pass, as CommonJS (it loads in three quarters of the time of ESM). The
 * SDK is inside (leaving it to the runtime loads slower); credential providers that Lambda never uses are not.
 */
export async function bundleFunctions(): Promise<void> {
  rmSync(bundlesFolder, { recursive: true, force: true });
  const entries = functionEntries();
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries.map(({ bundle }) => [`${bundle}/index`, `entry:${bundle}`])),
    outdir: bundlesFolder,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The ES modules of the SDK can be shaken: bundles are 40 per cent smaller than from its CommonJS files.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    external: unusedCredentialProviders,
    plugins: [virtualEntries(entries)],
    logLevel: 'warning',
  });
}

const unusedCredentialProviders = ['ini', 'sso', 'process', 'web-identity', 'login', 'http'].map(
  (provider) => `@aws-sdk/credential-provider-${provider}`,
);

function functionEntries(): Entry[] {
  const folder = join(root, 'functions');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.split(sep).join('/'))
    .sort();
  return files.flatMap((file) => templates[file] ?? [plainEntry(file)]);
}

function plainEntry(file: string): Entry {
  return {
    bundle: file.replace(/\.ts$/, '').replaceAll('/', '-'),
    source: `export { handler } from './functions/${file}';`,
  };
}

function virtualEntries(entries: readonly Entry[]): Plugin {
  const sources = new Map(entries.map(({ bundle, source }) => [bundle, source]));
  return {
    name: 'function-entries',
    setup(pass) {
      pass.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }));
      pass.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
        contents: sources.get(path) ?? '',
        loader: 'ts',
        resolveDir: root,
      }));
    },
  };
}

/** A bundle's folder, for `Code.fromAsset`. */
export function bundlePath(bundle: string): string {
  return relative(process.cwd(), join(bundlesFolder, bundle)) || '.';
}
