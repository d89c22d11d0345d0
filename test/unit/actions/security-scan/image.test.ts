import { beforeEach, describe, expect, it } from 'vitest';
import { asFarAsKnown } from '../../../../infra/pipelines/known-parameters.ts';
import type {
  ImageFinding,
  ImageScan,
  ImageFindingsGateway,
} from '../../../../shared/actions/gateways/image-findings.ts';
import type { DeployedWhere } from '../../../../shared/actions/action.ts';
import { ActionFailed } from '../../../../shared/actions/result.ts';
import securityScan from '../../../../shared/actions/security-scan/run.ts';
import { imageParametersSchema, imagePermissions } from '../../../../shared/actions/security-scan/image/declaration.ts';
import { needsScan } from '../../../../shared/actions/security-scan/image/scan-image.ts';
import { actionBench, type ActionRun } from '../../../../shared/actions/testing/testing.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const openssl: ImageFinding = {
  id: 'CVE-2024-0727',
  aliases: [],
  severity: 'HIGH',
  title: 'CVE-2024-0727 - openssl',
  packages: [{ name: 'openssl', version: '3.0.2', fixedIn: '3.0.3' }],
};
const scanned = (status: ImageScan['status'], reason = status.toUpperCase()): ImageScan => ({
  ...{ status, reason, completedAt: undefined },
});

let scan: ImageScan;
let found: readonly ImageFinding[];
let started: string[];
let refused: ActionFailed | undefined;
beforeEach(() => {
  scan = scanned('none');
  found = [openssl];
  started = [];
  refused = undefined;
});

const findings: ImageFindingsGateway = {
  async resolve({ digest: given }) {
    if (refused) throw refused;
    return given ?? digest;
  },
  async scanOf() {
    if (refused) throw refused;
    return scan;
  },
  async startScan(image) {
    started.push(image.digest);
    scan = scanned('running', 'IN_PROGRESS');
  },
  findingsOf: async () => found,
};

const start = (parameters: object = {}, image: object = {}): Promise<ActionRun> =>
  actionBench(securityScan, { gateways: { findings } }).start({
    inputs: { Source: { 'a.js': 'let a' } },
    outputs: ['Findings'],
    parameters: { scanners: ['image'], image: { repository: 'shop', tag: 'v1', ...image }, ...parameters },
  });

describe('the findings of an image', () => {
  it('are waited for without running, and fail the action by its digest once the scan has ended', async () => {
    const run = await start({ scanners: ['image', 'secrets'] });
    expect(started).toEqual([digest]);
    await run.advance({ minutes: 5 });
    expect(run.result).toBeUndefined();
    scan = scanned('complete');
    await run.advance({ minutes: 3 });
    expect(run.result).toEqual({
      kind: 'failed',
      type: 'JobFailed',
      message: expect.stringMatching(/^1 finding: shop: openssl@3\.0\.2 \(CVE-2024-0727, high, fixed in 3\.0\.3\)/),
    });
    const sarif = JSON.parse(Buffer.from(run.outputs.get('Findings')?.get('findings.sarif') ?? []).toString());
    expect(sarif.runs[0].results[0].locations).toMatchObject([
      {
        physicalLocation: { artifactLocation: { uri: 'shop' } },
        logicalLocations: [{ fullyQualifiedName: 'shop: openssl@3.0.2', kind: 'package' }],
      },
    ]);
  });

  it('are read at once if the image was scanned lately', async () => {
    scan = scanned('complete');
    found = [{ ...openssl, severity: 'MEDIUM' }];
    const run = await start();
    expect(started).toEqual([]);
    expect(run.result).toMatchObject({
      kind: 'succeeded',
      summary: '1 image scanned, 1 vulnerability (1 medium)',
      outputs: { mediumCount: '1', imageDigest: digest },
    });
  });

  it('are those of the new scan where the last one is old', async () => {
    const old = { ...scanned('complete'), completedAt: '2020-01-01T00:00:00.000Z' };
    scan = old;
    const run = await start();
    expect(started).toEqual([digest]);
    scan = old;
    await run.advance({ minutes: 2 });
    expect(run.result).toBeUndefined();
    scan = { ...old, completedAt: new Date().toISOString() };
    await run.advance({ minutes: 3 });
    expect(run.result).toMatchObject({ kind: 'failed', type: 'JobFailed' });
  });

  it('of a severity that the service does not know yet count', async () => {
    scan = scanned('complete');
    found = [{ ...openssl, severity: 'UNTRIAGED' }];
    expect((await start()).result).toMatchObject({ message: expect.stringContaining('(CVE-2024-0727, unknown') });
  });

  it('that do not come in time fail the action', async () => {
    const run = await start({}, { timeoutMinutes: 20 });
    await run.advance({ minutes: 19 });
    expect(run.result).toBeUndefined();
    await run.advance({ minutes: 3 });
    expect(run.result).toMatchObject({
      kind: 'failed',
      type: 'SystemUnavailable',
      message: expect.stringContaining('the scan of the image in shop did not end within 20 minutes (IN_PROGRESS)'),
    });
  });

  it.each([
    ['fail', { kind: 'failed', message: expect.stringContaining('failed: UNSUPPORTED_IMAGE') }],
    ['warn', { kind: 'succeeded', summary: expect.stringContaining('could not run: image: the scan of the image') }],
  ])('that the service can never have: %s', async (onScannerError, result) => {
    const run = await start({ onScannerError });
    scan = scanned('failed', 'UNSUPPORTED_IMAGE');
    await run.advance({ minutes: 2 });
    expect(run.result).toMatchObject(result);
  });

  it('that may not be read any more end the wait with that failure', async () => {
    const run = await start();
    refused = new ActionFailed('PermissionError', "this action's role may not read findings of shop");
    await run.advance({ minutes: 2 });
    expect(run.result).toMatchObject({ type: 'PermissionError', message: expect.stringContaining('may not read') });
  });

  it('of an image that is not there fail the action at once', async () => {
    refused = new ActionFailed('ConfigurationError', 'repository shop has no such image');
    expect((await start()).result).toMatchObject({
      kind: 'failed',
      type: 'ConfigurationError',
      message: expect.stringContaining('has no such image'),
    });
  });
});

describe('what a role is granted', () => {
  const where: DeployedWhere = {
    ...{ partition: 'aws', region: 'eu-central-1', account: '123456789012', pipelineArn: 'arn', partOf: () => '' },
  };
  const repository = 'arn:aws:ecr:eu-central-1:123456789012:repository/shop';
  const granted = (image: object): string[] =>
    imagePermissions(asFarAsKnown(imageParametersSchema, { repository: 'shop', ...image }), where).flatMap(
      ({ actions, resources }) => actions.map((action) => `${action} ${resources.join()}`),
    );
  const ofEcr = [`ecr:DescribeImageScanFindings ${repository}`, `ecr:StartImageScan ${repository}`];
  const ofInspector = ['inspector2:ListCoverage *', 'inspector2:ListFindings *'];

  it.each([
    ['ECR', { digest: '#{Pin.digest}' }, ofEcr],
    ['Inspector', { tag: 'v1', from: 'inspector' }, ofInspector],
    ['either, where that is known only later', { tag: 'v1', from: '#{Build.Scanner}' }, [...ofEcr, ...ofInspector]],
  ])('is what is asked of %s', (_whom, image, actions) => {
    expect(granted(image)).toEqual([`ecr:DescribeImages ${repository}`, ...actions]);
  });
});

const now = Date.UTC(2026, 0, 5);
it.each([
  [scanned('none'), 'ecr', true],
  [scanned('none'), 'inspector', false],
  [scanned('running'), 'ecr', false],
  [scanned('failed'), 'ecr', false],
  [scanned('complete'), 'ecr', false],
  [{ ...scanned('complete'), completedAt: '2026-01-04T01:00:00.000Z' }, 'ecr', false],
  [{ ...scanned('complete'), completedAt: '2026-01-03T23:00:00.000Z' }, 'ecr', true],
] as const)('%j by %s needs a scan: %s', (standing, from, expected) => {
  expect(needsScan(standing, from, now)).toBe(expected);
});

it.each([
  [{ scanners: ['image'] }, /parameters\.image: must be there/],
  [{ image: { repository: 'shop', tag: 'v1' } }, /parameters\.image: must be there/],
  [{ scanners: ['image'], image: { repository: 'shop' } }, /parameters\.image: must have a digest or a tag/],
  [
    { scanners: ['image'], image: { repository: 'shop', digest: 'latest' } },
    /parameters\.image\.digest: must be sha256/,
  ],
  [{ failOn: 'error' }, /parameters\.failOn/],
  [{ threshold: 'error' }, /threshold/],
  [{ allow: [{ finding: 'X-1', expires: '2026-01-01' }] }, /parameters\.allow\.0\.owner/],
  [{ allow: [{ finding: 'X-1', owner: 'me', expires: 'never' }] }, /parameters\.allow\.0\.expires/],
  [{ sbom: 'bom.json' }, /parameters\.sbom: must be ARTIFACT::PATH/],
  [{ advisories: { database: 'Db::osv', api: 'https://a.example' } }, /parameters\.advisories/],
])('refuses the parameters %j', async (parameters, message) => {
  const { answers } = await actionBench(securityScan).deliver({ parameters });
  expect(answers).toMatchObject([
    { answer: { kind: 'failed', type: 'ConfigurationError', message: expect.stringMatching(message) } },
  ]);
});
