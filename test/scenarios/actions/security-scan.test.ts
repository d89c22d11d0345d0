import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { securityScan } from '../../../infra/public.ts';
import { actionPipeline, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

// Made up, and split so that this file itself holds no secret.
const secret = ['xoxb', '123456789012', '1234567890123', 'abcdefghijklmnopqrstuvwx'].join('-');

const advisory = {
  id: 'GHSA-35jh-r3h4-6jhm',
  modified: '2024-01-01T00:00:00Z',
  database_specific: { severity: 'HIGH' },
  affected: [
    {
      package: { ecosystem: 'npm', name: 'lodash' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '4.17.21' }] }],
    },
  ],
};

const files = {
  'src/slack.js': `"${secret}"`,
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: { 'node_modules/lodash': { version: '4.17.20' } },
  }),
  'requirements.txt': 'django==3.2\n',
  // One of each parser, as the bundle holds it.
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\npackages:\n  left-pad@1.3.0:\n    resolution: {integrity: sha512-x}\n",
  'Cargo.lock': '[[package]]\nname = "smallvec"\nversion = "1.6.0"\nsource = "registry+https://example.com"\n',
  'go.sum': 'github.com/gin-gonic/gin v1.6.0 h1:abc=\n',
  'pom.xml':
    '<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>1</version></dependency></dependencies></project>',
  'osv/npm/GHSA-35jh-r3h4-6jhm.json': JSON.stringify(advisory),
  'allow.json': JSON.stringify([{ finding: advisory.id, owner: 'team-shop', expires: '2026-01-31' }]),
};

let server: WebServer;
let pipeline: ActionPipeline;
let execution: string;
beforeAll(async () => {
  server = await webServer(({ path, text }) => {
    if (path.startsWith('/v1/vulns/')) return { status: 200, body: advisory };
    const { queries } = JSON.parse(text) as { queries: { package: { name: string } }[] };
    const results = queries.map(({ package: { name } }) => (name === 'lodash' ? { vulns: [{ id: advisory.id }] } : {}));
    return { status: 200, body: { results } };
  });
  const dependencies = { scanners: ['dependencies'], advisories: { database: 'Source::osv' } } as const;
  const actions = {
    Secrets: {},
    Offline: dependencies,
    Allowed: { ...dependencies, allowFile: 'Source::allow.json' },
    Online: { scanners: ['dependencies'], advisories: { api: server.url }, failOn: 'critical' },
    Nobody: { scanners: ['dependencies'], advisories: { api: 'http://127.0.0.1:9' } },
    Image: { scanners: ['image'], image: { repository: 'shop', tag: 'v1' } },
    Warned: {
      scanners: ['secrets', 'image'],
      failOn: 'never',
      onScannerError: 'warn',
      image: { repository: 'shop', tag: 'v1' },
    },
  } as const;
  pipeline = await actionPipeline({
    actions: ['security-scan'],
    stage: ({ slipway, source }) =>
      Object.entries(actions).map(([actionName, parameters]) =>
        slipway.action(securityScan, {
          ...{ ...place, actionName, inputs: [source], outputs: [new Artifact(`${actionName}Report`)] },
          // Each entry was checked where it was written.
          parameters: parameters as Parameters<typeof slipway.action<typeof securityScan>>[1]['parameters'],
        }),
      ),
  });
  execution = await pipeline.start(files);
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await server.close();
});

const end = (action: string): ReturnType<ActionPipeline['untilEnded']> => pipeline.untilEnded(execution, action, '10s');

it('fails for a secret in the source, and never shows it', async () => {
  const seen = await end('Secrets');
  expect(seen).toMatchObject({
    status: 'Failed',
    error: { code: 'JobFailed', message: expect.stringContaining('src/slack.js:1') },
  });
  expect(JSON.stringify(seen)).not.toContain(secret);
});

it('fails for a package that the database in the artifact knows', async () => {
  expect(await end('Offline')).toMatchObject({
    status: 'Failed',
    error: {
      code: 'JobFailed',
      message: expect.stringMatching(
        /lodash@4\.17\.20 \(GHSA-35jh-r3h4-6jhm, high, fixed in 4\.17\.21\).*not checked: django@3\.2 .*smallvec@1\.6\.0/,
      ),
    },
  });
});

it('lets it pass for as long as somebody answers for it', async () => {
  expect(await end('Allowed')).toMatchObject({
    status: 'Succeeded',
    outputs: { findingCount: '1', allowedCount: '1', highCount: '0', componentCount: '2', uncheckedCount: '4' },
  });
});

it('asks OSV and counts what is below the threshold', async () => {
  expect(await end('Online')).toMatchObject({
    status: 'Succeeded',
    summary:
      '6 components checked, 1 vulnerability (1 high); 1 component from example.com looked up as of the public registry',
    outputs: { highCount: '1' },
  });
});

it.each([
  ['Nobody', /dependencies: OSV's API gave no answer/],
  ['Image', /image: .*ecr/i],
])('fails when a scanner cannot run: %s', async (action, message) => {
  expect(await end(action)).toMatchObject({ status: 'Failed', error: { message: expect.stringMatching(message) } });
});

it('goes on without a scanner where the pipeline says so, and says what is missing', async () => {
  expect(await end('Warned')).toMatchObject({
    status: 'Succeeded',
    summary: expect.stringMatching(/^\d+ files scanned, 1 possible secret; image not scanned.*could not run: image: /),
  });
});
