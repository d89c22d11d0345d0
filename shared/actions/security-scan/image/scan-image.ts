import { nowAt, type Clock } from '../../../clock.ts';
import { messageOf } from '../../../errors.ts';
import { ActionFailed } from '../../result.ts';
import type { ImageFinding, ImageFindingsGateway, ImageReference, ImageScan } from '../../image-findings.ts';
import { severityOfWord } from '../advisories/severity.ts';
import type { Finding, Scanned } from '../finding.ts';
import type { ImageParameters } from './declaration.ts';

/** ECR scans an image once a day at the most; a result as young as that is taken as it is. */
const freshMs = 24 * 60 * 60_000;

/** The image with its content's digest. */
export function referenceTo({ repository, registryId }: ImageParameters, digest: string): ImageReference {
  return { repository, registryId, digest };
}

/** Whether the image must be scanned before its findings are read. Inspector scans by itself. */
export function needsScan({ status, completedAt }: ImageScan, from: ImageParameters['from'], nowMs: number): boolean {
  if (from === 'inspector') return false;
  if (status === 'none') return true;
  return status === 'complete' && completedAt !== undefined && nowMs - Date.parse(completedAt) > freshMs;
}

/** What a look at the scan means. */
export type ScanStanding =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waits'; readonly summary: string }
  | { readonly kind: 'broken'; readonly problem: string };

/** Decides whether to wait on; `waitedMs` is how long that has gone on. */
export function standingOf(
  scan: ImageScan,
  { repository, timeoutMinutes }: ImageParameters,
  waitedMs: number,
): ScanStanding {
  if (scan.status === 'complete') return { kind: 'ready' };
  if (scan.status === 'failed')
    return { kind: 'broken', problem: `the scan of the image in ${repository} failed: ${scan.reason}` };
  const minutes = Math.floor(waitedMs / 60_000);
  if (minutes >= timeoutMinutes)
    return {
      kind: 'broken',
      problem: `the scan of the image in ${repository} did not end within ${timeoutMinutes} minutes (${scan.reason})`,
    };
  return { kind: 'waits', summary: `the image in ${repository} is being scanned (${scan.reason})` };
}

/** What is kept while an image's scan is waited for. */
export interface ImageState {
  readonly digest: string;
  readonly startedAt: string;
  /** The scan has ended, or can't be waited for. */
  readonly isReady: boolean;
  readonly problem?: string | undefined;
}

/** Has the image scanned unless that was done. What can't be begun is a scan that could not run. */
export async function lookAtImage(
  image: ImageParameters,
  gateway: ImageFindingsGateway,
  clock: Clock,
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
    const problem = standing.kind === 'broken' ? standing.problem : undefined;
    return { digest, startedAt, isReady: standing.kind !== 'waits', problem };
  } catch (thrown) {
    return { digest, startedAt, isReady: true, problem: messageOf(thrown) };
  }
}

/** Reads the findings of an image whose scan has ended. @throws ActionFailed if it could not be scanned */
export async function readImage(
  image: ImageParameters | undefined,
  state: ImageState | undefined,
  gateway: Pick<ImageFindingsGateway, 'findingsOf'>,
): Promise<Scanned> {
  if (!image || !state || state.problem !== undefined)
    throw new ActionFailed('SystemUnavailable', state?.problem ?? 'there is no image to scan');
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
    location: undefined,
    fixedIn: [...new Set(packages.flatMap(({ fixedIn }) => (fixedIn === undefined ? [] : [fixedIn])))],
    isCertain: true,
  };
}
