import { spawnSync } from 'node:child_process';
import { join, relative, sep } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { ownModules, packageRoot } from '../package-root.ts';
import { actionSource, type BundledParts } from './action-source.ts';
import { bundleOptions, smallerSdk } from './options.ts';

/** An action of a project of its own. */
export interface OwnAction {
  /** The module whose default export is the action, as an absolute path. */
  readonly entry: string;
  readonly parts: BundledParts;
  /** Gets `index.js`. */
  readonly outdir: string;
}

/**
 * Bundles an action while the caller waits: synth is synchronous, and esbuild takes plugins only when it is not.
 * @throws Error with what esbuild says of the entry
 */
export function bundleOwnActionSync(action: OwnAction): void {
  const module = join(ownModules.folder, 'infra', 'bundling', `bundle-own-action${ownModules.ending}`);
  const { status, stderr, error } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', module], {
    input: JSON.stringify(action),
    stdio: ['pipe', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new Error(`${action.entry} can't be bundled: ${(error?.message ?? stderr).trim()}`, { cause: error });
}

/**
 * Bundles an action. Slipway leaves parts out of the SDK that its own code never reaches; where the action or what it
 * imports calls the SDK itself, the SDK is bundled whole.
 */
export async function bundleOwnAction(action: OwnAction): Promise<void> {
  const { metafile } = await buildAction(action, smallerSdk());
  if (usesSdkItself(metafile)) await buildAction(action, []);
}

function buildAction({ entry, parts, outdir }: OwnAction, plugins: readonly Plugin[]) {
  const { folder, ending } = ownModules;
  return build({
    ...bundleOptions,
    absWorkingDir: packageRoot,
    stdin: { contents: actionSource(entry, parts, ending), resolveDir: folder, sourcefile: 'entry.ts', loader: 'ts' },
    outfile: join(outdir, 'index.js'),
    plugins: [oneSlipway(), ...plugins],
  });
}

/** What an action imports as `slipway/actions` is what runs it, so that `instanceof` holds; it need not be installed. */
function oneSlipway(): Plugin {
  const path = join(ownModules.folder, 'shared', 'actions', `public${ownModules.ending}`);
  return {
    name: 'one-slipway',
    setup: (pass) => void pass.onResolve({ filter: /^slipway\/actions$/ }, () => ({ path })),
  };
}

const sdk = /(^|\/)node_modules\/@(aws-sdk|smithy|aws-crypto)\//;

/** Whether a file that is neither Slipway's nor the SDK's imports the SDK. */
function usesSdkItself({ inputs }: Metafile): boolean {
  const own = ['functions', 'shared'].map((folder) => {
    const path = relative(packageRoot, join(ownModules.folder, folder));
    return `${path.split(sep).join('/')}/`;
  });
  return Object.entries(inputs)
    .filter(([file]) => !sdk.test(file) && !own.some((folder) => file.startsWith(folder)))
    .some(([, { imports }]) => imports.some(({ path, external }) => !external && sdk.test(path)));
}
