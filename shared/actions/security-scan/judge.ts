import { isExpired, isFor } from './allow-list.ts';
import { severities, type AllowEntry, type FailOn, type Severity } from './declaration.ts';
import type { Finding } from './finding.ts';

/** A finding and what becomes of it. */
export interface Judged {
  readonly finding: Finding;
  /** `allowed` by an entry, `expired` if only an entry that no longer holds is for it, else `open`. */
  readonly standing: 'open' | 'allowed' | 'expired';
  readonly entry: AllowEntry | undefined;
  /** Whether it is one of those that fail the action. */
  readonly counts: boolean;
}

/** Decides about each finding, in order: worst first, then by rule and place. `day` is today in UTC, `2026-01-31`. */
export function judge(
  findings: readonly Finding[],
  { failOn, allow, day }: { readonly failOn: FailOn; readonly allow: readonly AllowEntry[]; readonly day: string },
): Judged[] {
  return findings.toSorted(inOrder).map((finding) => {
    const entries = allow.filter((entry) => isFor(entry, finding));
    const holding = entries.find((entry) => !isExpired(entry, day));
    const entry = holding ?? entries[0];
    const standing = holding ? 'allowed' : entry ? 'expired' : 'open';
    return { finding, standing, entry, counts: standing !== 'allowed' && isAtLeast(finding.severity, failOn) };
  });
}

/** A severity that nobody knows may be any. */
function isAtLeast(severity: Severity, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  return severity === 'unknown' || severities.indexOf(severity) <= severities.indexOf(failOn);
}

/** Unknown stands behind critical: it fails an action, and is less clear. */
function inOrder(left: Finding, right: Finding): number {
  const rank = ({ severity }: Finding): number => (severity === 'unknown' ? 0.5 : severities.indexOf(severity));
  const key = ({ rule, subject, location }: Finding): string => `${rule} ${subject} ${location.line}`;
  return rank(left) - rank(right) || (key(left) < key(right) ? -1 : 1);
}

/** How many findings there are of each severity, those that are allowed left out. */
export function countBySeverity(judged: readonly Judged[]): Readonly<Record<Severity, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
  for (const { finding, standing } of judged) if (standing !== 'allowed') counts[finding.severity] += 1;
  return counts;
}
