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

/** The report as SARIF 2.1.0 (OASIS), which code hosts and editors read. What is allowed is suppressed, with its owner. */
export function toSarif(judged: readonly Judged[], scanned: readonly Scanned[]): string {
  const byRule = new Map(judged.map(({ finding }) => [finding.rule, finding]));
  const rules = [...byRule.values()].sort((left, right) => (left.rule < right.rule ? -1 : 1));
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'slipway security-scan', rules: rules.map(toRule) } },
          results: judged.map(toResult),
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
  return {
    id: rule,
    shortDescription: { text: title },
    ...(scanner === 'dependencies' && { helpUri: `https://osv.dev/vulnerability/${encodeURIComponent(rule)}` }),
    properties: { tags: ['security', scanner, ...aliases], ...(score && { 'security-severity': score }) },
  };
}

function toResult({ finding, standing, entry }: Judged): object {
  return {
    ruleId: finding.rule,
    level: levels[finding.severity],
    message: { text: messageOf(finding) },
    locations: [locationOf(finding)],
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

function locationOf({ subject, location }: Finding): object {
  if (!location) return { logicalLocations: [{ fullyQualifiedName: subject, kind: 'package' }] };
  return {
    physicalLocation: {
      artifactLocation: { uri: location.path.split('/').map(encodeURIComponent).join('/') },
      region: { startLine: location.line },
    },
  };
}

function toInvocation({ error, unchecked }: Scanned): object {
  const notes = [...(error === undefined ? [] : [error.message]), ...unchecked.map((what) => `not checked: ${what}`)];
  return {
    executionSuccessful: error === undefined,
    toolExecutionNotifications: notes.map((text, index) => ({
      level: index === 0 && error !== undefined ? 'error' : 'warning',
      message: { text },
    })),
  };
}
