import { gzipSync } from 'node:zlib';
import type { Random } from '../random.ts';
import type { Recorded } from '../record.ts';
import type { Draft, Mutation } from './mutation.ts';
import { oddTexts } from './odd-values.ts';

const contentTypes = [
  ...['', 'text/plain', 'application/json', 'application/xml', 'application/cbor', 'application/x-amz-json-1.0'],
  ...['application/x-amz-json-1.1', 'application/x-amz-json-9.9', 'application/x-www-form-urlencoded; charset=utf-7'],
  ...['multipart/form-data', 'a'.repeat(2_000)],
];
const targets = [
  '',
  '.',
  'x',
  'A.B.C',
  'DynamoDB_20120810.',
  'DynamoDB_20120810.__proto__',
  'a.constructor',
  'a.PutItem',
];
const names = [
  ...['content-encoding', 'content-md5', 'expect', 'range', 'if-match', 'if-none-match', 'if-modified-since', 'te'],
  ...['x-amz-decoded-content-length', 'x-amz-trailer', 'x-amz-checksum-crc32', 'x-amz-checksum-xxhash128', 'cookie'],
  ...['x-amz-sdk-checksum-algorithm', 'x-amz-tagging', 'x-amz-copy-source', 'x-amz-copy-source-range', 'x-amz-acl'],
  ...['x-amz-server-side-encryption', 'x-amz-meta-a', 'x-amz-invocation-type', 'x-amz-client-context', 'content-type'],
  ...[
    'x-amz-log-type',
    'x-amzn-query-mode',
    'x-amz-mfa',
    'accept',
    'x-http-method-override',
    'x-amz-write-offset-bytes',
  ],
];

/** Headers that lie, repeat, are missing or belong to another protocol; encodings that are none. */
export const headers: Mutation = {
  layer: 'headers',
  mutate: (request, random) => random.pick(changes)(request, random),
};

const changes: readonly ((request: Recorded, random: Random) => Draft)[] = [
  (request, random) => withHeader(request, 'content-type', random.pick(contentTypes)),
  (request, random) => withHeader(request, 'x-amz-target', random.pick(targets)),
  (request, random) => withHeader(request, random.pick(names), latin(random.pick(oddTexts))),
  (request, random) =>
    withHeader(request, random.pick(names), random.pick(['bytes=9-1', 'bytes=-5', '*', 'gzip', '1'])),
  (request, random) => {
    const name = random.pick([...Object.keys(request.headers), 'content-type']);
    return { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([key]) => key !== name)) };
  },
  (request, random) => ({
    ...withHeader(request, 'content-encoding', 'gzip'),
    body: random.happens(0.5) ? gzipSync(request.body) : request.body,
  }),
  (request, random) => chunked(request, random),
  (request) => withHeader(request, 'x-long', 'h'.repeat(66_000)),
  (request) => ({ ...request, framing: 'chunked' }),
  (request) => ({ ...request, framing: 'length-is-no-number' }),
];

function withHeader(request: Recorded, name: string, value: string): Draft {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

/** The body as S3's chunks with a trailer, whose numbers may be off. */
function chunked(request: Recorded, random: Random): Draft {
  const size = random.happens(0.5) ? request.body.length : random.pick([0, 1, 0xffff_ffff, request.body.length + 1]);
  const ends = [
    '0\r\n\r\n',
    '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
    '0',
    '',
    'zz\r\n',
    '0;chunk-signature=x\r\n\r\n',
  ];
  const length = random.happens(0.7) ? request.body.length : random.below(10);
  const body = Buffer.concat([
    Buffer.from(`${size.toString(16)}${random.happens(0.3) ? ';chunk-signature=ab' : ''}\r\n`),
    request.body,
    Buffer.from(`\r\n${random.pick(ends)}`),
  ]);
  const more = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(length) };
  const hash = random.pick([
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'UNSIGNED-PAYLOAD',
  ]);
  return { ...request, body, headers: { ...request.headers, ...more, 'x-amz-content-sha256': hash } };
}

/** A header carries Latin-1 without line ends: others would be another request. */
function latin(text: string): string {
  return text.replace(/[^\x20-\xff]/g, '?');
}
