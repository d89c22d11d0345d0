import { afterEach, describe, expect, it } from 'vitest';
import type { WireResponse } from '../../../local/gateway/service.ts';
import { openStorage } from '../../../local/services/s3/storage.ts';
import { websiteRoute } from '../../../local/services/s3/website.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { put, s3Cloud } from './s3-cloud.ts';

let cloud: TestCloud;
afterEach(() => cloud.close());

type Statement = Record<string, unknown>;
const grant: Statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shelf/*' };

async function site(options: { statements?: Statement[]; block?: object } = {}): Promise<void> {
  cloud = await s3Cloud();
  const { statements = [grant], block = {} } = options;
  const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'error.html' } };
  await cloud.call('s3', 'PutBucketWebsite', { Bucket: 'shelf', WebsiteConfiguration });
  await setBlock({});
  if (statements.length > 0) {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    await cloud.call('s3', 'PutBucketPolicy', { Bucket: 'shelf', Policy });
  }
  await setBlock(block);
  await put(cloud, 'index.html', '<h1>home</h1>', { ContentType: 'text/html' });
  await put(cloud, 'docs/index.html', '<h1>docs</h1>', { ContentType: 'text/html' });
}

function setBlock(PublicAccessBlockConfiguration: object): Promise<unknown> {
  return cloud.call('s3', 'PutPublicAccessBlock', { Bucket: 'shelf', PublicAccessBlockConfiguration });
}

async function visit(
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<WireResponse & { text: string }> {
  const route = websiteRoute(openStorage(cloud.context));
  const response = await route.serve({
    method: options.method ?? 'GET',
    path: `/_site/${path}`,
    query: '',
    headers: options.headers ?? {},
    body: new Uint8Array(),
    sourceIp: '127.0.0.1',
  });
  return { ...response, text: Buffer.from(response.body).toString() };
}

describe('a website bucket', () => {
  it.each(['shelf', 'shelf/', 'shelf/index.html'])(
    '[s3.website.index] serves its index document at /_site/%s',
    async (path) => {
      await site();
      const page = await visit(path);
      expect(page).toMatchObject({ status: 200, text: '<h1>home</h1>' });
      expect(page.headers['content-type']).toBe('text/html');
    },
  );

  it('[s3.website.index] sends a reader of a folder to its path with a slash, and serves its index there', async () => {
    await site();
    expect(await visit('shelf/docs')).toMatchObject({ status: 302, headers: { location: '/_site/shelf/docs/' } });
    expect((await visit('shelf/docs/')).text).toBe('<h1>docs</h1>');
  });

  it('[s3.website.error] answers 404 with its error document, or with a page of its own', async () => {
    await site();
    const plain = await visit('shelf/none%3Cscript%3E');
    expect(plain.status).toBe(404);
    expect(plain.text).toContain('NoSuchKey');
    expect(plain.text).toContain('none&lt;script&gt;');
    await put(cloud, 'error.html', 'lost?', { ContentType: 'text/html' });
    expect(await visit('shelf/none')).toMatchObject({ status: 404, text: 'lost?' });
  });

  it('answers 304 to a reader whose copy is current, ranges, and HEAD without a body', async () => {
    await site();
    const { headers } = await visit('shelf/');
    expect(await visit('shelf/', { headers: { 'if-none-match': String(headers['etag']) } })).toMatchObject({
      status: 304,
      text: '',
    });
    expect(await visit('shelf/', { headers: { range: 'bytes=0-3' } })).toMatchObject({ status: 206, text: '<h1>' });
    expect(await visit('shelf/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(await visit('shelf/', { method: 'POST' })).toMatchObject({ status: 405 });
  });

  it.each<[string, Statement[]]>([
    ['has no policy', []],
    ['grants to an account only', [{ ...grant, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }]],
    ['grants to a service', [{ ...grant, Principal: { Service: '*' } }]],
    ['grants under a condition', [{ ...grant, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }]],
    ['grants another action', [{ ...grant, Action: 's3:PutObject' }]],
    ['grants other keys', [{ ...grant, Resource: 'arn:aws:s3:::shelf/public/*' }]],
    ['grants the bucket, not its keys', [{ ...grant, Resource: 'arn:aws:s3:::shelf' }]],
    ['grants all but reading', [{ ...grant, Action: undefined, NotAction: 's3:Get*' }]],
    ['denies what it grants', [grant, { ...grant, Effect: 'Deny', Resource: 'arn:aws:s3:::shelf/index.*' }]],
    [
      'denies all but someone',
      [grant, { ...grant, Principal: undefined, NotPrincipal: { AWS: '123456789012' }, Effect: 'Deny' }],
    ],
    [
      'denies under a condition',
      [grant, { ...grant, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ],
  ])('[s3.website.public] answers 403 when its policy %s', async (_, statements) => {
    await site({ statements });
    const page = await visit('shelf/');
    expect(page.status).toBe(403);
    expect(page.text).toContain('AccessDenied');
    expect(page.text).not.toContain('home');
  });

  it.each<[string, Statement]>([
    ['{"AWS":"*"}', { ...grant, Principal: { AWS: '*' } }],
    ['a list with *', { ...grant, Principal: { AWS: ['*', '123456789012'] } }],
    ['s3:*', { ...grant, Action: ['s3:*'] }],
    ['s3:get?bject', { ...grant, Action: 's3:get?bject' }],
    ['the key itself', { ...grant, Resource: ['arn:aws:s3:::shelf/index.html'] }],
  ])('serves when its policy grants by %s', async (_, statement) => {
    await site({ statements: [statement] });
    expect((await visit('shelf/')).status).toBe(200);
  });

  it('[s3.website.public] answers 403 while RestrictPublicBuckets is on, and takes no public policy while BlockPublicPolicy is', async () => {
    await site({ block: { RestrictPublicBuckets: true } });
    expect((await visit('shelf/')).status).toBe(403);
    await setBlock({ BlockPublicPolicy: true });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [grant] });
    await expect(cloud.call('s3', 'PutBucketPolicy', { Bucket: 'shelf', Policy })).rejects.toMatchObject({
      code: 'AccessDenied',
      httpStatus: 403,
    });
  });

  it('answers 404 for a bucket that is none, or no website', async () => {
    await site();
    expect((await visit('nowhere/')).text).toContain('NoSuchBucket');
    await cloud.call('s3', 'DeleteBucketWebsite', { Bucket: 'shelf' });
    const page = await visit('shelf/');
    expect(page.status).toBe(404);
    expect(page.text).toContain('NoSuchWebsiteConfiguration');
    expect((await visit('%E0%A4%A')).status).toBe(404);
  });

  it('[s3.website.redirect] redirects everything, or one page, where it is told to', async () => {
    await site();
    await put(cloud, 'old', '', { WebsiteRedirectLocation: '/docs/' });
    expect(await visit('shelf/old')).toMatchObject({ status: 301, headers: { location: '/_site/shelf/docs/' } });
    const WebsiteConfiguration = { RedirectAllRequestsTo: { HostName: 'example.com', Protocol: 'https' } };
    await cloud.call('s3', 'PutBucketWebsite', { Bucket: 'shelf', WebsiteConfiguration });
    expect(await visit('shelf/a%20b')).toMatchObject({
      status: 301,
      headers: { location: 'https://example.com/a%20b' },
    });
  });
});

describe('a bucket policy', () => {
  it.each([
    ['{', 'JSON'],
    ['{"Statement":[]}', 'Statement'],
    [JSON.stringify({ Statement: { ...grant, Effect: 'Maybe' } }), 'effect'],
    [JSON.stringify({ Statement: { ...grant, Resource: 'arn:aws:s3:::other/*' } }), 'resource'],
    [JSON.stringify({ Statement: { ...grant, Resource: 'arn:aws:s3:::shelf-2/*' } }), 'resource'],
    [JSON.stringify({ Statement: { ...grant, Action: 'sqs:SendMessage' } }), 'action'],
    [JSON.stringify({ Statement: { ...grant, Principal: undefined } }), 'Principal'],
    [JSON.stringify({ Statement: { ...grant, Principle: '*' } }), 'Principle'],
  ])('is refused as malformed: %s', async (Policy, reason) => {
    await site();
    const refused = expect(cloud.call('s3', 'PutBucketPolicy', { Bucket: 'shelf', Policy })).rejects;
    await refused.toMatchObject({ code: 'MalformedPolicy', message: expect.stringContaining(reason) });
  });

  it('comes back as it was put, and is gone when deleted', async () => {
    await site();
    const { Policy } = await cloud.call<{ Policy: string }>('s3', 'GetBucketPolicy', { Bucket: 'shelf' });
    expect(JSON.parse(Policy)).toEqual({ Version: '2012-10-17', Statement: [grant] });
    await cloud.call('s3', 'DeleteBucketPolicy', { Bucket: 'shelf' });
    await expect(cloud.call('s3', 'GetBucketPolicy', { Bucket: 'shelf' })).rejects.toMatchObject({
      code: 'NoSuchBucketPolicy',
      httpStatus: 404,
    });
  });
});
