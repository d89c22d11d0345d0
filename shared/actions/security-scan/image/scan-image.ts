import { nowAt, type Clock } from '../../../clock.ts';
import { ActionFailed, type Failure } from '../../result.ts';
import type { ImageFinding, ImageFindingsGateway, ImageReference, ImageScan } from '../../gateways/image-findings.ts';
import { severityOfWord } from '../advisories/severity-words.ts';
import type { Finding, Scanned } from '../finding.ts';
import type { ImageParameters } from './declaration.ts';

/** ECR scans an image once a day at the most; a result as young as that is taken as it is. */
const freshMs = 24 * 60 * 60_000;

/** The image with its content's digest. */
function referenceTo({ repository, registryId }: ImageParameters, digest: string): ImageReference {
  return { repository, registryId, digest };
}

/** Whether the image must be scanned before its findings are read. Inspector scans by itself. */
export function needsScan({ status, completedAt }: ImageScan, from: ImageParameters['from'], nowMs: number): boolean {
  if (from === 'inspector') return false;
  if (status === 'none') return true;
  return status === 'complete' && completedAt !== undefined && nowMs - Date.parse(completedAt) > freshMs;
}

/** Why there are no findings. */
export type Problem = Pick<Failure, 'type' | 'message'>;

/** What a look at the scan means. */
export type ScanStanding =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waits'; readonly summary: string }
  | { readonly kind: 'broken'; readonly problem: Problem };

/** Decides whether to wait on; `waitedMs` is how long that has gone on. */
export function standingOf(
  scan: ImageScan,
  { repository, timeoutMinutes }: ImageParameters,
  waitedMs: number,
): ScanStanding {
  if (scan.status === 'complete') return { kind: 'ready' };
  if (scan.status === 'failed') return broken(`the scan of the image in ${repository} failed: ${scan.reason}`);
  if (Math.floor(waitedMs / 60_000) >= timeoutMinutes)
    return broken(
      `the scan of the image in ${repository} did not end within ${timeoutMinutes} minutes (${scan.reason})`,
    );
  return { kind: 'waits', summary: `the image in ${repository} is being scanned (${scan.reason})` };
}

function broken(message: string): ScanStanding {
  return { kind: 'broken', problem: { type: 'SystemUnavailable', message } };
}

/** What is kept while an image's scan is waited for. */
export interface ImageState {
  readonly digest: string;
  readonly startedAt: string;
  /** The scan has ended, or can't be waited for. */
  readonly isReady: boolean;
  readonly problem?: Problem | undefined;
}

/** Has the image scanned unless that was done. What can't be begun is a scan that could not run. */
export async function lookAtImage(
  image: ImageParameters,
  {
    gateway,
    clock,
    problemOf,
  }: {
    readonly gateway: ImageFindingsGateway;
    readonly clock: Clock;
    readonly problemOf: (thrown: unknown) => Problem;
  },
): Promise<ImageState> {
  const startedAt = nowAt(clock);
  let digest = image.digest ?? '';
  try {
    digest = await gateway.resolve(image);
    const reference = referenceTo(image, digest);
    const scan = await gateway.scanOf(reference, image.from);
    if (needsScan(scan, image.from, clock.nowMs())) {
      await gateway.startScan(reference);
      return { digest, startedAt, isReady: false };
    }
    const standing = standingOf(scan, image, 0);
    return settled({ digest, startedAt, isReady: false }, standing);
  } catch (thrown) {
    return { digest, startedAt, isReady: true, problem: problemOf(thrown) };
  }
}

/** Looks at the scan again. What may pass is thrown, so that the runner looks once more. */
export async function lookAgain(
  image: ImageParameters,
  state: ImageState,
  { gateway, clock }: { readonly gateway: Pick<ImageFindingsGateway, 'scanOf'>; readonly clock: Clock },
): Promise<ScanStanding> {
  try {
    const scan = await gateway.scanOf(referenceTo(image, state.digest), image.from);
    // An old result may still be shown when the new scan was asked for.
    const isOld = scan.status === 'complete' && needsScan(scan, image.from, clock.nowMs());
    return standingOf(
      isOld ? { ...scan, status: 'running' } : scan,
      image,
      clock.nowMs() - Date.parse(state.startedAt),
    );
  } catch (thrown) {
    if (!(thrown instanceof ActionFailed) || thrown.type === 'SystemUnavailable') throw thrown;
    return { kind: 'broken', problem: { type: thrown.type, message: thrown.message } };
  }
}

/** The state once nothing is left to wait for. */
export function settled(state: ImageState, standing: ScanStanding): ImageState {
  if (standing.kind === 'waits') return state;
  return { ...state, isReady: true, ...(standing.kind === 'broken' && { problem: standing.problem }) };
}

/** Reads the findings of an image whose scan has ended. @throws ActionFailed if it could not be scanned */
export async function readImage(
  image: ImageParameters | undefined,
  state: ImageState | undefined,
  gateway: Pick<ImageFindingsGateway, 'findingsOf'>,
): Promise<Scanned> {
  if (!image || !state) throw new ActionFailed('ConfigurationError', 'there is no image to scan');
  if (state.problem) throw new ActionFailed(state.problem.type, state.problem.message);
  const reference = referenceTo(image, state.digest);
  const found = await gateway.findingsOf(reference, image.from);
  return {
    scanner: 'image',
    findings: found.map((finding) => toFinding(finding, reference)),
    scannedCount: 1,
    unchecked: [],
  };
}

function toFinding({ id, aliases, severity, title, packages }: ImageFinding, image: ImageReference): Finding {
  const names = packages.map(({ name, version }) => `${name}@${version}`);
  return {
    scanner: 'image',
    rule: id,
    aliases,
    severity: severityOfWord(severity) ?? 'unknown',
    title: title.replaceAll(/\s+/g, ' ').slice(0, 200),
    subject: `${image.repository}: ${names.slice(0, 5).join(', ') || 'the image'}`,
    within: [image.repository, ...packages.map(({ name }) => name)],
    location: { path: image.repository, line: 1 },
    fixedIn: [...new Set(packages.flatMap(({ fixedIn }) => (fixedIn === undefined ? [] : [fixedIn])))],
    isCertain: true,
  };
}
