import { gunzipSync } from 'node:zlib';
import { AwsError } from '../errors.ts';
import type { WireRequest } from './service.ts';

const maxBytes = 70 * 1024 * 1024;

/**
 * The request with its body as it was before the client compressed it: SDKs do so with large bodies of some operations
 * (PutMetricData from 10 KiB on), and sign what they send.
 * @throws AwsError if the body is not what its header says
 */
export function uncompressed(request: WireRequest): WireRequest {
  if (request.headers['content-encoding'] !== 'gzip') return request;
  try {
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: maxBytes }) };
  } catch {
    throw new AwsError('SerializationException', 'the body is not gzip, or larger than 70 MiB');
  }
}
