import type { IncomingMessage } from 'node:http';

/** The body of a request; undefined if it is larger than `maxBytes` (the rest is not kept). */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve(drain(request));
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    // Events, not iteration: an iterator costs a small request as much as its parsing.
    const take = (part: Buffer): void => {
      sizeBytes += part.length;
      if (sizeBytes <= maxBytes) return void parts.push(part);
      request.off('data', take);
      resolve(drain(request));
    };
    request
      .on('data', take)
      .once('end', () => resolve(joined(parts, sizeBytes)))
      .once('error', reject);
  });
}

/** One part, as most requests have, is not copied. */
function joined(parts: readonly Buffer[], sizeBytes: number): Uint8Array {
  const [only] = parts;
  const bytes = parts.length === 1 && only ? only : Buffer.concat(parts, sizeBytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Lets the rest go by, so that the client reads the answer instead of a broken pipe. */
function drain(request: IncomingMessage): undefined {
  request.resume();
  return undefined;
}
