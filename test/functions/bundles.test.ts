import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { actionBundle, bundleEntries, functionEntries, type Bundle } from '../../infra/bundle.ts';
import { actions } from '../../shared/actions/registry.ts';
import type * as artifactStorage from '../../shared/aws/artifact-storage.ts';
import type * as codepipeline from '../../shared/aws/codepipeline.ts';
import type * as dynamodb from '../../shared/aws/dynamodb.ts';
import type * as eventbridge from '../../shared/aws/eventbridge.ts';
import type * as jobAnswers from '../../shared/aws/job-answers.ts';
import type * as s3 from '../../shared/aws/s3.ts';
import type * as secretsManager from '../../shared/aws/secrets-manager.ts';
import type * as ssm from '../../shared/aws/ssm.ts';
import type * as states from '../../shared/aws/step-functions.ts';
import { fakeAws, json, jsonError } from './fake-aws.ts';

/** Everything of shared/aws in one bundle, to see that it works as it does from the sources. */
const gateways = {
  bundle: 'gateways',
  source: `
    export { createJobAnswers } from './shared/aws/job-answers.ts';
    export { createArtifactStorage } from './shared/aws/artifact-storage.ts';
    export { tableStore } from './shared/aws/dynamodb.ts';
    export { codePipeline } from './shared/aws/codepipeline.ts';
    export { eventBus } from './shared/aws/eventbridge.ts';
    export { sourceBucket } from './shared/aws/s3.ts';
    export { secretReader } from './shared/aws/secrets-manager.ts';
    export { serviceDirectory } from './shared/aws/ssm.ts';
    export { stepFunctions } from './shared/aws/step-functions.ts';`,
};

/** What the bundle of gateways exports: the modules' own types. */
type Gateways = typeof artifactStorage &
  typeof codepipeline &
  typeof dynamodb &
  typeof eventbridge &
  typeof jobAnswers &
  typeof s3 &
  typeof secretsManager &
  typeof ssm &
  typeof states;

const arn = 'arn:aws:codepipeline:eu-central-1:123456789012:checkout';
const service = {
  contract: 1 as const,
  name: 'checkout',
  pipeline: { arn },
  source: { bucket: 'sources', key: 'checkout.zip', action: 'Source' },
  environments: [],
};

let folder: string;
let bundles: Bundle[];
let aws: Awaited<ReturnType<typeof fakeAws>>;
let bundled: Gateways;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-bundles-'));
  aws = await fakeAws();
  // A person's settings, with which every call to a given endpoint fails.
  const personal = join(folder, 'config');
  writeFileSync(personal, '[default]\nuse_fips_endpoint = true\n');
  const environment = {
    AWS_CONFIG_FILE: personal,
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'an example',
    SLIPWAY_TABLE: 'table',
    SLIPWAY_BUS: 'bus',
    SLIPWAY_JOB_MACHINE_ARN: 'arn:machine',
    SLIPWAY_SERVICES_PREFIX: '/slipway/services/',
    SLIPWAY_WEBHOOK_SECRET: 'arn:secret',
    SLIPWAY_API_TOKEN_SECRET: 'arn:token',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  bundles = await bundleEntries([...functionEntries(), gateways], join(folder, 'bundles'));
  bundled = load('gateways');
});
afterAll(async () => {
  await aws.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  aws.requests.length = 0;
});

function load<Exports>(bundle: string): Exports {
  return createRequire(import.meta.url)(bundleFile(bundle));
}

const bundleFile = (bundle: string): string => join(folder, 'bundles', bundle, 'index.js');

/** Bundles that may be larger, each for what it brings. */
const larger: Readonly<Record<string, number>> = {
  // The client of Device Farm, beside all that a long action with artifacts has.
  'actions-run-mobile-test': 405_000,
  // Three clients, and XML: CloudFormation's protocol.
  'actions-run-provision-resources': 430_000,
  // Every rule of secretlint, the scores of four versions of CVSS, the parsers of Yarn, YAML, TOML and XML, and clients for what ECR
  // and Inspector found.
  'actions-run-security-scan': 1_070_000,
};

const names = functionEntries().map(({ bundle }) => bundle);

describe('a bundle', () => {
  it.each(names)('%s loads and exports a handler', (name) => {
    expect(load<{ handler: unknown }>(name).handler).toBeTypeOf('function');
  });

  it.each(names)('%s is at most 400,000 bytes, or has a reason', (name) => {
    expect(bundles.find((bundle) => bundle.name === name)?.bytes).toBeLessThanOrEqual(larger[name] ?? 400_000);
  });

  it.each(names)(
    "%s loads neither Node's fetch nor its WebSocket, which take a fifth of a first job's time",
    (name) => {
      const code = readFileSync(bundleFile(name), 'utf8');
      // `import('node:http')` reads every export of it, and one of them is a WebSocket.
      expect(code).not.toMatch(/\bimport\(/);
      expect(code).not.toMatch(/(?<![.\w$])(fetch|new (Headers|Request|Response|WebSocket))\(/);
    },
  );

  it.each(actions.map(({ id }) => id))('of action %s holds no other action', (id) => {
    const inputs = bundles.find(({ name }) => name === actionBundle(id))?.inputs ?? {};
    const ids = new Set(actions.map((action) => action.id));
    const folders = Object.keys(inputs).flatMap((file) => /^shared\/actions\/([^/]+)\//.exec(file)?.[1] ?? []);
    expect(folders.filter((name) => ids.has(name)).every((name) => name === id)).toBe(true);
    expect(folders).toContain(id);
  });

  it('of an action without artifacts holds no S3 client and reads no zip', () => {
    for (const { id, inputArtifacts, outputArtifacts } of actions) {
      const inputs = bundles.find(({ name }) => name === actionBundle(id))?.inputs ?? {};
      const has = (part: string): boolean => Object.keys(inputs).some((file) => file.includes(part) && inputs[file]);
      const hasArtifacts = inputArtifacts.max + outputArtifacts.max > 0;
      expect({ client: has('@aws-sdk/client-s3/'), zip: has('/yauzl/') }, id).toEqual({
        ...{ client: hasArtifacts, zip: hasArtifacts },
      });
    }
  });

  it("of load-test holds autocannon's client, and nothing of its command line", () => {
    const inputs = bundles.find(({ name }) => name === actionBundle('load-test'))?.inputs ?? {};
    const held = Object.keys(inputs).filter((file) => (inputs[file] ?? 0) > 0);
    expect(held.filter((file) => file.endsWith('/autocannon/lib/httpClient.js'))).toHaveLength(1);
    const commandLine = /node_modules\/(chalk|cli-table3|progress|timestring|hdr-histogram-js|form-data|semver)\//;
    expect(held.filter((file) => commandLine.test(file) || file.endsWith('/autocannon/autocannon.js'))).toEqual([]);
  });

  it('holds nothing that is for the laptop or for synth', () => {
    const files = new Set(bundles.flatMap(({ inputs }) => Object.keys(inputs)));
    expect(
      [...files].filter((file) => /^(local|infra|cli)\/|node_modules\/(aws-cdk-lib|esbuild)\//.test(file)),
    ).toEqual([]);
  });
});

describe('a bundled gateway', () => {
  it('tells the errors apart that an action meets when it answers', async () => {
    const answers = bundled.createJobAnswers();
    const answer = { kind: 'failed', type: 'JobFailed', message: 'no' } as const;
    for (const name of ['InvalidJobStateException', 'JobNotFoundException']) {
      aws.answer = () => jsonError(name);
      expect(await answers.send('job-1', answer)).toBe('refused');
    }
    aws.answer = () => jsonError('ValidationException');
    expect(await answers.send('job-1', answer)).toEqual({ unacceptable: expect.stringContaining('it is') });
    aws.answer = () => jsonError('InvalidNonceException');
    await expect(answers.send('job-1', answer)).rejects.toMatchObject({ cause: { name: 'InvalidNonceException' } });
    aws.answer = () => json({});
    expect(await answers.send('job-1', answer)).toBe('taken');
    expect(aws.requests.at(-1)).toMatchObject({
      operation: 'CodePipeline_20150709.PutJobFailureResult',
      body: JSON.stringify({ jobId: 'job-1', failureDetails: { type: 'JobFailed', message: 'no' } }),
    });
  });

  it('reads why a transaction was cancelled', async () => {
    const store = bundled.tableStore('table');
    aws.answer = () =>
      jsonError('TransactionCanceledException', {
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
      });
    expect(await store.writeAll([{ put: { pk: 'a', sk: 'b' } }])).toEqual({ written: false });
    aws.answer = () =>
      jsonError('TransactionCanceledException', { CancellationReasons: [{ Code: 'ValidationError' }] });
    await expect(store.writeAll([{ put: { pk: 'a', sk: 'b' } }])).rejects.toThrow(/TransactionCanceledException/);
  });

  it('reads and writes items, and tells a refused condition from a failure', async () => {
    const store = bundled.tableStore('table');
    aws.answer = () => json({ Item: { pk: { S: 'a' }, sk: { S: 'b' }, count: { N: '3' }, tags: { L: [{ S: 'x' }] } } });
    expect(await store.read({ pk: 'a', sk: 'b' })).toEqual({ pk: 'a', sk: 'b', count: 3, tags: ['x'] });
    aws.answer = () => jsonError('ConditionalCheckFailedException');
    expect(await store.write({ put: { pk: 'a', sk: 'b' }, onlyIf: { absent: true } } as never)).toEqual({
      written: false,
    });
    aws.answer = () => jsonError('ResourceNotFoundException');
    await expect(store.read({ pk: 'a', sk: 'b' })).rejects.toThrow(/dynamodb:GetItem .*ResourceNotFoundException/);
  });

  it('tells what CodePipeline refuses', async () => {
    const pipelines = bundled.codePipeline();
    const request = { token: 'r-1' };
    aws.answer = () => jsonError('PipelineNotFoundException');
    await expect(pipelines.start(arn, request)).rejects.toMatchObject({ name: 'PipelineNotFound' });
    aws.answer = () => jsonError('ConcurrentPipelineExecutionsLimitExceededException');
    await expect(pipelines.start(arn, request)).rejects.toMatchObject({ name: 'PipelineBusy' });
    aws.answer = () => jsonError('PipelineExecutionNotFoundException');
    expect(await pipelines.findExecution(arn, 'e-1')).toBeUndefined();
    aws.answer = () => json({ pipelineExecutionId: 'e-1' });
    expect(await pipelines.start(arn, request)).toBe('e-1');
  });

  it('tells a task that is gone, a secret without a previous version, and an execution that is unknown', async () => {
    const workflows = bundled.stepFunctions();
    aws.answer = () => jsonError('TaskTimedOut');
    expect(await workflows.succeed('token', '{}')).toBe('gone');
    aws.answer = () => jsonError('ExecutionDoesNotExist');
    expect(await workflows.statusOf('arn')).toBe('unknown');
    aws.answer = () =>
      aws.requests.at(-1)?.body.includes('AWSPREVIOUS')
        ? jsonError('ResourceNotFoundException')
        : json({ SecretString: 'a' });
    expect(await bundled.secretReader()('arn')).toEqual(['a']);
  });

  it('reads services and publishes events', async () => {
    aws.answer = () => json({ Parameters: [{ Name: '/slipway/services/checkout', Value: JSON.stringify(service) }] });
    expect(await bundled.serviceDirectory('/slipway/services/').list()).toEqual([service]);
    aws.answer = () => json({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'no' }] });
    await expect(bundled.eventBus('bus').publish({ type: 'release.started' } as never)).rejects.toThrow(
      /InternalFailure/,
    );
  });

  it('presigns an upload and finds a version, or none', async () => {
    const sources = bundled.sourceBucket();
    const url = new URL(await sources.presignUpload(service, 60));
    expect(url.pathname).toBe('/sources/checkout.zip');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('content-type;host');
    aws.answer = () => ({ status: 404, body: '' });
    expect(await sources.findVersion(service, 'v1')).toBeUndefined();
    aws.answer = () => ({ status: 200, headers: { 'content-length': '12' }, body: '' });
    expect(await sources.findVersion(service, 'v1')).toEqual({ sizeBytes: 12 });
  });

  it('downloads and uploads artifacts, and names what S3 refuses', async () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an example', sessionToken: 'a session' };
    const storage = bundled.createArtifactStorage({ data: { artifactCredentials: credentials } } as never);
    const location = {
      name: 'Source',
      location: { s3Location: { bucketName: 'artifacts', objectKey: 'a/b.zip' }, type: 'S3' },
    } as never;
    aws.answer = () => ({ status: 200, headers: { 'content-type': 'application/zip' }, body: 'zipped' });
    expect(Buffer.from(await storage.download(location, 100)).toString()).toBe('zipped');
    await storage.upload(location, Buffer.from('zip'));
    expect(aws.requests.at(-1)?.operation).toBe('PUT /artifacts/a/b.zip?x-id=PutObject');
    aws.answer = () => ({
      status: 404,
      headers: { 'content-type': 'application/xml' },
      body: '<Error><Code>NoSuchKey</Code><Message>it is not there</Message></Error>',
    });
    await expect(storage.download(location, 100)).rejects.toMatchObject({
      type: 'RevisionUnavailable',
      cause: { name: 'NoSuchKey', message: 'it is not there' },
    });
  });
});
