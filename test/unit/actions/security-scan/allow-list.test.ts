import { describe, expect, it } from 'vitest';
import type { AllowEntry, Severity } from '../../../../shared/actions/security-scan/declaration.ts';
import type { Finding } from '../../../../shared/actions/security-scan/finding.ts';
import { countBySeverity, judge } from '../../../../shared/actions/security-scan/judge.ts';
import securityScan from '../../../../shared/actions/security-scan/run.ts';
import { actionBench } from '../../../../shared/actions/testing/testing.ts';

const finding = (rule: string, severity: Severity): Finding => ({
  ...{ scanner: 'dependencies', rule, aliases: [`CVE-${rule}`], severity, title: rule, subject: 'lodash@4.17.20' },
  ...{ within: ['lodash', 'web/package-lock.json'], location: { path: 'web/package-lock.json', line: 1 } },
  ...{ fixedIn: [], isCertain: true },
});
const entry = (more: Partial<AllowEntry> = {}): AllowEntry => ({
  ...{ finding: 'A', owner: 'team-shop', expires: '2026-01-05' },
  ...more,
});
const standing = (allow: readonly AllowEntry[], day = '2026-01-05'): string[] =>
  judge([finding('A', 'high')], { failOn: 'high', allow, day }).map((one) => `${one.standing} ${one.counts}`);

describe('an entry of the allow-list', () => {
  it('lets a finding pass by its rule or another of its names, up to and with its last day', () => {
    expect(standing([entry()])).toEqual(['allowed false']);
    expect(standing([entry({ finding: 'CVE-A' })])).toEqual(['allowed false']);
    expect(standing([entry()], '2026-01-06')).toEqual(['expired true']);
    expect(standing([entry({ finding: 'B' })])).toEqual(['open true']);
  });

  it.each([
    ['lodash', 'allowed false'],
    ['web', 'allowed false'],
    ['web/', 'allowed false'],
    ['web/package-lock.json', 'allowed false'],
    ['lo', 'open true'],
    ['api', 'open true'],
  ])('that names %s leaves it %s', (place, expected) => {
    expect(standing([entry({ in: place })])).toEqual([expected]);
  });

  it('that holds wins over one that has expired', () => {
    expect(standing([entry({ expires: '2020-01-01' }), entry({ expires: '2030-01-01' })])).toEqual(['allowed false']);
  });
});

it.each([
  ['critical', ['critical', 'unknown']],
  ['high', ['critical', 'high', 'unknown']],
  ['low', ['critical', 'high', 'medium', 'low', 'unknown']],
  ['info', ['critical', 'high', 'medium', 'low', 'info', 'unknown']],
  ['never', []],
] as const)('failOn %s counts %j', (failOn, counted) => {
  const all = (['critical', 'high', 'medium', 'low', 'info', 'unknown'] as const).map((severity) =>
    finding(severity, severity),
  );
  const counting = judge(all, { failOn, allow: [], day: '2026-01-05' }).filter(({ counts }) => counts);
  expect(counting.map((one) => one.finding.severity).toSorted()).toEqual([...counted].toSorted());
});

it('counts by severity what is not allowed', () => {
  const judged = judge([finding('A', 'high'), finding('B', 'high'), finding('C', 'low')], {
    ...{ failOn: 'high', allow: [entry()], day: '2026-01-05' },
  } as const);
  expect(countBySeverity(judged)).toMatchObject({ high: 1, low: 1, critical: 0 });
});

describe('an allow-list in a file', () => {
  // Made up, and split so that this file itself holds no secret.
  const secret = ['xoxb', '123456789012', '1234567890123', 'abcdefghijklmnopqrstuvwx'].join('-');
  const rule = 'slack/SLACK_TOKEN';
  const scan = async (allowList: string, parameters: object = {}): Promise<unknown> => {
    const { answers, outputs } = await actionBench(securityScan, {
      clock: { nowMs: () => Date.UTC(2026, 0, 5, 23) },
    }).deliver({
      inputs: { Source: { 'src/slack.js': `"${secret}"`, 'allow.json': allowList } },
      outputs: ['Findings'],
      parameters: { allowFile: 'Source::allow.json', ...parameters },
    });
    const sarif = Buffer.from(outputs.get('Findings')?.get('findings.sarif') ?? []).toString();
    return { ...answers[0]?.answer, ...(sarif !== '' && { results: JSON.parse(sarif).runs[0].results }) };
  };

  it('lets a secret pass, and tells the report who answers for it', async () => {
    const rules = await scan('[]');
    expect(rules).toMatchObject({ kind: 'failed', results: [{ ruleId: expect.any(String) }] });
    const found = (rules as { results: { ruleId: string }[] }).results[0]?.ruleId ?? rule;
    const list = JSON.stringify([
      { finding: found, in: 'src', owner: 'team-bot', expires: '2026-01-05', reason: 'revoked' },
    ]);
    expect(await scan(list)).toMatchObject({
      kind: 'succeeded',
      summary: '2 files scanned, no possible secrets; 1 allowed for now',
      outputs: { findingCount: '1', allowedCount: '1', criticalCount: '0' },
      results: [{ suppressions: [{ justification: 'allowed by team-bot until 2026-01-05: revoked' }] }],
    });
    expect(await scan(list.replace('2026-01-05', '2026-01-04'))).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('allowed by team-bot until 2026-01-04'),
    });
  });

  it.each([
    ['no JSON', /allow\.json is not JSON/],
    ['{}', /allow\.json: its root/],
    ['[{"finding":"A","owner":"me"}]', /allow\.json: 0\.expires/],
  ])('that is %s fails the action, whatever becomes of scanners', async (text, message) => {
    expect(await scan(text, { onScannerError: 'warn' })).toMatchObject({
      kind: 'failed',
      type: 'ConfigurationError',
      message: expect.stringMatching(message),
    });
  });
});
