import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import type { LocalCloud } from '../../local/public.ts';
import { isFinished, type Release } from '../../shared/state/release.ts';
import { apiClient, type ApiClient } from '../api-client.ts';
import { keepConnection } from '../connection.ts';
import { describeRelease, type Print } from '../output.ts';
import { packageRoot } from '../../infra/package-root.ts';
import { packSource, putSource, type PackedSource } from '../source.ts';
import { startCloud, type CloudSettings } from '../local/start-cloud.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { printBanner } from './banner.ts';
import { accompany, pushToWebhook } from './demo.ts';
import { readInstallation, type Installation } from './installation.ts';
import { notRunIn } from './not-run.ts';
import { appFolder, synthesize } from './synth.ts';

/** How `start` was called. */
export interface StartOptions extends CloudSettings {
  /** The folder to release; default the example's page. */
  readonly source: string;
  /** Ends after one release. */
  readonly once: boolean;
  /** Leaves approvals to the person. */
  readonly ask: boolean;
}

/** The example's page. */
export const exampleSource: string = join(packageRoot, 'examples', 'checkout', 'app');

const service = 'checkout';

/**
 * Builds, synthesizes, starts the local cloud, and accompanies one release; then serves until it is told to stop.
 * @returns the exit code
 */
export async function start(options: StartOptions): Promise<number> {
  const { print } = options;
  // A folder that is not there is said before anything else is done.
  const source = packSource(resolve(options.source));
  print(styleText('dim', 'Bundling the functions and synthesizing the stacks …'));
  print(styleText('dim', (await synthesize()) ? 'Synthesized.' : 'Nothing has changed since the last time.'));
  const cloud = await startCloud(appFolder, options);
  const interrupted = stopOnSignals();
  try {
    return await serve(cloud, { ...options, packed: source }, interrupted);
  } finally {
    await cloud.stop();
  }
}

async function serve(
  cloud: LocalCloud,
  options: StartOptions & { readonly packed: PackedSource },
  interrupted: AbortSignal,
): Promise<number> {
  const { print, folder, packed: source } = options;
  const installation = await readInstallation(cloud);
  keepConnection(folder, { url: installation.apiUrl, token: installation.token });
  const api = apiClient({ url: installation.apiUrl, token: installation.token });
  printBanner(print, { cloud, ...installation, commit: source.commit });
  try {
    const release = await demoRelease(api, { ...installation, source }, options, interrupted);
    describeRelease(release).forEach(print);
    const notRun = await notRunIn(cloud, release);
    if (notRun !== undefined) print(`  ${notRun}`);
    print('');
    print(
      release.status === 'succeeded'
        ? `The site shows it: curl ${installation.siteUrl}/`
        : 'What was deployed before stays. More is in the log of each function: npm run slipway -- logs',
    );
    if (options.once) return release.status === 'succeeded' ? 0 : 1;
    print('Serving on. Try: npm run slipway -- release checkout     Stop with Ctrl+C.');
    await new Promise((resolve) => interrupted.addEventListener('abort', resolve));
  } catch (error) {
    if (!interrupted.aborted) throw error;
  }
  await tellInFlight(api, print);
  return 130;
}

/** Goes on with a release that an earlier start left in flight; otherwise pushes the source and asks for a new one. */
async function demoRelease(
  api: ApiClient,
  installation: Installation & { readonly source: PackedSource },
  options: StartOptions,
  signal: AbortSignal,
): Promise<Release> {
  const { print, ask } = options;
  const unfinished = (await api.releases({ service, limit: 20 })).findLast((release) => !isFinished(release));
  if (unfinished) print(`Going on with ${unfinished.releaseId}, which was in flight when the last start ended.`);
  const releaseId = unfinished?.releaseId ?? (await pushSource(api, installation, print));
  return accompany(api, releaseId, { print, ask, signal });
}

async function pushSource(
  api: ApiClient,
  { apiUrl, githubSecret, source }: Installation & { readonly source: PackedSource },
  print: Print,
): Promise<string> {
  const { commit, isNew } = await putSource(api, service, source);
  print(`${isNew ? 'Uploaded the source as' : 'The source is there already, as'} commit ${commit.slice(0, 12)}.`);
  const releaseId = await pushToWebhook(apiUrl, commit, githubSecret);
  print(`The signed webhook of a push was accepted: ${styleText('bold', releaseId)}`);
  return releaseId;
}

async function tellInFlight(api: ApiClient, print: Print): Promise<void> {
  const unfinished = (await api.releases({ limit: 100 })).filter((release) => !isFinished(release));
  print(unfinished.length === 0 ? 'Stopped; nothing is in flight.' : 'Stopped while in flight:');
  for (const release of unfinished) describeRelease(release).forEach(print);
  if (unfinished.length > 0) print('Everything is kept. "npm start" goes on with it.');
}
