import { afterEach, describe, expect, it } from 'vitest';
import securityScan from '../../../../shared/actions/security-scan/run.ts';
import { actionBench, type TestRun } from '../../../../shared/actions/testing/testing.ts';
import { webServer, type WebReply, type WebRequest, type WebServer } from '../../../support/web-server.ts';

let server: WebServer | undefined;
afterEach(() => server?.close());

const lock = (...packages: readonly (readonly [string, string])[]): Record<string, string> => ({
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(packages.map(([name, version]) => [`node_modules/${name}`, { version }])),
  }),
});
const source = lock(['lodash', '4.17.20'], ['left-pad', '1.3.0']);

const lodashAdvisory = {
  id: 'GHSA-35jh-r3h4-6jhm',
  aliases: ['CVE-2021-23337'],
  modified: '2024-01-01T00:00:00Z',
  summary: 'Command Injection in lodash',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'npm', name: 'lodash' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '4.17.21' }] }],
    },
  ],
};

/** OSV's API as it is documented: `affected` says which packages have the advisory. */
function osv(affected: readonly string[] = ['lodash']): (request: WebRequest) => WebReply {
  return ({ path, text }) => {
    if (path === `/v1/vulns/${lodashAdvisory.id}`) return { status: 200, body: lodashAdvisory };
    if (path !== '/v1/querybatch') return { status: 404, body: { code: 5, message: 'Bug not found.' } };
    const { queries } = JSON.parse(text) as { queries: { package: { name: string } }[] };
    const results = queries.map((query) =>
      affected.includes(query.package.name)
        ? { vulns: [{ id: lodashAdvisory.id, modified: lodashAdvisory.modified }] }
        : {},
    );
    return { status: 200, body: { results } };
  };
}

async function scan(
  reply: (request: WebRequest, count: number) => WebReply,
  parameters: Readonly<Record<string, unknown>> = {},
  inputs: Readonly<Record<string, Readonly<Record<string, string>>>> = { Source: source },
): Promise<TestRun> {
  server = await webServer(reply);
  return actionBench(securityScan, { clock: { nowMs: () => Date.UTC(2026, 0, 5, 9) } }).deliver({
    inputs,
    outputs: ['Findings'],
    parameters: { scanners: ['dependencies'], advisories: { api: server.url }, ...parameters },
  });
}

const failed = (message: RegExp, type = 'JobFailed'): unknown => [
  expect.objectContaining({ answer: { kind: 'failed', type, message: expect.stringMatching(message) } }),
];
const file = ({ outputs }: TestRun, name: string): string =>
  Buffer.from(outputs.get('Findings')?.get(name) ?? []).toString('utf8');

describe('dependencies against OSV’s API', () => {
  it('fail for an advisory of the threshold, naming package, advisory and the version with the fix', async () => {
    const run = await scan(osv());
    expect(run.answers).toEqual(
      failed(/^1 finding: lodash@4\.17\.20 \(GHSA-35jh-r3h4-6jhm, high, fixed in 4\.17\.21\)\. Update what has a fix/),
    );
    expect(JSON.parse(server?.requests[0]?.text ?? '')).toEqual({
      queries: [
        { package: { ecosystem: 'npm', name: 'lodash' }, version: '4.17.20' },
        { package: { ecosystem: 'npm', name: 'left-pad' }, version: '1.3.0' },
      ],
    });
    expect(JSON.parse(file(run, 'findings.sarif'))).toMatchObject({
      runs: [
        {
          tool: { driver: { rules: [{ id: 'GHSA-35jh-r3h4-6jhm', properties: { 'security-severity': '7.0' } }] } },
          results: [
            { level: 'error', locations: [{ physicalLocation: { artifactLocation: { uri: 'package-lock.json' } } }] },
          ],
        },
      ],
    });
    expect(JSON.parse(file(run, 'bom.json'))).toMatchObject({
      components: [{ purl: 'pkg:npm/left-pad@1.3.0' }, { purl: 'pkg:npm/lodash@4.17.20' }],
    });
  });

  it('pass below the threshold, with the counts as outputs', async () => {
    const { answers } = await scan(osv(), { failOn: 'critical' });
    expect(answers).toMatchObject([
      {
        answer: {
          kind: 'succeeded',
          summary: '2 components checked, 1 vulnerability (1 high)',
          outputs: { findingCount: '1', highCount: '1', criticalCount: '0', unknownCount: '0', componentCount: '2' },
        },
      },
    ]);
  });

  it('follow the pages of a query until there is none', async () => {
    const { answers } = await scan(({ path, text }) => {
      if (path.startsWith('/v1/vulns/'))
        return { status: 200, body: { ...lodashAdvisory, id: path.slice(10), aliases: [] } };
      const { queries } = JSON.parse(text) as { queries: { package: { name: string }; page_token?: string }[] };
      const results = queries.map((query) => {
        const page = Number(query.page_token ?? 1);
        if (query.package.name !== 'lodash') return {};
        return { vulns: [{ id: `P-${page}` }], ...(page < 3 && { next_page_token: String(page + 1) }) };
      });
      return { status: 200, body: { results } };
    });
    expect(answers).toEqual(failed(/^3 findings: .*P-1.*P-2.*P-3/));
    expect(
      server?.requests
        .filter(({ path }) => path === '/v1/querybatch')
        .map(({ text }) => JSON.parse(text).queries.length),
    ).toEqual([2, 1, 1]);
  });

  it('do not believe pages that have no end', async () => {
    const { answers } = await scan(({ text }) => ({
      status: 200,
      body: { results: JSON.parse(text).queries.map(() => ({ next_page_token: 'again' })) },
    }));
    expect(answers).toEqual(failed(/dependencies: OSV's API does not end/, 'SystemUnavailable'));
  });

  it('are asked for without the version that cannot be compared, and then are not certain', async () => {
    const { answers } = await scan(osv(), {}, { Source: lock(['lodash', '4.17']) });
    expect(JSON.parse(server?.requests[0]?.text ?? '').queries).toEqual([
      { package: { ecosystem: 'npm', name: 'lodash' } },
    ]);
    expect(answers).toEqual(failed(/lodash@4\.17 \(GHSA-35jh-r3h4-6jhm, high, not certain\)/));
  });

  it('wait as long as a 429 with Retry-After says', async () => {
    const limited = { status: 429, headers: { 'retry-after': '0' }, body: {} };
    const { answers } = await scan((request, count) => (count <= 2 ? limited : osv([])(request)));
    expect(answers).toMatchObject([
      { answer: { kind: 'succeeded', summary: '2 components checked, no vulnerabilities' } },
    ]);
    expect(server?.requests).toHaveLength(3);
  });

  it.each([
    ['429 for good', { status: 429, headers: { 'retry-after': '0' } }, /answered 429 to POST v1\/querybatch/],
    ['500', { status: 500, headers: { 'retry-after': '0' }, body: { secret: 'abc' } }, /answered 500/],
    ['HTML', { status: 200, body: '<html>proxy</html>' }, /text\/html, JSON was expected/],
    ['something else', { status: 200, body: { results: 'none' } }, /answered something else/],
    ['too few results', { status: 200, body: { results: [{}] } }, /answered 1 results to 2 queries/],
  ] as const)('fail the action when the API answers %s', async (_, reply, message) => {
    const { answers } = await scan(() => reply);
    expect(answers).toEqual(failed(message, 'SystemUnavailable'));
    expect(answers).toEqual(
      failed(/^not everything could be scanned, so nothing passes: dependencies: /, 'SystemUnavailable'),
    );
  });

  it('fail the action when the API does not answer while the action may run', async () => {
    server = await webServer(() => 'silence');
    const { answers } = await actionBench(securityScan, { remainingMs: 2_300 }).deliver({
      inputs: { Source: source },
      parameters: { scanners: ['dependencies'], advisories: { api: server.url } },
    });
    expect(answers).toHaveLength(1);
    expect(answers).toMatchObject([{ answer: { kind: 'failed' } }]);
  });

  it('pass without the API if the pipeline says so, and say that they were not looked up', async () => {
    const run = await scan(() => ({ status: 403, body: {} }), {
      onScannerError: 'warn',
      scanners: ['secrets', 'dependencies'],
    });
    expect(run.answers).toMatchObject([
      {
        answer: {
          kind: 'succeeded',
          summary: expect.stringMatching(
            /^1 file scanned, no possible secrets; dependencies not scanned.*could not run: dependencies: OSV's API answered 403/,
          ),
        },
      },
    ]);
    expect(JSON.parse(file(run, 'findings.sarif')).runs[0].invocations).toMatchObject([
      { executionSuccessful: true },
      { executionSuccessful: false },
    ]);
  });
});

describe('what was not looked up', () => {
  const bom = (...components: readonly object[]): Record<string, Record<string, string>> => ({
    Build: { 'bom.json': JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components }) },
  });
  const monolog = { name: 'monolog', purl: 'pkg:composer/monolog/monolog@1.0.0' };
  const base = { name: 'base', purl: 'pkg:deb/debian/base@1' };
  const sbom = 'Build::bom.json';

  it('is asked of OSV by its version where only OSV knows the order of versions', async () => {
    const { answers } = await scan(
      osv(['monolog/monolog']),
      { sbom },
      bom(monolog, { ...monolog, purl: 'pkg:composer/a/b@dev-main' }),
    );
    expect(JSON.parse(server?.requests[0]?.text ?? '').queries).toEqual([
      { package: { ecosystem: 'Packagist', name: 'monolog/monolog' }, version: '1.0.0' },
      { package: { ecosystem: 'Packagist', name: 'a/b' } },
    ]);
    expect(answers).toEqual(failed(/^1 finding: monolog\/monolog@1\.0\.0 \(GHSA-35jh-r3h4-6jhm, high\)/));
  });

  it('is counted and named beside what was', async () => {
    const { answers } = await scan(osv([]), { sbom }, bom(monolog, base));
    expect(answers).toMatchObject([
      {
        answer: {
          outputs: { componentCount: '1', uncheckedCount: '1' },
          summary:
            '1 component checked, no vulnerabilities; not checked: debian/base@1 is of a kind that no advisories are looked up for',
        },
      },
    ]);
  });

  it('is not what comes from a registry of one’s own: it may be a mirror, and is named', async () => {
    const resolved = 'https://npm.acme.example/lodash/-/lodash-4.17.20.tgz';
    const own = { lockfileVersion: 3, packages: { 'node_modules/lodash': { version: '4.17.20', resolved } } };
    const run = await scan(osv(), { failOn: 'never' }, { Source: { 'package-lock.json': JSON.stringify(own) } });
    const note = '1 component from npm.acme.example looked up as of the public registry';
    expect(run.answers).toMatchObject([
      {
        answer: {
          outputs: { componentCount: '1', uncheckedCount: '0', highCount: '1' },
          summary: `1 component checked, 1 vulnerability (1 high); ${note}`,
        },
      },
    ]);
    expect(JSON.parse(file(run, 'findings.sarif')).runs[0].invocations[0].toolExecutionNotifications).toEqual([
      { level: 'note', message: { text: note } },
    ]);
  });

  it('is named with the lock files that are not read', async () => {
    const { answers } = await scan(osv([]), {}, { Source: { ...source, 'api/uv.lock': '' } });
    expect(answers).toMatchObject([
      {
        answer: {
          outputs: { componentCount: '2', uncheckedCount: '1' },
          summary: expect.stringContaining('; not checked: api/uv.lock (such lock files are not read)'),
        },
      },
    ]);
  });

  it.each<[string, Record<string, Record<string, string>>, Record<string, unknown>, RegExp]>([
    [
      'a bill of unknown kinds',
      bom(base),
      { sbom },
      /no package could be looked up; .* with package URLs and versions as sbom; not checked: debian\/base@1 is of/,
    ],
    ['a bill of nothing', bom(), { sbom }, /bom\.json lists no components/],
    [
      'a bill without components',
      { Build: { 'bom.json': '{"bomFormat":"CycloneDX","specVersion":"1.5"}' } },
      { sbom },
      /bom\.json lists no components/,
    ],
    [
      'lock files that are not read',
      { Source: { 'uv.lock': '', 'Gemfile.lock': '' } },
      {},
      /no package could be looked up; commit a lock file that is read, .*; not checked: Gemfile\.lock .*, uv\.lock/,
    ],
    [
      'requirements that pin nothing',
      { Source: { 'requirements.txt': 'requests>=2\n', 'composer.lock': '{}' } },
      {},
      /no package could be looked up; pin versions .*; not checked: composer\.lock .*, requests is not pinned/,
    ],
    ['an empty source', { Source: {} }, {}, /the source holds no lock file/],
    ['an excluded source', { Source: source }, { exclude: ['package-lock.json'] }, /the source holds no lock file/],
  ])('is no all-clear: %s', async (_what, inputs, parameters, message) => {
    const { answers } = await scan(osv([]), parameters, inputs);
    expect(answers).toEqual(failed(message, 'ConfigurationError'));
    await server?.close();
    const warned = await scan(osv([]), { ...parameters, onScannerError: 'warn' }, inputs);
    expect(warned.answers).toMatchObject([
      {
        answer: {
          outputs: { componentCount: '0' },
          summary: expect.stringMatching(/^dependencies not scanned;.*could not run: dependencies: /),
        },
      },
    ]);
  });

  it('is nothing in a project that locks no packages', async () => {
    const { answers } = await scan(osv([]), {}, { Source: lock() });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { uncheckedCount: '0' } } }]);
  });

  it('is a lock file that is not read, said and counted, beside one that locks no packages', async () => {
    const { answers } = await scan(osv([]), {}, { Source: { ...lock(), 'php/composer.lock': '{}' } });
    expect(answers).toMatchObject([
      {
        answer: {
          kind: 'succeeded',
          outputs: { componentCount: '0', uncheckedCount: '1' },
          summary:
            '0 components checked, no vulnerabilities; not checked: php/composer.lock (such lock files are not read)',
        },
      },
    ]);
  });

  it('is no all-clear where the database holds nothing of any package', async () => {
    const parameters = { source: 'Source', advisories: { database: 'Database::osv' } };
    const other = { ...lodashAdvisory, affected: [{ package: { ecosystem: 'PyPI', name: 'x' } }] };
    const inputs = { Source: source, Database: { 'osv/a.json': JSON.stringify(other) } };
    const { answers } = await scan(() => 'none', parameters, inputs);
    expect(answers).toEqual(
      failed(
        /no package could be looked up; give a database .*; not checked: .*the database holds nothing of npm/,
        'ConfigurationError',
      ),
    );
  });
});

describe('dependencies against an offline database', () => {
  const parameters = { source: 'Source', advisories: { database: 'Database::osv' } };
  const inputs = { Source: source, Database: { 'osv/a.json': JSON.stringify(lodashAdvisory) } };

  it('are matched without asking anybody', async () => {
    const { answers } = await scan(() => 'none', parameters, inputs);
    expect(answers).toEqual(failed(/lodash@4\.17\.20 \(GHSA-35jh-r3h4-6jhm, high, fixed in 4\.17\.21\)/));
    expect(server?.requests).toEqual([]);
  });

  it('say which components the database holds nothing of', async () => {
    const files = { ...source, 'requirements.txt': 'django==3.2\nrequests\n' };
    const { answers } = await scan(() => 'none', { ...parameters, failOn: 'never' }, { ...inputs, Source: files });
    expect(answers).toMatchObject([
      {
        answer: {
          outputs: { uncheckedCount: '2' },
          summary: expect.stringContaining(
            'not checked: requests is not pinned to one version, django@3.2 (the database holds nothing of PyPI)',
          ),
        },
      },
    ]);
  });

  it('fail the action when the database is not there', async () => {
    const { answers } = await scan(
      () => 'none',
      { ...parameters, advisories: { database: 'Database::other' } },
      inputs,
    );
    expect(answers).toEqual(failed(/holds no advisories at other/, 'ConfigurationError'));
  });

  it('take a bill of materials of 20,000 components', async () => {
    const components = Array.from({ length: 20_000 }, (_, index) => ({
      type: 'library',
      name: `package-${index}`,
      version: '1.0.0',
      purl: `pkg:npm/package-${index}@1.0.0`,
    }));
    components[19_999] = { type: 'library', name: 'lodash', version: '4.17.20', purl: 'pkg:npm/lodash@4.17.20' };
    const bom = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components });
    const { answers, outputs } = await scan(
      () => 'none',
      { ...parameters, sbom: 'Source::bom.json' },
      { ...inputs, Source: { 'bom.json': bom } },
    );
    expect(answers).toEqual(failed(/^1 finding: lodash@4\.17\.20/));
    expect(JSON.parse(Buffer.from(outputs.get('Findings')?.get('bom.json') ?? []).toString()).components).toHaveLength(
      20_000,
    );
  });

  it.each([
    ['is none', '{"bomFormat":"SPDX"}', /bom\.json is no CycloneDX bill/],
    ['is no JSON', '<bom/>', /bom\.json is no CycloneDX bill .* or later; make it/],
    [
      'is too old',
      '{"bomFormat":"CycloneDX","specVersion":"1.1"}',
      /bom\.json is no CycloneDX bill .* \(specVersion: Invalid string/,
    ],
    [
      'holds too much',
      JSON.stringify({
        bomFormat: 'CycloneDX',
        specVersion: '1.5',
        components: Array.from({ length: 50_001 }, (_, index) => ({ name: `p-${index}` })),
      }),
      /50001 components, looked up are at most 50000/,
    ],
  ])('fail the action when the bill of materials %s', async (_, text, message) => {
    const files = { ...inputs, Source: { 'bom.json': text } };
    const { answers } = await scan(() => 'none', { ...parameters, sbom: 'Source::bom.json' }, files);
    expect(answers).toEqual(failed(message, 'ConfigurationError'));
  });
});

it('asks OSV for 20,000 components in 20 requests', async () => {
  const packages = Array.from({ length: 20_000 }, (_, index) => [`package-${index}`, '1.0.0'] as const);
  const { answers } = await scan(osv(['package-7']), { failOn: 'never' }, { Source: lock(...packages) });
  expect(answers).toMatchObject([
    { answer: { kind: 'succeeded', outputs: { componentCount: '20000', findingCount: '1' } } },
  ]);
  expect(server?.requests).toHaveLength(21);
});
