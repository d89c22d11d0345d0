import type { Construct } from 'constructs';
import { build, type Plugin } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { actions } from '../shared/actions/registry.ts';
import { triggerDeclarations } from '../shared/triggers/registry.ts';
import { actionSource } from './bundling/action-source.ts';
import { checkedCertificates } from './bundling/checked-certificates.ts';
import { bundleOptions, smallerSdk } from './bundling/options.ts';
import { unreachedBySlipway } from './bundling/unreached.ts';
import { packageRoot as root } from './package-root.ts';

/** Where the bundles lie: `build/functions/<bundle>/index.js`. */
const bundlesFolder = join(root, 'build', 'functions');

/** The bundle that runs an action. */
export const actionBundle = (actionId: string): string => `actions-run-${actionId}`;

/** The bundle that receives a trigger's webhooks. */
export const triggerBundle = (triggerId: string): string => `triggers-receive-${triggerId}`;

/** Entry templates: one bundle for each id of a registry, so that it holds that one implementation. */
const templates: Readonly<Record<string, readonly Entry[]>> = {
  'actions/run.ts': actions.map((declaration) => ({
    bundle: actionBundle(declaration.id),
    source: actionSource(`./shared/actions/${declaration.id}/run.ts`, declaration),
  })),
  'triggers/receive.ts': triggerDeclarations.map(({ id }) => ({
    bundle: triggerBundle(id),
    source: `import { trigger } from './shared/triggers/${id}/${id}.ts';
import { receiver } from './functions/triggers/receive.ts';
export const handler = receiver(trigger);`,
  })),
};

/** What a bundle is made from: TypeScript, whose imports start from the package's root. */
export interface Entry {
  readonly bundle: string;
  readonly source: string;
}

/** What a bundle weighs, and what it is made of. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** Bytes by file, from the package's root; what was shaken away counts 0. */
  readonly inputs: Readonly<Record<string, number>>;
}

/** Bundles every Lambda function. An installed package brings its bundles, and no sources to make them from. */
export async function bundleFunctions(folder = bundlesFolder): Promise<Bundle[]> {
  return existsSync(join(root, 'functions')) ? bundleEntries(functionEntries(), folder) : [];
}

/** Bundles entries in one esbuild pass; what no function of Slipway reaches is left out, and certificates are checked. */
export async function bundleEntries(entries: readonly Entry[], folder: string): Promise<Bundle[]> {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries.map(({ bundle }) => [`${bundle}/index`, `entry:${bundle}`])),
    outdir: folder,
    ...bundleOptions,
    plugins: [virtualEntries(entries), ...smallerSdk(), unreachedBySlipway(), checkedCertificates()],
  });
  return Object.entries(metafile.outputs).map(([file, { bytes, inputs }]) => ({
    name: basename(dirname(file)),
    bytes,
    inputs: Object.fromEntries(Object.entries(inputs).map(([path, { bytesInOutput }]) => [path, bytesInOutput])),
  }));
}

/** One entry for each file in `functions/`, or several where it is a template. */
export function functionEntries(): Entry[] {
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

/** CDK context: where the bundles lie, if not in their own folder. */
export const bundlesContext = 'slipway:bundles';

/** A bundle's folder, for `Code.fromAsset`. */
export function bundlePath(scope: Construct, bundle: string): string {
  const folder: unknown = scope.node.tryGetContext(bundlesContext);
  return relative(process.cwd(), join(typeof folder === 'string' ? folder : bundlesFolder, bundle)) || '.';
}
