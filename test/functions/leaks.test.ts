import { mkdtempSync, rmSync } from 'node:fs';
import { request as requestHttp, type ClientRequest, type RequestOptions } from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Context } from 'aws-lambda';
import { zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { actionBundle, bundleEntries, functionEntries } from '../../infra/bundle.ts';
import { actions } from '../../shared/actions/registry.ts';
import { testJobEvent } from '../../shared/actions/testing/testing.ts';
import { actionSamples } from '../support/action-samples.ts';
import { webServer, type WebServer } from '../support/web-server.ts';
import { fakeAws, json, jsonError, type AwsAnswer } from './fake-aws.ts';

// Every action's bundle is run with a job whose credentials are marked, where services and sites refuse what they are asked
// and quote what they were sent. No mark may stand in what is logged, thrown (Lambda logs it), or sent to AWS in a body: the
// table, events, and answers to CodePipeline.

const marks = {
  accessKeyId: 'ASIAMARKEDACCESSKEY1',
  secretAccessKey: 'marked/secret+access/key',
  sessionToken: 'marked-session-token==',
};
const secretMark = 'marked-value-of-a-secret';

type Handler = (event: unknown, context: Context) => Promise<unknown>;

let folder: string;
let aws: Awaited<ReturnType<typeof fakeAws>>;
let site: WebServer;
const written: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-leaks-'));
  aws = await fakeAws();
  // Refuses, and quotes all that it was sent.
  site = await webServer(({ path, headers, text }) => ({
    ...{ status: 400, headers: { 'x-sent': secretMark } },
    body: `refused: ${path} ${JSON.stringify([headers, text])}`,
  }));
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'an example',
    SLIPWAY_TABLE: 'table',
    SLIPWAY_BUS: 'bus',
    SLIPWAY_JOB_MACHINE_ARN: 'arn:machine',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const bundles = new Set(actions.map(({ id }) => actionBundle(id)));
  await bundleEntries(
    functionEntries().filter(({ bundle }) => bundles.has(bundle)),
    folder,
  );
});
afterAll(async () => {
  await Promise.all([aws.close(), site.close()]);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  vi.spyOn(https, 'request').mockImplementation(toSite);
});
afterEach(() => {
  vi.restoreAllMocks();
  written.length = 0;
  aws.requests.length = 0;
  site.requests.length = 0;
});

/** Every site of the web is the one on loopback. */
function toSite(url: string | URL | RequestOptions, options: unknown): ClientRequest {
  if (!(url instanceof URL)) throw new Error('requests are made with a URL and options');
  const { agent: _agent, ...rest } = options as RequestOptions; // what `request` takes beside a URL
  return requestHttp(new URL(`${url.pathname}${url.search}`, site.url), rest);
}

/** S3 quotes the credentials that it refuses (API reference, "List of error codes", InvalidAccessKeyId and ExpiredToken). */
const refusedByS3: AwsAnswer = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: `<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist in our records.</Message><AWSAccessKeyId>${marks.accessKeyId}</AWSAccessKeyId><Token-0>${marks.sessionToken}</Token-0></Error>`,
};

const artifact: AwsAnswer = {
  status: 200,
  headers: { 'content-type': 'application/zip' },
  body: zipSync({ 'app.apk': Buffer.from('app'), 'template.json': Buffer.from('{}') }),
};

/** What is done with the calls that an action makes. */
const worlds: Readonly<Record<string, (operation: string) => AwsAnswer>> = {
  'services that do nothing wrong, and sites that refuse': (operation) => {
    if (operation.startsWith('GET /')) return artifact;
    return operation.endsWith('GetSecretValue') ? json({ SecretString: secretMark }) : json({});
  },
  'storage that quotes the credentials it refuses': (operation) =>
    /^(GET|PUT|HEAD) \//.test(operation) ? refusedByS3 : json({ SecretString: secretMark }),
  'services that refuse everything but the table': (operation) =>
    operation.startsWith('DynamoDB') || operation.includes('PutJob') ? json({}) : jsonError('AccessDeniedException'),
  'a CodePipeline that takes no answer': (operation) =>
    operation.includes('PutJob') ? jsonError('UnrecognizedClientException') : json({ SecretString: secretMark }),
  'a table that refuses': () => jsonError('AccessDeniedException'),
};

const runs = actions.flatMap(({ id }) =>
  [actionSamples[id] ?? {}, { unknown: 'parameter' }]
    .flat()
    .flatMap((parameters, index) =>
      Object.keys(worlds).map((world): [string, number, string, object] => [id, index, world, parameters]),
    ),
);

describe('the credentials of a job and the secrets of an action stand nowhere', () => {
  it.each(runs)('after %s with its parameters %i in a world of %s', async (id, _index, world, parameters) => {
    const answer = worlds[world];
    aws.answer = () => answer?.(aws.requests.at(-1)?.operation ?? '') ?? json({});
    const thrown = await handler(id)(markedEvent(id, parameters), context).catch((error: unknown) => error);
    expect(aws.requests.length, 'at least the claim was asked for').toBeGreaterThan(0);
    expect(marksIn([...written, ...aws.requests.map(({ body }) => body), inspect(thrown, { depth: 20 })])).toEqual([]);
  });

  it.each(actions.map(({ id }) => id))('after %s got an event of another shape', async (id) => {
    const event = markedEvent(id, {});
    const misshapen = { 'CodePipeline.job': { ...event['CodePipeline.job'], id: 42 } };
    const thrown = await handler(id)(misshapen, context).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(marksIn([...written, inspect(thrown, { depth: 20 })])).toEqual([]);
  });

  it.each(actions.map(({ id }) => id))('after %s got a job of another shape, which fails at once', async (id) => {
    aws.answer = () => json({});
    const job = markedEvent(id, {})['CodePipeline.job'] as { readonly data: object }; // as it was made below
    await handler(id)({ 'CodePipeline.job': { ...job, data: { ...job.data, inputArtifacts: secretMark } } }, context);
    const results = aws.requests.filter(({ operation }) => operation.endsWith('.PutJobFailureResult'));
    expect(results.map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        jobId: 'job-1',
        failureDetails: { type: 'ConfigurationError', message: expect.stringContaining('data.inputArtifacts') },
      },
    ]);
    expect(marksIn([...written, ...aws.requests.map(({ body }) => body)])).toEqual([]);
  });

  it('is what these tests would see', () => {
    expect(marksIn([`a log of ${marks.sessionToken}`])).toHaveLength(1);
    expect(marksIn([Buffer.from(secretMark).toString('base64')])).toHaveLength(1);
  });
});

function handler(id: string): Handler {
  const loaded = createRequire(import.meta.url)(join(folder, actionBundle(id), 'index.js')) as { handler: Handler };
  return loaded.handler;
}

function markedEvent(id: string, parameters: object): { readonly 'CodePipeline.job': object } {
  const { inputArtifacts, outputArtifacts } = actions.find((action) => action.id === id) ?? { ...none, ...none };
  const event = testJobEvent({
    id: 'job-1',
    parameters,
    context: { pipelineExecutionId: 'execution-1', pipeline: 'shop', stage: 'Act', action: 'Marked' },
    inputs: inputArtifacts.max > 0 ? { Source: {} } : {},
    outputs: outputArtifacts.max > 0 ? ['Made'] : [],
  });
  const job = event['CodePipeline.job'];
  return { 'CodePipeline.job': { ...job, data: { ...job.data, artifactCredentials: marks } } };
}
const none = { inputArtifacts: { min: 0, max: 0 }, outputArtifacts: { min: 0, max: 0 } };

/** So little time that nothing is tried again. */
const context = {
  awsRequestId: 'request-1',
  functionName: 'action',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:action',
  getRemainingTimeInMillis: () => 2_700,
} as Context; // what the handlers read of it

function marksIn(texts: readonly string[]): string[] {
  const forms = [...Object.values(marks), secretMark].flatMap((mark) => [
    mark,
    Buffer.from(mark).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(mark),
  ]);
  return texts.filter((text) => forms.some((form) => text.includes(form)));
}
