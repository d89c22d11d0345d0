import type { ActionInput, ResultOf } from '../action.ts';
import { failureOf } from '../runner/guard.ts';
import { fail, succeed, type Failure } from '../result.ts';
import { securityScan, type Scanner } from './declaration.ts';
import type { Scanned } from './finding.ts';
import { countBySeverity, type Judged } from './judge.ts';
import { describeErrors, describeFailure, summarize } from './report.ts';
import { toSarif } from './sarif.ts';

/** Runs a scanner. What it fails with is kept: whether that fails the action is decided behind all of them. */
export async function attempt(
  scanner: Scanner,
  { signal, log }: Pick<ActionInput, 'signal' | 'log'>,
  scan: () => Promise<Scanned>,
): Promise<Scanned> {
  try {
    return await scan();
  } catch (thrown) {
    signal.throwIfAborted();
    log.warn('scanner could not run', { scanner });
    return { scanner, findings: [], scannedCount: 0, unchecked: [], error: problemOf(thrown) };
  }
}

/** Why a scanner could not run. */
export function problemOf(thrown: unknown): Pick<Failure, 'type' | 'message'> {
  const { type, message } = failureOf(thrown, securityScan);
  return { type, message };
}

/** Everything that the scanners gave. */
export interface Conclusion {
  readonly judged: readonly Judged[];
  readonly scanned: readonly Scanned[];
  readonly imageDigest: string | undefined;
}

/** Writes the report and the bill of materials, and decides whether the action has failed. */
export async function conclude(
  conclusion: Conclusion,
  { parameters, artifacts, clock }: ActionInput<typeof securityScan>,
): Promise<ResultOf<typeof securityScan>> {
  const { judged, scanned } = conclusion;
  if (artifacts.outputs.length > 0) {
    const components = scanned.flatMap((one) => (one.components ? [one.components] : []))[0];
    const files = new Map([['findings.sarif', Buffer.from(toSarif(judged, scanned))]]);
    if (components) {
      const { writeCycloneDx } = await import('./components/cyclonedx.ts');
      files.set('bom.json', Buffer.from(writeCycloneDx(components, clock)));
    }
    await artifacts.write(files);
  }
  const countingCount = judged.filter(({ counts }) => counts).length;
  if (countingCount > parameters.allowedFindings) return fail('JobFailed', describeFailure(judged, scanned));
  const [error] = scanned.flatMap((one) => one.error ?? []);
  if (error && parameters.onScannerError === 'fail') return fail(error.type, describeErrors(scanned));
  return succeed({ outputs: outputsOf(conclusion), summary: summarize(judged, scanned) });
}

function outputsOf({ judged, scanned, imageDigest }: Conclusion): Record<string, string> {
  const counts = countBySeverity(judged);
  const scannedCount = (scanner: Scanner): string =>
    String(scanned.find((one) => one.scanner === scanner)?.scannedCount ?? 0);
  return {
    findingCount: String(judged.length),
    ...Object.fromEntries(Object.entries(counts).map(([severity, count]) => [`${severity}Count`, String(count)])),
    allowedCount: String(judged.filter(({ standing }) => standing === 'allowed').length),
    uncheckedCount: String(scanned.flatMap(({ unchecked }) => unchecked).length),
    scannedFileCount: scannedCount('secrets'),
    componentCount: scannedCount('dependencies'),
    ...(imageDigest !== undefined && imageDigest !== '' && { imageDigest }),
  };
}
