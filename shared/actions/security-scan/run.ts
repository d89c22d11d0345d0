import { implementAction } from '../action.ts';
import { fail, succeed } from '../result.ts';
import { securityScan } from './declaration.ts';
import { toSarif } from './sarif.ts';
import { scan, severities, type Finding, type ScanReport, type Severity } from './scan.ts';

/** How many findings a message names; all of them are in the report. */
const namedFindings = 20;

export default implementAction(securityScan, async ({ parameters, artifacts, progress, signal }) => {
  const files = await artifacts.read();
  await progress(`scanning ${files.size} files for secrets`);
  const report = await scan(files, parameters.exclude, signal);
  if (artifacts.outputs.length > 0) await artifacts.write(new Map([['findings.sarif', Buffer.from(toSarif(report))]]));
  const counted = atLeast(report.findings, parameters.threshold);
  if (counted.length > parameters.allowedFindings) return fail('JobFailed', describe(counted, report));
  return succeed({
    outputs: { findingCount: String(report.findings.length), scannedFileCount: String(report.scannedFileCount) },
    summary: `${report.scannedFileCount} files scanned, ${report.findings.length || 'no'} possible secrets${unscanned(report)}`,
  });
});

function atLeast(findings: readonly Finding[], threshold: Severity): Finding[] {
  return findings.filter(({ severity }) => severities.indexOf(severity) <= severities.indexOf(threshold));
}

function describe(findings: readonly Finding[], report: ScanReport): string {
  const named = findings.slice(0, namedFindings).map(({ path, line, rule }) => `${path}:${line} (${rule})`);
  const more = findings.length > named.length ? `, and ${findings.length - named.length} more in findings.sarif` : '';
  const noun = findings.length === 1 ? 'possible secret' : 'possible secrets';
  return `${findings.length} ${noun} in the source: ${named.join(', ')}${more}. Remove and revoke what is real, or exclude the path${unscanned(report)}`;
}

function unscanned({ tooLarge }: ScanReport): string {
  return tooLarge.length === 0 ? '' : `; not scanned, too large: ${tooLarge.slice(0, 5).join(', ')}`;
}
