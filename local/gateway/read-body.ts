import type { IncomingMessage } from 'node:http';

/** The body of a request; undefined if it is larger than `maxBytes` (the rest is not kept). */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return drain(request);
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  // Without an encoding, a request's chunks are buffers.
  for await (const part of request as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) return drain(request);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts, sizeBytes));
}

/** Lets the rest go by, so that the client reads the answer instead of a broken pipe. */
function drain(request: IncomingMessage): undefined {
  request.resume();
  return undefined;
}
