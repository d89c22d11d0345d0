import type { Finding, Scanned } from './finding.ts';
import { countBySeverity, type Judged } from './judge.ts';

/** How many findings a message names; all of them are in the report. */
const namedFindings = 20;
const namedUnchecked = 5;

/** One line about what was seen: for a success, and behind what failed. */
export function summarize(judged: readonly Judged[], scanned: readonly Scanned[]): string {
  const parts = scanned.map((one) => (one.error ? `${one.scanner} not scanned` : spellScanned(one, judged)));
  const allowedCount = judged.filter(({ standing }) => standing === 'allowed').length;
  const allowed = allowedCount > 0 ? `; ${allowedCount} allowed for now` : '';
  return `${parts.join('; ')}${allowed}${notesIn(scanned)}${uncheckedIn(scanned)}${errorsIn(scanned)}`;
}

function spellScanned({ scanner, scannedCount }: Scanned, judged: readonly Judged[]): string {
  const seen = { secrets: 'file', dependencies: 'component', image: 'image' }[scanner];
  const done = scanner === 'dependencies' ? 'checked' : 'scanned';
  return `${plural(scannedCount, seen)} ${done}, ${foundBy(scanner, judged)}`;
}

function foundBy(scanner: Finding['scanner'], judged: readonly Judged[]): string {
  const own = judged.filter(({ finding, standing }) => finding.scanner === scanner && standing !== 'allowed');
  if (scanner === 'secrets') return own.length === 0 ? 'no possible secrets' : plural(own.length, 'possible secret');
  const counts = Object.entries(countBySeverity(own)).filter(([, count]) => count > 0);
  const vulnerabilities = own.length === 1 ? '1 vulnerability' : `${own.length || 'no'} vulnerabilities`;
  return counts.length === 0
    ? vulnerabilities
    : `${vulnerabilities} (${counts.map(([severity, count]) => `${count} ${severity}`).join(', ')})`;
}

/** Why the action fails: what counts, worst first, and what to do. */
export function describeFailure(judged: readonly Judged[], scanned: readonly Scanned[]): string {
  const counting = judged.filter(({ counts }) => counts);
  const named = counting.slice(0, namedFindings).map(spell);
  const more = counting.length > named.length ? `, and ${counting.length - named.length} more in findings.sarif` : '';
  return `${nounOf(counting)}: ${named.join(', ')}${more}. ${remedyOf(counting)}${uncheckedIn(scanned)}${errorsIn(scanned)}`;
}

function nounOf(counting: readonly Judged[]): string {
  if (counting.every(({ finding }) => finding.scanner === 'secrets'))
    return `${plural(counting.length, 'possible secret')} in the source`;
  return plural(counting.length, 'finding');
}

function remedyOf(counting: readonly Judged[]): string {
  const hasSecrets = counting.some(({ finding }) => finding.scanner === 'secrets');
  const hasOthers = counting.some(({ finding }) => finding.scanner !== 'secrets');
  return [
    hasSecrets ? 'Remove and revoke what is real, or exclude the path' : '',
    hasOthers ? 'Update what has a fix, or allow it with an owner and a day' : '',
  ]
    .filter((part) => part !== '')
    .join('. ');
}

function spell({ finding, standing, entry }: Judged): string {
  const { scanner, rule, severity, subject, location, fixedIn, isCertain } = finding;
  const was = standing === 'expired' && entry ? `, allowed by ${entry.owner} until ${entry.expires}` : '';
  if (scanner === 'secrets') return `${subject}:${location.line} (${rule}${was})`;
  const fixed = fixedIn.length > 0 ? `, fixed in ${fixedIn.slice(0, 3).join(' or ')}` : '';
  const doubt = isCertain ? '' : ', not certain';
  return `${subject} (${rule}, ${severity}${fixed}${doubt}${was})`;
}

/** Why the action fails when a scanner could not run. */
export function describeErrors(scanned: readonly Scanned[]): string {
  return `not everything could be scanned, so nothing passes: ${spellErrors(scanned).join('; ')}${uncheckedIn(scanned)}`;
}

function errorsIn(scanned: readonly Scanned[]): string {
  const errors = spellErrors(scanned);
  return errors.length === 0 ? '' : `; could not run: ${errors.join('; ')}`;
}

function spellErrors(scanned: readonly Scanned[]): string[] {
  return scanned.flatMap(({ scanner, error }) => (error ? [`${scanner}: ${error.message}`] : []));
}

function notesIn(scanned: readonly Scanned[]): string {
  return scanned
    .flatMap(({ notes = [] }) => notes.slice(0, namedUnchecked))
    .map((note) => `; ${note}`)
    .join('');
}

function uncheckedIn(scanned: readonly Scanned[]): string {
  const unchecked = scanned.flatMap((one) => one.unchecked);
  if (unchecked.length === 0) return '';
  const named = unchecked.slice(0, namedUnchecked);
  const more = unchecked.length > named.length ? `, and ${unchecked.length - named.length} more` : '';
  return `; not checked: ${named.join(', ')}${more}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
