import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Advisory } from '../../../../shared/actions/security-scan/advisories/advisory.ts';
import { fixedVersions, verdictOf } from '../../../../shared/actions/security-scan/advisories/affects.ts';
import { baseScore } from '../../../../shared/actions/security-scan/advisories/cvss.ts';
import { offlineAdvisories } from '../../../../shared/actions/security-scan/advisories/offline.ts';
import { severityOf } from '../../../../shared/actions/security-scan/advisories/severity.ts';
import { toFindings } from '../../../../shared/actions/security-scan/advisories/to-findings.ts';
import type { Component } from '../../../../shared/actions/security-scan/components/component.ts';
import type { Ecosystem } from '../../../../shared/actions/security-scan/components/ecosystem.ts';

const component = (ecosystem: Ecosystem, name: string, version: string): Component => ({
  ...{ ecosystem, name, version, foundIn: 'lock' },
});
type Events = NonNullable<NonNullable<Advisory['affected']>[number]['ranges']>[number]['events'];
const lodash = { ecosystem: 'npm', name: 'lodash' };
const ranged = (events: Events, type = 'SEMVER', versions?: string[]): Advisory => ({
  id: 'X-1',
  affected: [{ package: lodash, ranges: [{ type, events }], versions }],
});

describe('an advisory', () => {
  it.each([
    ['0.0.1', [{ introduced: '0' }, { fixed: '4.17.21' }], 'affected'],
    ['4.17.20', [{ introduced: '0' }, { fixed: '4.17.21' }], 'affected'],
    ['4.17.21', [{ introduced: '0' }, { fixed: '4.17.21' }], 'unaffected'],
    // The order in the record does not count.
    ['2.5.0', [{ fixed: '3.0.0' }, { introduced: '2.0.0' }, { fixed: '1.5.0' }, { introduced: '1.0.0' }], 'affected'],
    ['1.7.0', [{ fixed: '3.0.0' }, { introduced: '2.0.0' }, { fixed: '1.5.0' }, { introduced: '1.0.0' }], 'unaffected'],
    ['2.0.0', [{ introduced: '1.0.0' }, { last_affected: '2.0.0' }], 'affected'],
    ['2.0.1', [{ introduced: '1.0.0' }, { last_affected: '2.0.0' }], 'unaffected'],
    ['3.0.0', [{ introduced: '0' }, { limit: '3.0.0' }], 'unaffected'],
    ['2.9.9', [{ introduced: '0' }, { limit: '3.0.0' }], 'affected'],
    ['9.0.0', [{ introduced: '0' }, { limit: '*' }], 'affected'],
    ['1.0.0-rc.1', [{ introduced: '1.0.0' }], 'unaffected'],
    ['not one', [{ introduced: '0' }], 'undecided'],
    ['1.0.0', [{ introduced: 'r7' }], 'undecided'],
  ] as const)('is for version %s with %j: %s', (version, events, verdict) => {
    expect(verdictOf(component('npm', 'lodash', version), ranged([...events]))).toBe(verdict);
  });

  it('names versions one by one, in any spelling', () => {
    const advisory: Advisory = {
      id: 'X-1',
      affected: [{ package: { ecosystem: 'PyPI', name: 'Flask_Login' }, versions: ['1.0', '2004d'] }],
    };
    const verdict = (version: string): string => verdictOf(component('PyPI', 'flask-login', version), advisory);
    expect([verdict('1.0.0'), verdict('2004d'), verdict('1.1')]).toEqual(['affected', 'affected', 'unaffected']);
  });

  it.each([
    ['NuGet', 'newtonsoft.json', '9.0.1', 'affected'],
    ['NuGet', 'Newtonsoft.Json', '9.0.2', 'undecided'],
    ['Hex', 'plug', '1.3.1', 'affected'],
    ['Hex', 'plug', '1.3.2', 'unaffected'],
  ] as const)(
    'of %s, where versions may be listed or ordered, is for %s %s: %s',
    (ecosystem, name, version, verdict) => {
      const events = [{ introduced: '0' }, { fixed: '1.3.2' }];
      const advisory: Advisory = {
        id: 'X-1',
        affected: [
          {
            package: { ecosystem: 'NuGet', name: 'Newtonsoft.Json' },
            ranges: [{ type: 'ECOSYSTEM', events }],
            versions: ['9.0.1'],
          },
          { package: { ecosystem: 'Hex', name: 'plug' }, ranges: [{ type: 'ECOSYSTEM', events }] },
        ],
      };
      expect(verdictOf(component(ecosystem, name, version), advisory)).toBe(verdict);
    },
  );

  it('says nothing of other packages, other ecosystems, and once it is withdrawn', () => {
    const advisory = ranged([{ introduced: '0' }]);
    expect(verdictOf(component('npm', 'lodash-es', '1.0.0'), advisory)).toBe('unaffected');
    expect(verdictOf(component('PyPI', 'lodash', '1.0.0'), advisory)).toBe('unaffected');
    expect(verdictOf(component('npm', 'lodash', '1.0.0'), { ...advisory, withdrawn: '2024-01-01T00:00:00Z' })).toBe(
      'unaffected',
    );
  });

  it('that speaks of commits alone leaves a version undecided', () => {
    expect(verdictOf(component('npm', 'lodash', '1.0.0'), ranged([{ introduced: 'abc' }], 'GIT'))).toBe('undecided');
  });

  it('is for a Maven package of a repository of its own, by Maven’s order', () => {
    const advisory: Advisory = {
      id: 'X-1',
      affected: [
        {
          package: { ecosystem: 'Maven:https://maven.google.com', name: 'g:a' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1.0-beta1' }, { fixed: '1.0' }] }],
        },
      ],
    };
    expect(verdictOf(component('Maven', 'g:a', '1.0-rc1'), advisory)).toBe('affected');
    expect(verdictOf(component('Maven', 'g:a', '1.0.0.Final'), advisory)).toBe('unaffected');
    expect(fixedVersions(component('Maven', 'g:a', '1.0-rc1'), advisory)).toEqual(['1.0']);
  });
});

// first.org/cvss/v3.1/examples, first.org/cvss/v4-0/examples, and the calculators' bounds.
it.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
  ['CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.3],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:N', 0],
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8],
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
  ['AV:L/AC:H/Au:N/C:C/I:C/A:C', 6.2],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
  ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N', undefined],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H', undefined],
  ['high', undefined],
])('scores %s as %s', (vector, score) => {
  expect(baseScore(vector)).toBe(score);
});

describe('severity', () => {
  const of = (advisory: Partial<Advisory>): string =>
    severityOf(component('npm', 'lodash', '1.0.0'), { ...ranged([{ introduced: '0' }]), ...advisory });

  it('is that of CVSS 4, else of CVSS 3, else of CVSS 2, else the word of the database', () => {
    const high = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' };
    const low = { type: 'CVSS_V2', score: 'AV:L/AC:H/Au:N/C:P/I:N/A:N' };
    const four = { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' };
    expect(of({ severity: [low, high], database_specific: { severity: 'LOW' } })).toBe('high');
    expect(of({ severity: [low] })).toBe('low');
    expect(of({ severity: [four, high], database_specific: { severity: 'MODERATE' } })).toBe('critical');
    expect(of({ severity: [{ ...four, score: 'CVSS:5.0/AV:N' }], database_specific: { severity: 'MODERATE' } })).toBe(
      'medium',
    );
  });

  it('is critical for a malicious package, low for what RustSec calls informational, unknown for what nobody says', () => {
    expect(of({ id: 'MAL-2024-1' })).toBe('critical');
    expect(of({ affected: [{ package: lodash, database_specific: { informational: 'unmaintained' } }] })).toBe('low');
    expect(of({})).toBe('unknown');
  });
});

it('joins advisories that name each other, with the severity that one of them knows', () => {
  const used = component('Go', 'golang.org/x/net', '0.1.0');
  const affected = [
    {
      package: { ecosystem: 'Go', name: used.name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '0.7.0' }] }],
    },
  ];
  const go = { id: 'GO-2023-1571', aliases: ['CVE-2022-41723'], affected };
  const github = {
    id: 'GHSA-vvpx-j8f3-3w6h',
    aliases: ['CVE-2022-41723'],
    summary: 'Uncontrolled\nConsumption',
    affected,
    database_specific: { severity: 'HIGH' },
  };
  const other = { id: 'GO-2024-2687', affected };
  const findings = toFindings([go, github, other].map((advisory) => ({ component: used, advisory, isCertain: true })));
  expect(findings).toMatchObject([
    {
      rule: 'GHSA-vvpx-j8f3-3w6h',
      aliases: ['CVE-2022-41723', 'GO-2023-1571'],
      severity: 'high',
      title: 'Uncontrolled Consumption',
      fixedIn: ['0.7.0'],
    },
    { rule: 'GO-2024-2687', severity: 'unknown' },
  ]);
});

describe('an offline database', () => {
  const record = (id: string, fixed: string): string =>
    JSON.stringify({ ...ranged([{ introduced: '0' }, { fixed }]), id, modified: '2024-01-01T00:00:00Z' });
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const components = [component('npm', 'lodash', '4.17.20'), component('PyPI', 'django', '3.2')];
  const look = (
    files: Readonly<Record<string, Uint8Array>>,
    path = '',
  ): ReturnType<ReturnType<typeof offlineAdvisories>['look']> =>
    offlineAdvisories(new Map(Object.entries(files)), path).look(components, AbortSignal.timeout(10_000));

  it('is OSV’s all.zip, records in files, or lists of them, below a path', async () => {
    const zip = zipSync({ 'A-1.json': text(record('A-1', '5.0.0')), 'A-2.json': text(record('A-2', '1.0.0')) });
    const files = {
      'osv/npm/all.zip': zip,
      'osv/one.json': text(record('B-1', '5.0.0')),
      'osv/list.json': text(`[${record('C-1', '5.0.0')}]`),
      'elsewhere.json': text('no JSON'),
    };
    const { advised, unchecked } = await look(files, 'osv');
    expect(advised.map(({ advisory }) => advisory.id)).toEqual(['A-1', 'B-1', 'C-1']);
    expect(unchecked).toEqual(['django@3.2 (the database holds nothing of PyPI)']);
  });

  it('of many records is read one by one', async () => {
    const entries = Array.from({ length: 12_000 }, (_, index): [string, Uint8Array] => [
      `A-${index}.json`,
      text(record(`A-${index}`, index === 11_999 ? '5.0.0' : '1.0.0')),
    ]);
    const { advised } = await look({ 'all.zip': zipSync(Object.fromEntries(entries), { level: 0 }) });
    expect(advised.map(({ advisory }) => advisory.id)).toEqual(['A-11999']);
  });

  const whole = zipSync({ 'A-1.json': text(record('A-1', '5.0.0')), 'A-2.json': text(record('A-2', '5.0.0')) });
  it.each([
    ['nothing', { 'README.md': text('hello') }, /holds no advisories/],
    ['no JSON', { 'a.json': text('<html>') }, /a\.json, which is not JSON/],
    ['another format', { 'a.json': text('{"id":1,"affected":"all"}') }, /not in OSV's format/],
    ['a zip that was cut off', { 'all.zip': whole.subarray(0, 200) }, /no whole zip/],
    [
      'a zip with a hole',
      { 'all.zip': Buffer.concat([whole.subarray(0, 20), whole.subarray(120)]) },
      /holds (a record|all\.zip)/,
    ],
    ['no zip', { 'all.zip': text('hello') }, /no whole zip/],
  ])('that holds %s is refused, not taken for an all-clear', async (_, files, message) => {
    await expect(look(files as Record<string, Uint8Array>)).rejects.toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringMatching(message),
    });
  });
});
