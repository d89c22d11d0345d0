import type { Finding, ScanReport, Severity } from './scan.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** The report as SARIF 2.1.0 (OASIS), which code hosts and editors read. */
export function toSarif({ findings, tooLarge }: ScanReport): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'slipway security-scan', rules: rules.map((id) => ({ id })) } },
          results: findings.map(toResult),
          invocations: [
            {
              executionSuccessful: true,
              toolExecutionNotifications: tooLarge.map((path) => ({
                level: 'warning',
                message: { text: `not scanned, too large: ${path}` },
              })),
            },
          ],
        },
      ],
    },
    undefined,
    2,
  );
}

function toResult({ path, line, rule, severity }: Finding): object {
  return {
    ruleId: rule,
    level: levels[severity],
    message: { text: `possible secret (${rule})` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: line },
        },
      },
    ],
  };
}
