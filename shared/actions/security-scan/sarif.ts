import { createHash } from 'node:crypto';
import type { Severity } from './declaration.ts';
import type { Finding, Scanned } from './finding.ts';
import type { Judged } from './judge.ts';

const levels: Readonly<Record<Severity, string>> = {
  ...{ critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note', unknown: 'warning' },
};

/** The least score of each band, by which code hosts sort (docs.github.com, "SARIF support", `security-severity`). */
const scores: Readonly<Partial<Record<Severity, string>>> = {
  ...{ critical: '9.1', high: '7.0', medium: '4.0', low: '0.1' },
};

/** With more tags at one rule, or a text that is empty or longer, GitHub refuses the file (docs.github.com, "SARIF support"). */
const most = { tags: 20, textLength: 1_000 };

/**
 * The report as SARIF 2.1.0 (OASIS), with everything that GitHub's code scanning asks for, too. What is allowed is suppressed,
 * with its owner.
 */
export function toSarif(judged: readonly Judged[], scanned: readonly Scanned[]): string {
  const byRule = new Map(judged.map(({ finding }) => [finding.rule, finding]));
  const rules = [...byRule.values()].sort((left, right) => (left.rule < right.rule ? -1 : 1));
  const fingerprints = fingerprintsOf(judged);
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'slipway security-scan', rules: rules.map(toRule) } },
          results: judged.map((one, index) => toResult(one, fingerprints[index])),
          invocations: scanned.map(toInvocation),
        },
      ],
    },
    undefined,
    2,
  );
}

function toRule({ rule, title, severity, scanner, aliases }: Finding): object {
  const score = scores[severity];
  const text = (title.trim() || rule).slice(0, most.textLength);
  return {
    id: rule,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: [text, ...aliases].join('; ') },
    ...(scanner === 'dependencies' && { helpUri: `https://osv.dev/vulnerability/${inUri(rule)}` }),
    properties: {
      tags: [...new Set(['security', scanner, ...aliases])].slice(0, most.tags),
      ...(score && { 'security-severity': score }),
    },
  };
}

function toResult({ finding, standing, entry }: Judged, fingerprint: string | undefined): object {
  return {
    ruleId: finding.rule,
    level: levels[finding.severity],
    message: { text: messageOf(finding) },
    locations: [locationOf(finding)],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    properties: { severity: finding.severity, scanner: finding.scanner, isCertain: finding.isCertain },
    ...(standing === 'allowed' &&
      entry && {
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: `allowed by ${entry.owner} until ${entry.expires}${entry.reason ? `: ${entry.reason}` : ''}`,
          },
        ],
      }),
  };
}

function messageOf({ scanner, title, subject, fixedIn, isCertain }: Finding): string {
  if (scanner === 'secrets') return title;
  const fixed = fixedIn.length > 0 ? `; fixed in ${fixedIn.join(', ')}` : '';
  const doubt = isCertain ? '' : '; whether it applies is not certain: its version cannot be compared';
  return `${subject}: ${title}${fixed}${doubt}`;
}

/** Code hosts refuse a result without a file; what is in no file stands at its image's repository. */
function locationOf({ scanner, subject, location: { path, line } }: Finding): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split('/').map(inUri).join('/') },
      region: { startLine: line, startColumn: 1, endLine: line, endColumn: 1 },
    },
    ...(scanner !== 'secrets' && { logicalLocations: [{ fullyQualifiedName: subject, kind: 'package' }] }),
  };
}

/** What makes a finding the same as one of an earlier report: not its line, which moves, but the how many-th in its file it is. */
function fingerprintsOf(judged: readonly Judged[]): string[] {
  const counts = new Map<string, number>();
  return judged.map(({ finding: { rule, subject, location } }) => {
    const key = JSON.stringify([rule, subject, location.path]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return `${createHash('sha256').update(key).digest('hex').slice(0, 16)}:${count}`;
  });
}

/** A part of a URI; half a character, which JSON can hold, has none. */
function inUri(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function toInvocation({ error, unchecked, notes = [] }: Scanned): object {
  const told = [
    ...(error === undefined ? [] : [['error', error.message]]),
    ...unchecked.map((what) => ['warning', `not checked: ${what}`]),
    ...notes.map((note) => ['note', note]),
  ];
  return {
    executionSuccessful: error === undefined,
    toolExecutionNotifications: told.map(([level, text]) => ({ level, message: { text } })),
  };
}
