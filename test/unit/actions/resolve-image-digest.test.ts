import { afterEach, describe, expect, it } from 'vitest';
import type { ImageGateway } from '../../../shared/actions/gateways/images.ts';
import { readDefinitions } from '../../../shared/actions/resolve-image-digest/definitions.ts';
import { ecrPlaceOf, readReference } from '../../../shared/actions/resolve-image-digest/reference.ts';
import resolve from '../../../shared/actions/resolve-image-digest/run.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';
import { fakeRegistry, manifest, manifestDigest, manifestType } from '../../support/fake-registry.ts';
import { webServer, type WebReply, type WebServer } from '../../support/web-server.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a reference', () => {
  it.each([
    ['nginx', { name: 'nginx', host: 'registry-1.docker.io', repository: 'library/nginx', tag: 'latest' }],
    ['nginx:1.29', { host: 'registry-1.docker.io', repository: 'library/nginx', tag: '1.29' }],
    ['team/web:1', { name: 'team/web', host: 'registry-1.docker.io', repository: 'team/web', tag: '1' }],
    ['docker.io/library/nginx', { host: 'registry-1.docker.io', repository: 'library/nginx' }],
    ['public.ecr.aws/nginx/nginx:stable', { host: 'public.ecr.aws', repository: 'nginx/nginx', tag: 'stable' }],
    ['localhost:5000/a__b/c-d:v1', { host: 'localhost:5000', repository: 'a__b/c-d', tag: 'v1' }],
    [`ghcr.io/a/b@${digest}`, { name: 'ghcr.io/a/b', host: 'ghcr.io', tag: undefined, digest }],
    [`ghcr.io/a/b:1@${digest}`, { repository: 'a/b', tag: '1', digest }],
  ])('%s is read', (text, parts) => {
    expect(readReference(text)).toMatchObject(parts);
  });

  it.each([
    '',
    'UPPER/case',
    'a//b',
    'a:b:c',
    'a@sha256:123',
    'a@md5:00',
    'ho_st.x/a',
    'a/b:-1',
    '../a',
    'a b',
    'x.y/',
  ])('is not read from "%s"', (text) => {
    expect(readReference(text)).toBeUndefined();
  });

  it('is in a private registry of ECR by its host', () => {
    expect(ecrPlaceOf('123456789012.dkr.ecr.eu-central-1.amazonaws.com')).toEqual({
      ...{ account: '123456789012', region: 'eu-central-1' },
    });
    expect(ecrPlaceOf('123456789012.dkr.ecr-fips.us-east-1.amazonaws.com')?.region).toBe('us-east-1');
    expect(ecrPlaceOf('123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn')?.region).toBe('cn-north-1');
    expect(ecrPlaceOf('public.ecr.aws')).toBeUndefined();
    expect(ecrPlaceOf('123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example')).toBeUndefined();
  });
});

it.each([
  ['{}', /no list/],
  ['[{"name":"a"}]', /0\.imageUri/],
  ['no', /not JSON/],
])('refuses %s as image definitions', (text, message) => {
  expect(() => readDefinitions(new Map([['i.json', Buffer.from(text)]]), 'i.json')).toThrow(
    expect.objectContaining({ type: 'ConfigurationError', message: expect.stringMatching(message) }),
  );
});

let server: WebServer | undefined;
afterEach(() => server?.close());

async function registry(answer?: () => WebReply | undefined) {
  const made = await fakeRegistry(answer);
  server = made;
  return made;
}

const images: ImageGateway = { digestOf: async ({ tag }) => `sha256:${(tag ?? 'x').repeat(64).slice(0, 64)}` };
const secrets = { read: async () => 'robot:s3cr3t-of-the-registry' };

async function run(parameters: object, more: object = {}) {
  const bench = actionBench(resolve, { gateways: { images, secrets } });
  const { answers, outputs } = await bench.deliver({ parameters, ...more });
  expect(answers).toHaveLength(1);
  return { answer: answers[0]?.answer, outputs };
}

const text = (file: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(file ?? []).toString());

describe('resolve-image-digest', () => {
  it('asks a registry with a token, and writes what it found', async () => {
    const { host, requests } = await registry();
    const { answer, outputs } = await run({ images: { web: `${host}/team/web:1` } }, { outputs: ['Images'] });
    const imageUri = `${host}/team/web@${manifestDigest}`;
    expect(answer).toMatchObject({ kind: 'succeeded', outputs: { imageUri, digest: manifestDigest, imageCount: '1' } });
    expect(text(outputs.get('Images')?.get('imagedefinitions.json'))).toEqual([{ name: 'web', imageUri }]);
    expect(text(outputs.get('Images')?.get('imageDetail.json'))).toEqual({ ImageURI: imageUri });
    expect(requests.map(({ path }) => path)).toEqual([
      '/v2/team/web/manifests/1',
      '/token?service=fake&scope=repository%3Ateam%2Fweb%3Apull',
      '/v2/team/web/manifests/1',
    ]);
    expect(requests[0]?.headers.accept).toMatch(/image\.index.*manifest\.list/);
  });

  it('gives credentials to the token service alone, and tells nobody', async () => {
    const { host, requests } = await registry();
    const parameters = { images: { web: `${host}/team/web:1` }, registrySecrets: { [host]: 'registry' } };
    const { answer } = await run(parameters);
    const sent = requests.map(({ path, headers }) => [path.split('?')[0], headers.authorization?.split(' ')[0]]);
    expect(sent).toEqual([
      ['/v2/team/web/manifests/1', undefined],
      ['/token', 'Basic'],
      ['/v2/team/web/manifests/1', 'Bearer'],
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/s3cr3t|a-token/);
  });

  it('asks ECR for its images, and takes further ones from a file', async () => {
    const ecr = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web';
    const file = JSON.stringify([{ name: 'side', imageUri: `${ecr}:b` }]);
    const { answer } = await run(
      { images: { web: `${ecr}:a` }, definitionsPath: 'imagedefinitions.json' },
      { inputs: { Source: { 'imagedefinitions.json': file } } },
    );
    expect(answer).toMatchObject({ kind: 'succeeded', outputs: { imageCount: '2' } });
    expect(JSON.stringify(answer)).toContain(`${ecr}@sha256:${'b'.repeat(64)}`);
  });

  it('makes sure that a digest is there', async () => {
    const { host } = await registry();
    const good = await run({ images: { web: `${host}/team/web@${manifestDigest}` }, tags: 'refuse' });
    expect(good.answer).toMatchObject({ kind: 'succeeded', outputs: { digest: manifestDigest } });
    const bad = await run({ images: { web: `${host}/team/web@${digest}` } });
    expect(bad.answer).toMatchObject({ type: 'ConfigurationError', message: expect.stringContaining('no image') });
  });

  it('refuses every tag by name where tags are refused, and asks nobody', async () => {
    const { host, requests } = await registry();
    const { answer } = await run({
      images: { a: `${host}/team/web:1`, b: 'nginx', c: `${host}/team/web@${manifestDigest}` },
      tags: 'refuse',
    });
    expect(answer).toMatchObject({
      type: 'JobFailed',
      message: expect.stringMatching(/a \(.*team\/web:1\), b \(nginx:latest\);/),
    });
    expect(requests).toEqual([]);
  });

  it.each<[string, WebReply, string]>([
    [
      'another manifest than it says',
      { status: 200, headers: { ...manifestType, 'docker-content-digest': digest }, body: manifest },
      'SystemUnavailable',
    ],
    ['a refusal', { status: 403 }, 'PermissionError'],
    ['no such tag', { status: 404 }, 'ConfigurationError'],
    ['a gateway that waits too long', { status: 429, headers: { 'retry-after': '600' } }, 'SystemUnavailable'],
    ['a page', { status: 200, body: '<html>log in</html>' }, 'ConfigurationError'],
    ['a page by its type', { status: 200, headers: { 'content-type': 'text/html' }, body: '' }, 'ConfigurationError'],
    ['nothing', { status: 200, headers: { 'content-type': 'application/json' }, body: '' }, 'SystemUnavailable'],
    ['204', { status: 204, headers: { 'content-type': 'application/json' } }, 'SystemUnavailable'],
    ['a manifest that is still to come', { status: 202, headers: manifestType, body: manifest }, 'SystemUnavailable'],
    ['JSON of another kind', { status: 200, body: { schemaVersion: 2 } }, 'SystemUnavailable'],
    [
      'a manifest of the first schema',
      { status: 200, headers: manifestType, body: { schemaVersion: 1 } },
      'SystemUnavailable',
    ],
    [
      'what is no image',
      { status: 200, headers: manifestType, body: { schemaVersion: 2, mediaType: 'application/vnd.acme.chart+json' } },
      'SystemUnavailable',
    ],
  ])('fails for %s', async (_what, reply, type) => {
    const { host } = await registry(() => reply);
    expect((await run({ images: { web: `${host}/team/web:1` } })).answer).toMatchObject({ kind: 'failed', type });
  });

  it.each([
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.docker.distribution.manifest.v2+json',
  ])('takes a manifest of the type %s, whether it or its header says so', async (mediaType) => {
    const { host } = await registry(() => ({ status: 200, body: { schemaVersion: 2, mediaType } }));
    expect((await run({ images: { web: `${host}/team/web:1` } })).answer).toMatchObject({ kind: 'succeeded' });
    const other = await fakeRegistry(() => ({
      ...{ status: 200, headers: { 'content-type': `${mediaType}; charset=utf-8` }, body: manifest },
    }));
    const { answer } = await run({ images: { web: `${other.host}/team/web:1` } });
    await other.close();
    expect(answer).toMatchObject({ kind: 'succeeded', outputs: { digest: manifestDigest } });
  });

  it('asks no token service without TLS that is not on loopback, and none where the challenge names none', async () => {
    for (const challenge of [
      'Bearer realm="http://token.example/token"',
      'Bearer realm="file:///x"',
      'Basic realm="x"',
    ]) {
      const made = await webServer(() => ({ status: 401, headers: { 'www-authenticate': challenge } }));
      const { answer } = await run({ images: { web: `${new URL(made.url).host}/team/web:1` } });
      await made.close();
      expect(answer).toMatchObject({ type: 'PermissionError', message: expect.stringContaining('registrySecrets') });
    }
  });

  it.each([
    [{}, /^0 images are named/],
    [{ images: { web: 'UPPER' } }, /is no reference/],
    [{ images: { web: 'a' }, definitionsPath: 'i.json' }, /container web is named twice/],
  ])('refuses %j', async (parameters, message) => {
    const inputs = { Source: { 'i.json': '[{"name":"web","imageUri":"b"}]' } };
    expect((await run(parameters, { inputs })).answer).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringMatching(message),
    });
  });
});
