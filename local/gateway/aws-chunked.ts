import { AwsError } from '../errors.ts';
import type { WireRequest } from './service.ts';

/**
 * Undoes `aws-chunked`: the body becomes the content, trailers become headers. Chunk signatures are not computed again.
 * @throws AwsError IncompleteBody if the chunks do not add up
 */
export function withoutChunks(request: WireRequest): WireRequest {
  if (!isChunked(request)) return request;
  const { content, trailers } = decode(Buffer.from(request.body));
  const declared = request.headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== content.length) throw incomplete();
  const headers: Record<string, string> = { ...request.headers, ...trailers, 'content-length': String(content.length) };
  const encodings = (headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const left = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  delete headers['content-encoding'];
  if (left.length > 0) headers['content-encoding'] = left.join(',');
  return { ...request, headers, body: content };
}

function isChunked({ headers }: WireRequest): boolean {
  return (
    (headers['content-encoding'] ?? '').split(',').some((encoding) => encoding.trim() === 'aws-chunked') ||
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')
  );
}

function decode(body: Buffer): { content: Uint8Array; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const line = readLine(body, position);
    const sizeBytes = parseSize(line.text);
    position = line.next;
    if (sizeBytes === 0) break;
    if (position + sizeBytes + 2 > body.length) throw incomplete();
    parts.push(body.subarray(position, position + sizeBytes));
    position += sizeBytes + 2;
  }
  return { content: new Uint8Array(Buffer.concat(parts)), trailers: readTrailers(body.subarray(position).toString()) };
}

function readLine(body: Buffer, from: number): { text: string; next: number } {
  const end = body.indexOf('\r\n', from);
  if (end < 0) throw incomplete();
  return { text: body.subarray(from, end).toString(), next: end + 2 };
}

function parseSize(line: string): number {
  const size = /^([0-9a-fA-F]{1,8})(;|$)/.exec(line)?.[1];
  if (size === undefined) throw incomplete();
  return Number.parseInt(size, 16);
}

function readTrailers(text: string): Record<string, string> {
  const trailers = text.split('\r\n').flatMap((line) => {
    const match = /^(x-amz-checksum-[a-z0-9-]+)\s*:\s*(\S+)\s*$/i.exec(line);
    return match ? [[(match[1] ?? '').toLowerCase(), match[2] ?? '']] : [];
  });
  return Object.fromEntries(trailers) as Record<string, string>;
}

function incomplete(): AwsError {
  return new AwsError(
    'IncompleteBody',
    'The request body terminated unexpectedly: its aws-chunked parts do not add up',
  );
}
